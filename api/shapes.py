"""The shapes that several resources answer with; each is described once, here, for answers and for OpenAPI alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from indicators.reading import Freshness, Provenance, Reading, World

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

SIMULATED_MARK = "模拟"


class Query(BaseModel):
    """Base of all query models: unknown names are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Unit(BaseModel):
    """A department that answers for something."""

    key: str
    name: str
    short: str
    contact: str | None = Field(description="值班电话或信箱；现场填写前为 null")


class Point(BaseModel):
    """One value of the history of a reading."""

    period: str
    value: float | None


class ReadingShape(BaseModel):
    """A value with everything needed to judge it. `value` null always comes with `reason`."""

    indicator: str
    region: str
    world: World = Field(description="real 为真实数据，demo 为演示城市；两者从不合并")
    provenance: Provenance = Field(description="published 公开发布，live 实时，simulated 模拟，manual 人工填报")
    mark: str | None = Field(description=f"模拟数据恒为“{SIMULATED_MARK}”，其余为 null")
    dim: str = Field(description="细分，如 industry=陶瓷；空为总体")
    period: str
    value: float | None
    unit: str
    numerator: float | None
    denominator: float | None
    basis: str = Field(description="period 当期，ytd 年初累计，point 时点")
    observed_at: datetime | None
    known_at: datetime | None
    freshness: Freshness
    quality: list[str]
    reason: str | None = Field(description="无数值或不新鲜的原因")
    source: str
    source_name: str
    owner: str = Field(description="责任单位的键")
    owner_name: str
    call_id: int | None = Field(description="取数记录号，见 /sources/{key}/calls")


class ReadingWithHistory(ReadingShape):
    """The newest value with the earlier ones kept beside it."""

    history: list[Point] = Field(description="同一序列的较早数值，由旧到新，末项为本值")


def unit_shape(catalogue: Catalogue, key: str) -> Unit:
    """The department of that key; a key the catalogue lost is shown as it is."""
    unit = catalogue.departments.get(key)
    if unit is None:
        return Unit(key=key, name=key, short=key, contact=None)
    return Unit(key=unit.key, name=unit.name, short=unit.short, contact=unit.contact)


def reading_fields(catalogue: Catalogue, reading: Reading) -> dict[str, object]:
    """What every shape of a reading has in common."""
    indicator = catalogue.indicators.get(reading.indicator)
    owner = indicator.owner if indicator else ""
    return {
        "indicator": reading.indicator,
        "region": reading.region,
        "world": reading.world,
        "provenance": reading.provenance,
        "mark": SIMULATED_MARK if reading.provenance is Provenance.SIMULATED else None,
        "dim": reading.dim,
        "period": reading.period,
        "value": reading.value,
        "unit": reading.unit,
        "numerator": reading.numerator,
        "denominator": reading.denominator,
        "basis": reading.basis,
        "observed_at": reading.observed_at,
        "known_at": reading.known_at,
        "freshness": reading.freshness,
        "quality": list(reading.quality),
        "reason": reading.reason,
        "source": reading.source,
        "source_name": source_name(catalogue, reading.source),
        "owner": owner,
        "owner_name": unit_shape(catalogue, owner).name if owner else "",
        "call_id": reading.call_id,
    }


def source_name(catalogue: Catalogue, key: str) -> str:
    """The printed name of a source; its key if the catalogue has lost it."""
    entries: Mapping[str, object] = {**catalogue.sources, **catalogue.twins}
    return str(getattr(entries.get(key), "name", key))


def reading_shape(catalogue: Catalogue, reading: Reading) -> ReadingShape:
    return ReadingShape.model_validate(reading_fields(catalogue, reading))


def reading_with_history(catalogue: Catalogue, reading: Reading) -> ReadingWithHistory:
    history = [Point(period=period, value=value) for period, value in reading.history]
    return ReadingWithHistory.model_validate({**reading_fields(catalogue, reading), "history": history})
