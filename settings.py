"""Environment variables become one frozen Settings here and nowhere else.

Only `app.py`, `schedule.py` and `manage.py` read it; everything below gets values as arguments.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import people_settings
from people_settings import PeopleSettings

if TYPE_CHECKING:
    from access.sealing import Keyring

HERE = Path(__file__).resolve().parent
VERSION = "0.1.0"
DASH_SWITCHES = (
    "DASH_DEBUG", "DASH_UI", "DASH_HOT_RELOAD", "DASH_PROPS_CHECK", "DASH_SERVE_DEV_BUNDLES", "DASH_MCP_ENABLED",
    "DASH_PROXY",
)  # fmt: skip
"""Dash reads these by itself; OFF is all we let stand."""
OFF = frozenset({"", "0", "false", "no", "off"})


class SettingsRefused(Exception):
    """A setting that cannot be used; the message names it and the way out."""


@dataclass(frozen=True)
class Settings:
    """How this installation runs. Addresses may hold passwords: print `shown()`, never the object."""

    data_folder: Path
    catalogue_folder: Path
    database_url: str
    redis_url: str | None
    mqtt_url: str | None
    secret_key: str
    clock_offset: timedelta
    workers: int
    host: str
    port: int
    public_url: str
    map_tiles: str | None
    """Base map under the regions: an address with {z}, {x}, {y} or a .pmtiles file; None draws outlines alone."""
    map_review: str
    """Review number (审图号) printed on every map."""
    crypto: str = "intl"
    """Family of algorithms for seals and keyed proofs: intl (SHA-256, AES) or gm (国密: SM3, SM4)."""
    secret_keys_before: tuple[str, ...] = ()
    """Earlier values of `secret_key`: what they sealed still opens; `manage.py reseal` makes them needless."""
    audit_anchor: Path = HERE / "data" / "audit-anchor.jsonl"
    """The file outside the database that pins the audit record; best on another disk."""
    audit_days: int = 0
    """Days after which audit rows may go, 180 or more; 0 keeps them for good."""
    snapshot_days: int = 1095
    """Days frozen pages are kept."""
    people: PeopleSettings = field(default_factory=PeopleSettings)
    """How people sign in."""

    @property
    def near_url(self) -> str:
        """Where programs on this machine reach the pages, also where they listen on every address."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def is_secure(self) -> bool:
        """True if people come by https: cookies are bound to it, browsers never try without."""
        return self.public_url.startswith("https://")

    def now(self) -> datetime:
        """The product's clock: UTC, shifted in drills and tests by COCKPIT_CLOCK_OFFSET."""
        return datetime.now(UTC) + self.clock_offset

    def keyring(self) -> Keyring:
        """What this installation seals and proves with; SettingsRefused if this machine lacks the algorithms."""
        from access.sealing import Keyring, SealingError, provider

        try:
            return Keyring(provider(self.crypto), (self.secret_key, *self.secret_keys_before))
        except SealingError as refused:
            raise SettingsRefused(f"COCKPIT_CRYPTO={self.crypto}：{refused}") from refused

    def shown(self) -> dict[str, str]:
        """The settings in force, without secrets."""
        from sqlalchemy.engine import make_url

        return {
            "data_folder": str(self.data_folder),
            "catalogue_folder": str(self.catalogue_folder),
            "database_url": make_url(self.database_url).render_as_string(hide_password=True),
            "redis_url": _without_password(self.redis_url),
            "mqtt_url": _without_password(self.mqtt_url),
            "clock_offset": str(self.clock_offset),
            "address": f"http://{self.host}:{self.port}",
            "public_url": self.public_url,
            "map_tiles": (self.map_tiles or "(off)").partition("?")[0],
            "map_review": self.map_review,
            "crypto": self.crypto,
            "audit_anchor": str(self.audit_anchor),
            **self.people.shown(),
        }


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings of CONTRACT names; raises SettingsRefused with the variable's name."""
    _refuse_dash_switches(environment)
    data = Path(environment.get("COCKPIT_DATA") or HERE / "data").resolve()
    data.mkdir(parents=True, exist_ok=True)
    host = environment.get("HOST") or "127.0.0.1"
    port = _number(environment, "PORT", 8050, 1, 65535)
    return Settings(
        data_folder=data,
        catalogue_folder=Path(environment.get("COCKPIT_CATALOGUE") or HERE).resolve(),
        database_url=_database_url(environment.get("DATABASE_URL"), data),
        redis_url=environment.get("REDIS_URL") or None,
        mqtt_url=environment.get("MQTT_URL") or None,
        secret_key=environment.get("COCKPIT_SECRET_KEY") or _kept_secret(data / "secret_key"),
        clock_offset=timedelta(seconds=_number(environment, "COCKPIT_CLOCK_OFFSET", 0, -(10**10), 10**10)),
        workers=_number(environment, "WORKERS", 2, 1, 64),
        host=host,
        port=port,
        public_url=environment.get("PUBLIC_URL") or f"http://{host}:{port}",
        map_tiles=_tiles(environment.get("COCKPIT_MAP_TILES")),
        map_review=environment.get("COCKPIT_MAP_REVIEW") or "待补",
        crypto=environment.get("COCKPIT_CRYPTO") or "intl",
        secret_keys_before=tuple((environment.get("COCKPIT_SECRET_KEYS_BEFORE") or "").split()),
        audit_anchor=Path(environment.get("AUDIT_ANCHOR") or data / "audit-anchor.jsonl").resolve(),
        audit_days=_audit_days(environment),
        snapshot_days=_number(environment, "SNAPSHOT_DAYS", 1095, 1, 36_500),
        people=_people(environment),
    )


def _people(environment: Mapping[str, str]) -> PeopleSettings:
    try:
        return people_settings.from_environment(environment)
    except people_settings.Unusable as wrong:
        raise SettingsRefused(str(wrong)) from wrong


def _audit_days(environment: Mapping[str, str]) -> int:
    days = _number(environment, "AUDIT_DAYS", 0, 0, 36_500)
    if 0 < days < 180:
        raise SettingsRefused(f"AUDIT_DAYS={days}：审计记录至少保存 180 天；0 表示长期保存")
    return days


def _refuse_dash_switches(environment: Mapping[str, str]) -> None:
    """Debug opens a console to anyone, MCP runs every callback for anyone: both go past the sign-in."""
    on = [name for name in DASH_SWITCHES if (environment.get(name) or "").strip().lower() not in OFF]
    if on:
        raise SettingsRefused(f"{on[0]}：不允许打开这个开关（调试台、MCP 等会绕过登录），请去掉后再启动")


def _tiles(address: str | None) -> str | None:
    if not address:
        return None
    is_named = address.startswith(("/", "http://", "https://"))
    if not is_named or not (address.endswith(".pmtiles") or all(part in address for part in ("{z}", "{x}", "{y}"))):
        raise SettingsRefused(
            f"COCKPIT_MAP_TILES={address}：应为含 {{z}}、{{x}}、{{y}} 的瓦片地址，或以 .pmtiles 结尾的文件地址"
        )
    return address


def _database_url(given: str | None, data: Path) -> str:
    if not given:
        return f"sqlite:///{data / 'cockpit.db'}"
    for plain in ("postgres://", "postgresql://"):
        if given.startswith(plain):
            return "postgresql+psycopg://" + given.removeprefix(plain)
    return given


def _number(environment: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = environment.get(name) or str(default)
    try:
        value = int(float(text))
    except ValueError:
        raise SettingsRefused(f"{name}={text}：应为整数，例如 {default}") from None
    if not low <= value <= high:
        raise SettingsRefused(f"{name}={text}：应在 {low} 与 {high} 之间")
    return value


def _kept_secret(file: Path) -> str:
    """The installation's own key, made once and readable by its owner only."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with os.fdopen(descriptor, "w") as opened:
        opened.write(secrets.token_urlsafe(48))
    return file.read_text().strip()


def _without_password(url: str | None) -> str:
    if not url:
        return "(off)"
    scheme, _, rest = url.partition("://")
    return f"{scheme}://***@{rest.rpartition('@')[2]}" if "@" in rest else url
