"""The part of the settings that is about people: passwords, sessions, unified sign-in, what stands in front of us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from access.gateway import AddressRefused, Front, Network, networks
from access.limits import Limits
from access.password_profile import DENGBAO3, PROFILES, Profile


class Unusable(ValueError):
    """A setting that cannot be used; the message names it and the way out."""


@dataclass(frozen=True)
class Provider:
    """An OIDC provider, such as the province's unified sign-in. The secret is never printed."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    label: str
    """What stands on the button."""
    name_claim: str
    groups_claim: str


@dataclass(frozen=True)
class Directory:
    """An LDAP directory whose names and passwords open the door. The password is never printed."""

    url: str
    base: str
    bind_dn: str
    bind_password: str = field(repr=False)
    name_filter: str
    group_filter: str
    id_attribute: str
    name_attribute: str
    shown_attribute: str
    groups_attribute: str
    ca_file: str
    label: str
    is_clear: bool
    """True: no TLS; to this machine only."""

    @property
    def issuer(self) -> str:
        """What its people are known under: a directory that moves to another machine stays the same."""
        return f"ldap:{self.base.lower()}"


@dataclass(frozen=True)
class PeopleSettings:
    """How people sign in to this installation."""

    passwords: Profile = DENGBAO3
    limits: Limits = field(default_factory=Limits)
    ask_second_factor: bool = True
    unused_days: int = 90
    """Days without a sign-in after which an account is closed; 0 closes none."""
    provider: Provider | None = None
    directory: Directory | None = None
    front: Front = field(default_factory=Front)

    def shown(self) -> dict[str, str]:
        """In force, without secrets."""
        return {
            "password_profile": self.passwords.name,
            "session": f"{self.limits.idle} idle, {self.limits.longest} at most",
            "second_factor": "asked" if self.ask_second_factor else "not asked",
            "oidc_issuer": self.provider.issuer if self.provider else "(off)",
            "ldap_url": self.directory.url if self.directory else "(off)",
            "trusted_gateway": ", ".join(map(str, self.front.gateways)) or "(off)",
        }


def from_environment(environment: Mapping[str, str]) -> PeopleSettings:
    """The settings by their CONTRACT names; Unusable with the variable's name."""
    return PeopleSettings(
        passwords=_profile(environment),
        limits=Limits(
            idle=timedelta(minutes=_whole(environment, "SESSION_IDLE_MINUTES", 30, 5, 24 * 60)),
            longest=timedelta(hours=_whole(environment, "SESSION_HOURS", 12, 1, 24 * 7)),
        ),
        ask_second_factor=_choice(environment, "SECOND_FACTOR", "on", ("on", "off")) == "on",
        unused_days=_whole(environment, "UNUSED_ACCOUNT_DAYS", 90, 0, 3650),
        provider=_provider(environment),
        directory=_directory(environment),
        front=_front(environment),
    )


def _profile(environment: Mapping[str, str]) -> Profile:
    return PROFILES[_choice(environment, "PASSWORD_PROFILE", DENGBAO3.name, tuple(PROFILES))]


def _provider(environment: Mapping[str, str]) -> Provider | None:
    issuer = (environment.get("OIDC_ISSUER") or "").rstrip("/")
    if not issuer:
        return None
    if not issuer.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise Unusable(f"OIDC_ISSUER={issuer}：统一认证的地址应以 https:// 开头")
    return Provider(
        issuer,
        _needed(environment, "OIDC_CLIENT_ID", "OIDC_ISSUER"),
        _needed(environment, "OIDC_CLIENT_SECRET", "OIDC_ISSUER"),
        environment.get("OIDC_LABEL") or "统一身份认证",
        environment.get("OIDC_NAME_CLAIM") or "preferred_username",
        environment.get("OIDC_GROUPS_CLAIM") or "groups",
    )


def _directory(environment: Mapping[str, str]) -> Directory | None:
    url = environment.get("LDAP_URL") or ""
    if not url:
        return None
    address = urlsplit(url)
    if address.scheme not in {"ldap", "ldaps"} or not address.hostname:
        raise Unusable(f"LDAP_URL={url}：应为 ldaps://主机 或 ldap://主机（先 StartTLS）")
    is_clear = _choice(environment, "LDAP_TLS", "on", ("on", "off")) == "off"
    if is_clear and address.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise Unusable("LDAP_TLS=off：口令不得明文过网，只有本机的目录可以不用 TLS")
    name_filter = environment.get("LDAP_NAME_FILTER") or "(uid={name})"
    group_filter = environment.get("LDAP_GROUP_FILTER") or ""
    if "{name}" not in name_filter or (group_filter and "{dn}" not in group_filter):
        raise Unusable("LDAP_NAME_FILTER 应含 {name}，LDAP_GROUP_FILTER 应含 {dn}")
    return Directory(
        url,
        _needed(environment, "LDAP_BASE", "LDAP_URL"),
        _needed(environment, "LDAP_BIND_DN", "LDAP_URL"),
        _needed(environment, "LDAP_BIND_PASSWORD", "LDAP_URL"),
        name_filter,
        group_filter,
        environment.get("LDAP_ID_ATTRIBUTE") or "entryUUID",
        environment.get("LDAP_NAME_ATTRIBUTE") or "uid",
        environment.get("LDAP_SHOWN_ATTRIBUTE") or "cn",
        environment.get("LDAP_GROUPS_ATTRIBUTE") or "memberOf",
        environment.get("LDAP_CA_FILE") or "",
        environment.get("LDAP_LABEL") or "单位目录",
        is_clear and address.scheme == "ldap",
    )


def _front(environment: Mapping[str, str]) -> Front:
    gateways = _networks(environment, "TRUSTED_GATEWAY")
    header = environment.get("GATEWAY_USER_HEADER") or ("X-Remote-User" if gateways else "")
    if header and not gateways:
        raise Unusable("GATEWAY_USER_HEADER：还必须用 TRUSTED_GATEWAY 写明网关的地址，否则谁都可以冒名")
    return Front(_networks(environment, "TRUSTED_PROXIES"), gateways, header)


def _networks(environment: Mapping[str, str], name: str) -> tuple[Network, ...]:
    try:
        return networks(part for part in (environment.get(name) or "").replace(",", " ").split())
    except AddressRefused as wrong:
        raise Unusable(f"{name}：“{wrong}”不是地址或网段，例如 10.1.2.3 或 10.1.0.0/16") from None


def _needed(environment: Mapping[str, str], name: str, because: str) -> str:
    found = environment.get(name)
    if not found:
        raise Unusable(f"{name}：设置了 {because} 就必须同时设置")
    return found


def _choice(environment: Mapping[str, str], name: str, usual: str, choices: tuple[str, ...]) -> str:
    found = environment.get(name) or usual
    if found not in choices:
        raise Unusable(f"{name}={found}：应为 {'、'.join(choices)} 之一")
    return found


def _whole(environment: Mapping[str, str], name: str, usual: int, low: int, high: int) -> int:
    text = environment.get(name) or str(usual)
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise Unusable(f"{name}={text}：应为 {low} 到 {high} 之间的整数")
    return int(text)
