"""What `manage.py user`, `manage.py token` and `manage.py sign-in` do: accounts and tokens, at the machine itself."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, Engine

from access import accounts, identities, tokens, trial
from access.account import Account, account_named
from access.accounts import AccountRefused, NewAccount, Place
from access.actor import LOOPBACK, Denied
from access.lockout import locked_accounts
from access.names import folded
from access.rules import Rules
from access.secret_token import SecretToken
from access.token import TokenKind
from components.times import day
from database.engine import reading, writing
from settings import Settings

REFUSALS = (ValueError, Denied)
"""What the domain says when it will not: sentences for the one at the machine."""


@dataclass(frozen=True)
class Desk:
    """What every command works with."""

    settings: Settings
    engine: Engine
    rules: Rules

    def account(self, connection: Connection, name: str) -> Account:
        """The account of that name, however it is typed."""
        found = account_named(connection, folded(name))
        if found is None:
            raise AccountRefused(f"没有账号“{name}”，用 manage.py user list 查看全部")
        return found

    def link(self, token: SecretToken) -> str:
        """Where the holder of a one-time sign-in goes."""
        return f"{self.settings.public_url}/sign-in/once/{token.text}"


def user_add(desk: Desk, wish: argparse.Namespace) -> None:
    """Open an account and print the link by which its owner sets a password."""
    place = _place(desk, wish) if wish.role else None
    home = wish.home or (place.region if place else desk.rules.territory.city)
    new = NewAccount(wish.name, wish.shown or wish.name, home, wish.department or "")
    with writing(desk.engine) as connection:
        number = accounts.add(connection, desk.rules, new, by=LOOPBACK, now=desk.settings.now())
        if place:
            accounts.grant(connection, desk.rules, number, place, by=LOOPBACK, now=desk.settings.now())
        token = accounts.invite(connection, desk.rules, number, by=LOOPBACK, now=desk.settings.now())
    print(f"已开户 {folded(wish.name)}。请本人在三天内打开下面的链接设置口令（只能用一次）：\n{desk.link(token)}")


def user_passwd(desk: Desk, wish: argparse.Namespace) -> None:
    """Print a link by which the owner sets a new password; the present one stops working."""
    with writing(desk.engine) as connection:
        account = desk.account(connection, wish.name)
        token = accounts.invite(connection, desk.rules, account.id, by=LOOPBACK, now=desk.settings.now())
    print(f"原口令已作废。请本人在三天内打开下面的链接设置新口令（只能用一次）：\n{desk.link(token)}")


def user_disable(desk: Desk, wish: argparse.Namespace) -> None:
    """Close an account; its sessions end at once."""
    with writing(desk.engine) as connection:
        account = desk.account(connection, wish.name)
        ended = accounts.disable(connection, desk.rules, account.id, by=LOOPBACK, now=desk.settings.now())
    print(f"已停用 {account.name}，结束会话 {ended} 个")


def user_enable(desk: Desk, wish: argparse.Namespace) -> None:
    """Open a closed account again."""
    with writing(desk.engine) as connection:
        account = desk.account(connection, wish.name)
        accounts.enable(connection, desk.rules, account.id, by=LOOPBACK, now=desk.settings.now())
    print(f"已启用 {account.name}")


def user_unlock(desk: Desk, wish: argparse.Namespace) -> None:
    """Forget the failed sign-ins of an account."""
    with writing(desk.engine) as connection:
        account = desk.account(connection, wish.name)
        accounts.unlock(connection, desk.rules, account.id, by=LOOPBACK, now=desk.settings.now())
    print(f"已解除锁定 {account.name}")


def user_factor(desk: Desk, wish: argparse.Namespace) -> None:
    """Take the second factor of an account away, for a lost telephone."""
    with writing(desk.engine) as connection:
        account = desk.account(connection, wish.name)
        accounts.reset_second_factor(connection, desk.rules, account.id, by=LOOPBACK, now=desk.settings.now())
    print(f"已取消 {account.name} 的动态验证码，下次登录时重新设置")


def user_grant(desk: Desk, wish: argparse.Namespace) -> None:
    """Give an account a role."""
    with writing(desk.engine) as connection:
        account = desk.account(connection, wish.name)
        accounts.grant(connection, desk.rules, account.id, _place(desk, wish), by=LOOPBACK, now=desk.settings.now())
    print(f"已授予 {account.name} {desk.rules.roles.roles[wish.role].name}")


def user_revoke(desk: Desk, wish: argparse.Namespace) -> None:
    """Take a role away from an account."""
    with writing(desk.engine) as connection:
        account = desk.account(connection, wish.name)
        accounts.revoke(connection, desk.rules, account.id, _place(desk, wish), by=LOOPBACK, now=desk.settings.now())
    print(f"已收回 {account.name} 的 {desk.rules.roles.roles[wish.role].name}")


def user_link(desk: Desk, wish: argparse.Namespace) -> None:
    """Let a name of an outside sign-in open an account."""
    with writing(desk.engine) as connection:
        account, issuer = desk.account(connection, wish.name), _issuer(desk, wish.issuer)
        identities.link(connection, desk.rules, account.id, issuer, wish.subject, by=LOOPBACK, now=desk.settings.now())
    print(f"已关联：{issuer} 的 {wish.subject} 登录后使用账号 {account.name}")


def user_unlink(desk: Desk, wish: argparse.Namespace) -> None:
    """Take a name of an outside sign-in off an account."""
    with writing(desk.engine) as connection:
        account, issuer = desk.account(connection, wish.name), _issuer(desk, wish.issuer)
        ended = identities.unlink(
            connection, desk.rules, account.id, issuer, wish.subject, by=LOOPBACK, now=desk.settings.now()
        )
    print(f"已解除 {account.name} 与 {wish.subject} 的关联，结束会话 {ended} 个")


def user_list(desk: Desk, wish: argparse.Namespace) -> None:
    """Every account with its roles."""
    locked = locked_accounts(desk.engine, desk.settings.now())
    with reading(desk.engine) as connection:
        found = accounts.listed(connection, LOOPBACK)
        outside = identities.linked(connection, [account.id for account in found])
    for account in found:
        state = "停用" if not account.is_open else "锁定" if account.name in locked else "正常"
        last = day(account.signed_in_at) if account.signed_in_at else "从未登录"
        names = "、".join(one.subject for one in outside.get(account.id, ()))
        print(f"{account.name}\t{account.shown}\t{state}\t{last}\t{_roles(desk, account)}\t{names}".rstrip())
    print(f"共 {len(found)} 个账号")


def token_add(desk: Desk, wish: argparse.Namespace) -> None:
    """Make a token for a program, or with --screen for a wall, and show it this once."""
    kind: TokenKind = "screen" if wish.screen else "api"
    lasts = timedelta(days=wish.days or (365 if wish.screen else 90))
    regions = tuple(wish.region or [desk.rules.territory.city])
    new = tokens.NewToken(kind, wish.name, regions, lasts, frozenset(wish.right or ()))
    with writing(desk.engine) as connection:
        number, token = tokens.issue(connection, desk.rules, new, by=LOOPBACK, now=desk.settings.now())
    print(f"令牌 {number} 号，有效 {lasts.days} 天，只显示这一次：")
    print(f"{desk.settings.public_url}/sign-in/screen#{token.text}" if wish.screen else token.text)


def token_revoke(desk: Desk, wish: argparse.Namespace) -> None:
    """Take a token back."""
    with writing(desk.engine) as connection:
        token = tokens.revoke(connection, desk.rules, wish.number, by=LOOPBACK, now=desk.settings.now())
    print(f"已收回令牌 {token.id} 号（{token.name}）")


def token_list(desk: Desk, wish: argparse.Namespace) -> None:
    """Every token, newest first, without its secret."""
    now = desk.settings.now()
    with reading(desk.engine) as connection:
        found = tokens.listed(connection, desk.rules, ("api", "screen"), by=LOOPBACK)
    for token in found:
        state = "已收回" if not token.is_valid else "已过期" if token.expires_at <= now else "有效"
        kind = "大屏" if token.kind == "screen" else "接口"
        print(f"{token.id}\t{kind}\t{token.name}\t…{token.tail}\t{state}\t{' '.join(token.regions)}")
    print(f"共 {len(found)} 个令牌")


def sign_in(desk: Desk, wish: argparse.Namespace) -> None:
    """Print a one-time link per role, or for one; for a look around at this machine."""
    if not wish.role:
        _tell_counties(desk)
    wanted = [wish.role] if wish.role else [role.key for role in desk.rules.roles.of_kind("person")]
    for role in wanted:
        place = _place(desk, argparse.Namespace(role=role, region=wish.region, department=wish.department))
        with writing(desk.engine) as connection:
            token = trial.link(connection, desk.rules, place, now=desk.settings.now())
        name, where = desk.rules.roles.roles[role].name, desk.rules.territory.names[place.region]
        print(f"{name}（{where}）\t{desk.link(token)}", flush=True)


def _tell_counties(desk: Desk) -> None:
    territory = desk.rules.territory
    for code in (code for code, kind in territory.kinds.items() if kind == "county"):
        print(f"县区页      {desk.settings.public_url}/county/{code}  {territory.names[code]}")


USER: Mapping[str, Callable[[Desk, argparse.Namespace], None]] = {
    "add": user_add,
    "passwd": user_passwd,
    "disable": user_disable,
    "enable": user_enable,
    "unlock": user_unlock,
    "reset-second-factor": user_factor,
    "grant": user_grant,
    "revoke": user_revoke,
    "link": user_link,
    "unlink": user_unlink,
    "list": user_list,
}
TOKEN: Mapping[str, Callable[[Desk, argparse.Namespace], None]] = {
    "add": token_add,
    "revoke": token_revoke,
    "list": token_list,
}


def _place(desk: Desk, wish: argparse.Namespace) -> Place:
    """Role, region and department as written, the usual place where none is named. AccountRefused."""
    role = desk.rules.roles.roles.get(wish.role or "")
    if role is None or role.kind != "person":
        known = "、".join(role.key for role in desk.rules.roles.of_kind("person"))
        raise AccountRefused(f"没有角色“{wish.role or ''}”，应为 {known} 之一")
    department = wish.department or next(iter(desk.rules.territory.departments), "")
    usual = trial.usual_place(desk.rules, role.key, department)
    return Place(role.key, wish.region or usual.region, usual.department)


def _issuer(desk: Desk, given: str | None) -> str:
    """Whose name it is: as written, else of the provider in the settings. AccountRefused without one."""
    provider = desk.settings.people.provider
    found = given or (provider.issuer if provider else "")
    if not found:
        raise AccountRefused("没有设置统一认证（OIDC_ISSUER），请用 --issuer 写明来源，例如 --issuer gateway")
    return found.rstrip("/")


def _roles(desk: Desk, account: Account) -> str:
    names, roles = desk.rules.territory.names, desk.rules.roles.roles
    told = [
        f"{roles[grant.role].name if grant.role in roles else grant.role}"
        f"（{names.get(grant.region, grant.region)}{' ' + grant.department if grant.department else ''}）"
        for grant in account.grants
    ]
    return "、".join(told) or "未授权"
