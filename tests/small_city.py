"""A small catalogue for tests of the store: one city of four counties, one of which has three towns."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine

from access.actor import EVERYWHERE, Actor
from database.engine import open_engine
from database.migrate import migrate
from datasources.delivery.observation import Delivery, Observation
from indicators.catalogue import Catalogue
from indicators.definition import City, Department, Indicator, Region, Source, StateRule, Theme

CLERK = Actor("张敏", "operator", EVERYWHERE)
CHIEF = Actor("陈立", "operator", EVERYWHERE)
NOW = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)
CITY = "445100"
COUNTIES = ("445102", "445103", "445122", "445185")
TOWNS = ("445122100000", "445122101000", "445122102000")


def small_catalogue(*indicators: Indicator, sources: tuple[Source, ...] = ()) -> Catalogue:
    """The small city with these indicators (or a usual set) and a demo city beside it."""
    known = [
        source("counts"),
        source("bulletin", provenance="published"),
        source("desk", provenance="manual"),
        *sources,
    ]
    return Catalogue(
        version="small",
        city=City(code=CITY, name="潮州市", timezone="Asia/Shanghai"),
        demo_city=True,
        state_rule=StateRule(attention_share=0.25, headline_counts_alone=True, words="测试"),
        regions={region.code: region for region in _regions()},
        sources={one.key: one for one in known},
        themes={"economy": _theme()},
        indicators={one.code: one for one in indicators or USUAL},
        departments={"stats": Department(key="stats", name="市统计局", short="统计局")},
    )


def indicator(code: str, **changes: Any) -> Indicator:
    """An indicator with sensible settings for what the test does not care about."""
    usual: dict[str, Any] = {
        "code": code, "theme": "economy", "name": f"指标{code}", "definition": "测试", "unit": "件", "decimals": 1,
        "frequency": "monthly", "basis": "period", "direction": "neutral", "aggregation": "sum",
        "levels": ("city", "county", "zone"), "owner": "stats", "source": "counts",
    }  # fmt: skip
    return Indicator.model_validate(usual | changes)


def source(key: str, **changes: Any) -> Source:
    """A monthly source of the bureau of statistics unless told otherwise."""
    usual: dict[str, Any] = {
        "key": key, "name": f"来源{key}", "owner": "stats", "kind": "push", "provenance": "live",
        "cadence": {"release": "monthly", "day": 20},
    }  # fmt: skip
    return Source.model_validate(usual | changes)


USUAL = (
    indicator("SUM-01", dims=("industry",)),
    indicator("RAT-01", aggregation="ratio", scale=100, unit="%"),
    indicator("LAS-01", aggregation="last"),
    indicator("MIN-01", frequency="minute", basis="point"),
    indicator("TWN-01", levels=("city", "county", "town")),
    indicator("YTD-01", basis="ytd"),
    indicator("RNG-01", arrival={"low": 0, "high": 100}),
)


def row(code: str, region: str, period: str, value: float | None = None, **more: Any) -> Observation:
    """One delivered row."""
    return Observation(indicator=code, region=region, period=period, value=value, **more)


def delivery(*rows: Observation, source: str = "counts", **more: Any) -> Delivery:
    """What `source` brought just now."""
    return Delivery(source, "test", NOW, observations=list(rows), **more)


def new_database(path: Path) -> Engine:
    """An empty embedded database at `path`, made at once: for properties tried on many of them."""
    path.write_bytes(_empty_database())
    return open_engine(f"sqlite:///{path}")


@lru_cache
def _empty_database() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        engine = open_engine(f"sqlite:///{path}")
        migrate(engine)
        engine.dispose()
        return path.read_bytes()


def _regions() -> list[Region]:
    counties = zip(COUNTIES, ("湘桥区", "潮安区", "饶平县", "枫溪区"), strict=True)
    return [
        Region(code=CITY, name="潮州市", short="潮州", kind="city"),
        *(Region(code=code, name=name, short=name[:-1], kind="county", parent=CITY) for code, name in counties),
        Region(code="4451-FQH", name="凤泉湖高新区", short="凤泉湖", kind="zone", parent=CITY),
        *(
            Region(code=code, name=f"镇{n}", short=f"镇{n}", kind="town", parent="445122")
            for n, code in enumerate(TOWNS)
        ),
    ]


def _theme() -> Theme:
    return Theme.model_validate(
        {
            "id": "economy", "name": "宏观经济", "short": "经济", "group": "产业经济", "function": "经济调节",
            "dimension": "综合", "lead": ("stats",), "plan_projects": (36,), "description": "测试主题",
        }
    )  # fmt: skip
