"""The options of `manage.py user`, `manage.py token` and `manage.py sign-in`."""

from __future__ import annotations

import argparse


def of_user(command: argparse.ArgumentParser) -> None:
    """manage.py user …"""
    acts = command.add_subparsers(dest="what", required=True)
    opened = acts.add_parser("add", help="open an account; prints the link by which its owner sets a password")
    opened.add_argument("name")
    opened.add_argument("--shown", metavar="姓名", help="the name colleagues read")
    opened.add_argument("--home", metavar="CODE", help="region the account belongs to; that of the role if missing")
    opened.add_argument("--role", metavar="ROLE", help="a key of roles.yaml")
    _place_options(opened)
    for what, told in _USER_ACTS.items():
        acts.add_parser(what, help=told).add_argument("name")
    for what, told in (("grant", "give a role"), ("revoke", "take a role away")):
        asked = acts.add_parser(what, help=told)
        asked.add_argument("name")
        asked.add_argument("role", metavar="ROLE", help="a key of roles.yaml")
        _place_options(asked)
    for what, told in (("link", "let a name of the unified sign-in open the account"), ("unlink", "take it off again")):
        asked = acts.add_parser(what, help=told)
        asked.add_argument("name")
        asked.add_argument("subject", help="the person's identifier there (sub)")
        asked.add_argument("--issuer", metavar="WHERE", help="the configured provider if missing; or gateway")
    acts.add_parser("list", help="every account with its roles and outside names")


_USER_ACTS = {
    "passwd": "print a link by which the owner sets a new password; the present one stops working",
    "disable": "close an account; its sessions end at once",
    "enable": "open a closed account again",
    "unlock": "forget its failed sign-ins",
    "reset-second-factor": "take the second factor away, for a lost telephone",
}


def of_token(command: argparse.ArgumentParser) -> None:
    """manage.py token …"""
    acts = command.add_subparsers(dest="what", required=True)
    asked = acts.add_parser("add", help="make a token; it is shown this once")
    asked.add_argument("name", help="whom or where it is for")
    asked.add_argument("--screen", action="store_true", help="for a wall: read-only, nobody signs in there")
    asked.add_argument("--region", action="append", metavar="CODE", help="may be repeated; the city if missing")
    asked.add_argument("--right", action="append", metavar="RIGHT", help="may be repeated; all of its role if missing")
    asked.add_argument("--days", type=int, metavar="N", help="90 for programs, 365 for screens if missing")
    acts.add_parser("revoke", help="take a token back").add_argument("number", type=int)
    acts.add_parser("list", help="every token without its secret")


def of_sign_in(command: argparse.ArgumentParser) -> None:
    """manage.py sign-in …"""
    command.add_argument("role", nargs="?", metavar="ROLE", help="a key of roles.yaml; all roles if missing")
    _place_options(command)


def _place_options(asked: argparse.ArgumentParser) -> None:
    asked.add_argument("--region", metavar="CODE", help="where the role is held")
    asked.add_argument("--department", metavar="KEY", help="a key of departments.yaml, for roles that have one")
