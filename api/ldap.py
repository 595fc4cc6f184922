"""The half of the directory that speaks LDAP: find the one entry of that name, then bind as it with the password.

Only over TLS (ldaps, or StartTLS before anything is said); in the clear to this very machine alone. What a person types
never becomes part of a filter without escaping (RFC 4515 3).
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import Flask
from ldap3 import AUTO_BIND_NONE, NONE, SUBTREE, Connection, Server, Tls
from ldap3.core.exceptions import LDAPException
from ldap3.utils.conv import escape_filter_chars
from ldap3.utils.dn import parse_dn

from access.directory import EXTENSION, ORIGIN, Silent
from access.oidc import Claims

log = logging.getLogger(__name__)

PATIENCE = 5
"""Seconds for the connection and for each answer."""
MOST_GROUPS = 500


class DirectorySettings(Protocol):
    """What the settings say of the directory."""

    @property
    def url(self) -> str: ...
    @property
    def base(self) -> str: ...
    @property
    def bind_dn(self) -> str: ...
    @property
    def bind_password(self) -> str: ...
    @property
    def name_filter(self) -> str: ...
    @property
    def group_filter(self) -> str: ...
    @property
    def id_attribute(self) -> str: ...
    @property
    def name_attribute(self) -> str: ...
    @property
    def shown_attribute(self) -> str: ...
    @property
    def groups_attribute(self) -> str: ...
    @property
    def ca_file(self) -> str: ...
    @property
    def is_clear(self) -> bool: ...
    @property
    def issuer(self) -> str: ...
    @property
    def label(self) -> str: ...


@dataclass(frozen=True)
class LdapDirectory:
    """One directory, asked anew at every sign-in; nothing of it is kept."""

    settings: DirectorySettings

    def prove(self, name: str, password: str) -> Claims | None:
        """Who that is, if the password is theirs; None if not. Raises Silent."""
        try:
            with self._connected(self.settings.bind_dn, self.settings.bind_password) as desk:
                if not desk.bound:
                    raise Silent
                entry = self._entry(desk, name)
                groups = self._groups(desk, entry) if entry else frozenset()
            if entry is None or not self._opens(entry["dn"], password):
                return None
        except (LDAPException, OSError) as trouble:
            log.warning("ldap: %s: %.200s", type(trouble).__name__, trouble)
            raise Silent from trouble
        return self._claims(entry, groups)

    def _opens(self, dn: str, password: str) -> bool:
        with self._connected(dn, password) as own:
            return bool(own.bound)

    def _connected(self, dn: str, password: str) -> Connection:
        made = Connection(
            self._server(), dn, password, auto_bind=AUTO_BIND_NONE, auto_referrals=False, receive_timeout=PATIENCE,
            read_only=True, raise_exceptions=False,
        )  # fmt: skip
        made.open()
        if not self.settings.is_clear and not made.server.ssl:
            made.start_tls()
        made.bind()
        return made

    def _server(self) -> Server:
        address = urlsplit(self.settings.url)
        tls = Tls(
            validate=ssl.CERT_REQUIRED, version=ssl.PROTOCOL_TLS_CLIENT, ca_certs_file=self.settings.ca_file or None
        )
        is_tls = address.scheme == "ldaps"
        return Server(
            address.hostname, address.port or (636 if is_tls else 389), use_ssl=is_tls, tls=tls, get_info=NONE,
            connect_timeout=PATIENCE,
        )  # fmt: skip

    def _entry(self, desk: Connection, name: str) -> dict[str, Any] | None:
        """The one entry of that name; two are as good as none."""
        known = self.settings
        wanted = [known.id_attribute, known.name_attribute, known.shown_attribute, known.groups_attribute]
        asked = known.name_filter.replace("{name}", escape_filter_chars(name))
        desk.search(known.base, asked, SUBTREE, attributes=list(dict.fromkeys(wanted)), size_limit=2)
        found = [one for one in desk.response or () if one.get("type") == "searchResEntry"]
        return found[0] if len(found) == 1 else None

    def _groups(self, desk: Connection, entry: dict[str, Any]) -> frozenset[str]:
        """Distinguished names of the person's groups and their short names."""
        named = list(_texts(entry, self.settings.groups_attribute))
        if self.settings.group_filter:
            asked = self.settings.group_filter.replace("{dn}", escape_filter_chars(entry["dn"]))
            desk.search(self.settings.base, asked, SUBTREE, attributes=["cn"], size_limit=MOST_GROUPS)
            named += [one["dn"] for one in desk.response or () if one.get("type") == "searchResEntry"]
        return frozenset([*named, *filter(None, map(_short, named))])

    def _claims(self, entry: dict[str, Any], groups: frozenset[str]) -> Claims | None:
        known = self.settings
        subject, name, shown = (
            next(_texts(entry, one), "") for one in (known.id_attribute, known.name_attribute, known.shown_attribute)
        )
        if not subject:
            log.warning("ldap: %s has no %s", entry["dn"], known.id_attribute)
            raise Silent("单位目录没有给出本人的固定标识，请联系管理员。")
        return Claims(known.issuer, subject[:200], name[:100], (shown or name)[:100], groups, ORIGIN)


def mount(server: Flask, settings: DirectorySettings) -> None:
    """Let the sign-in page of `server` take the names of that directory."""
    server.extensions[EXTENSION] = LdapDirectory(settings)


def _texts(entry: dict[str, Any], attribute: str) -> Iterator[str]:
    """The values of an attribute, in whatever case the directory writes its name; what is no text in hex."""
    raw = {name.lower(): values for name, values in entry["raw_attributes"].items()}
    for value in raw.get(attribute.lower()) or ():
        try:
            yield value.decode()
        except UnicodeDecodeError:
            yield value.hex()


def _short(dn: str) -> str:
    """What a group is called: the value of the first part of its name; '' if that cannot be read."""
    try:
        return str(parse_dn(dn)[0][1])
    except (LDAPException, IndexError):
        return ""
