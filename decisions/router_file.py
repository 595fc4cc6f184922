"""A trained router as a file: arrays and one JSON text, nothing that could run. Only the timetable reads it."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import orjson

from decisions.routing import Router
from decisions.routing_confidence import Confidence
from decisions.routing_features import FAMILIES, Encoder, Vocabulary
from decisions.routing_nets import Nets
from decisions.wording_words import public_affairs

log = logging.getLogger(__name__)

FOLDER = "models"
_NETS = ("inward", "inward_offset", "outward", "outward_offset")


@dataclass(frozen=True)
class Kept:
    """A router with its version and what is known of it."""

    router: Router
    version: str
    about: Mapping[str, Any]


def file_of(data_folder: Path, world: str) -> Path:
    """Where the router of a world lies; the two worlds never teach each other."""
    return data_folder / FOLDER / f"routing-{world}.npz"


def stamp(data_folder: Path, world: str) -> int:
    """Changes with the file; 0 without one."""
    try:
        return file_of(data_folder, world).stat().st_mtime_ns
    except OSError:
        return 0


def keep(data_folder: Path, world: str, router: Router, version: str, about: Mapping[str, Any]) -> Path:
    """Write it in place of the one before; a reader sees the old or the new one, never half of it."""
    told = {
        "version": version, "about": dict(about), "labels": router.labels, "examples": router.examples,
        "scale": router.confidence.scale, "doubt": router.confidence.doubt,
        "columns": [list(one.columns) for one in router.encoder.vocabularies],
    }  # fmt: skip
    arrays = {name: getattr(router.nets, name) for name in _NETS}
    arrays |= {f"rarity{place}": one.rarity for place, one in enumerate(router.encoder.vocabularies)}
    file = file_of(data_folder, world)
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".part")
    with half.open("wb") as opened:
        np.savez_compressed(opened, told=np.frombuffer(orjson.dumps(told), np.uint8), **arrays)
    half.replace(file)
    return file


def read(data_folder: Path, world: str) -> Kept | None:
    """The router kept there; None if there is none or the file is broken (which is logged)."""
    file = file_of(data_folder, world)
    if not file.exists():
        return None
    try:
        with np.load(file, allow_pickle=False) as found:
            return _kept(found)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error) as broken:
        log.warning("the router in %s cannot be read, the power list is used: %s", file.name, broken)
        return None


def _kept(found: Mapping[str, Any]) -> Kept:
    told = orjson.loads(found["told"].tobytes())
    vocabularies = tuple(
        Vocabulary(family, {name: column for column, name in enumerate(names)}, found[f"rarity{place}"])
        for place, (family, names) in enumerate(zip(FAMILIES, told["columns"], strict=True))
    )
    router = Router(
        tuple(told["labels"]), Encoder(public_affairs(), vocabularies), Nets(*(found[name] for name in _NETS)),
        Confidence(told["scale"], told["doubt"]), told["examples"],
    )  # fmt: skip
    return Kept(router, told["version"], told["about"])
