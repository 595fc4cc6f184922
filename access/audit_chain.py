"""One link of the audit record: what a row says, its hash over the row before, the proof of the last one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import orjson

from access.sealing import BY_HASH, Keyring
from database.moments import to_ms

HEAD, CHECKPOINT, ANCHOR = "audit head", "audit checkpoint", "audit anchor"
"""Purposes of keyed proofs."""


@dataclass(frozen=True)
class Row:
    """One row of the record. `detail`: its JSON text as stored; `previous`: hash of the row before in its chain."""

    id: int
    lane: int
    seq: int
    at: datetime
    actor: str
    account: str
    role: str
    region: str
    address: str
    action: str
    object: str
    result: str
    request_id: str
    detail: str
    algorithm: str
    previous: str

    def digest(self) -> str:
        """The row's hash in hex: over every column but the hash itself, `previous` included."""
        said = {**columns_of(self), "at": to_ms(self.at)}
        return BY_HASH[self.algorithm].hash(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hex()


def columns_of(row: Row) -> dict[str, object]:
    """What the row says, by column; without its hash."""
    return dict(vars(row))


FIELDS = tuple(Row.__dataclass_fields__)


@dataclass(frozen=True)
class Head:
    """The end of one chain: its last row's place and hash. `seq` 0 before the first row."""

    lane: int
    seq: int
    hash: str

    def said(self) -> str:
        """The text a proof is about."""
        return f"{self.lane}:{self.seq}:{self.hash}"


def proof_of_head(ring: Keyring, head: Head) -> str:
    """Without the installation's key nobody can move a head, not even who may write to the database."""
    return ring.prove(head.said(), HEAD)
