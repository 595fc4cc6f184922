"""A department's file on its way in: read in a confined process by the source's layout, then taken row by row."""

from __future__ import annotations

from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from access.actor import Actor
from datasources import file
from datasources.delivery.observation import SourceFailed
from indicators.intake import Receipt, UnknownSource, take
from indicators.rare_collections import rare_collections

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from indicators.catalogue import Catalogue


def take_file(
    engine: Engine, catalogue: Catalogue, path: Path, *, source: str, by: Actor, now: datetime, door: str = "file"
) -> Receipt:
    """Read `path` as `source` lays out its files and take every row.

    Raises UnknownSource, OSError, or SourceFailed with a message for people if the file as a whole is refused.
    """
    with rare_collections():
        return take(engine, catalogue, read_file(catalogue, path, source=source, now=now), door=door, by=by, now=now)


def read_file(catalogue: Catalogue, path: Path, *, source: str, now: datetime) -> file.FileDelivery:
    """What the file holds; nothing is stored."""
    spec = layout_of(catalogue, source)
    size = path.stat().st_size
    if size > spec.max_bytes:
        limit = spec.max_bytes / 2**20
        raise SourceFailed(f"{path.name}：文件有 {size / 2**20:.1f} MB，超过上限 {limit:.0f} MB", permanent=True)
    return file.read(
        spec, path.read_bytes(), path.name, source=source, now=now,
        names={region.name: code for code, region in catalogue.regions.items()},
        units={code: indicator.unit for code, indicator in catalogue.indicators.items()},
        indicators={indicator.name: code for code, indicator in catalogue.indicators.items()},
        frequencies={code: str(indicator.frequency) for code, indicator in catalogue.indicators.items()},
    )  # fmt: skip


def layout_of(catalogue: Catalogue, source: str) -> file.Spec:
    """The layout a source of kind `file` declares; the plain template for any other kind."""
    if not catalogue.has_source(source):
        raise UnknownSource(_unknown(catalogue, source))
    entry = catalogue.source(source)
    return file.Spec.model_validate(entry.options) if entry.kind == "file" else file.Spec()


def _unknown(catalogue: Catalogue, source: str) -> str:
    near = get_close_matches(source, [*catalogue.sources, *catalogue.twins], 1)
    return f"目录中没有来源“{source}”" + (f"，您是否想填“{near[0]}”" if near else "")
