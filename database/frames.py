"""A frame: the bytes of one answer with what they were made from, sealed so that a changed byte is never shown.

Sealed layout: 32 bytes HMAC-SHA256 over (name, header, body), 4 bytes header length, header JSON, body. No pickle:
whoever can write to Redis or the cache folder can at worst cause a miss.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

_MAC = 32
_LENGTH = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The versions of some topics as known at an instant (ms since 1970)."""

    versions: Mapping[str, int]
    seen_at: int


@dataclass(frozen=True, slots=True)
class Frame:
    """One answer, ready to send."""

    body: bytes
    etag: str
    built_at: datetime
    soft_seconds: float
    seen: Snapshot
    """The topic versions known before the database was read: a later change differs from them."""

    def is_of(self, wanted: Snapshot) -> bool:
        """True if made from the versions wanted, or by a process that had heard more recently than we have."""
        return self.seen.versions == wanted.versions or self.seen.seen_at > wanted.seen_at

    def is_ripe(self, now: datetime) -> bool:
        """True if old enough to be renewed although nothing was announced; also if it claims to be from the future."""
        return not -1.0 <= (now - self.built_at).total_seconds() <= self.soft_seconds


def etag_of(body: bytes) -> str:
    """A strong validator: equal bytes, equal tag."""
    return hashlib.blake2b(body, digest_size=10).hexdigest()


def frame_name(key: str, *, scope: str, catalogue_version: str) -> str:
    """Where a frame is kept. Two callers share it only if they may see the same and read the same catalogue."""
    full = orjson.dumps([key, scope, catalogue_version])
    return hashlib.sha256(full).hexdigest()[:40]


class Sealer:
    """Turns frames into bytes and back, with a key derived from the installation's secret."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"cockpit-frames:" + secret.encode()).digest()

    def seal(self, name: str, frame: Frame) -> bytes:
        """The bytes to keep under `name`."""
        built_at = round(frame.built_at.timestamp() * 1000)
        header = orjson.dumps([frame.etag, built_at, frame.soft_seconds, dict(frame.seen.versions), frame.seen.seen_at])
        rest = _LENGTH.pack(len(header)) + header + frame.body
        return self._mac(name, rest) + rest

    def unseal(self, name: str, kept: bytes) -> Frame | None:
        """The frame kept under `name`; None if a single bit differs, it is cut, or belongs to another name."""
        mac, rest = kept[:_MAC], kept[_MAC:]
        if len(rest) < _LENGTH.size or not hmac.compare_digest(mac, self._mac(name, rest)):
            return None
        (length,) = _LENGTH.unpack_from(rest)
        start = _LENGTH.size + length
        etag, built_at, soft_seconds, versions, seen_at = orjson.loads(rest[_LENGTH.size : start])
        moment = datetime.fromtimestamp(built_at / 1000, UTC)
        return Frame(rest[start:], etag, moment, soft_seconds, Snapshot(versions, seen_at))

    def _mac(self, name: str, rest: bytes) -> bytes:
        return hmac.digest(self._key, name.encode() + b"\0" + rest, "sha256")
