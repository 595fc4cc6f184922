"""The published figures of Chaozhou as kept: every printed one with its source, whether or not it feeds an indicator.

Figures that feed an indicator also enter the readings of the real world, through the same intake as everything else.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, insert, select

from access.actor import TIMETABLE
from database.engine import reading, writing
from database.tables import calls, published_figures
from datasources.delivery.observation import Delivery
from datasources.published import Figure, Meaning, Spec, load_figures, load_mapping, read
from indicators.catalogue import Catalogue
from indicators.intake import take

AIR_DAYS = Path(__file__).parent / "published" / "chaozhou_air_daily.csv"
AIR_TITLES = {
    "so2": ("二氧化硫日均浓度", "微克/立方米"),
    "no2": ("二氧化氮日均浓度", "微克/立方米"),
    "pm10": ("PM10日均浓度", "微克/立方米"),
    "co_mg": ("一氧化碳日均浓度", "毫克/立方米"),
    "o3_8h": ("臭氧日最大8小时平均浓度", "微克/立方米"),
    "pm25": ("PM2.5日均浓度", "微克/立方米"),
    "aqi": ("空气质量日报指数AQI", ""),
}
"""Column of the file of air days to the name and unit it is kept under."""


def load(engine: Engine, catalogue: Catalogue, *, now: datetime) -> int:
    """Keep all shipped figures and let their readings in; how many figures. Doing it again changes nothing."""
    kept = keep(engine)
    for source in catalogue.sources.values():
        if source.kind == "published":
            delivery = read(Spec.model_validate(source.options), source=source.key, now=now)
            if not _has_entered(engine, delivery):
                take(engine, catalogue, delivery, door="pull", by=TIMETABLE, now=now)
    return kept


def keep(engine: Engine, spec: Spec | None = None) -> int:
    """Make the table hold exactly the figures of the shipped files."""
    rows = [*_figure_rows(spec or Spec()), *_air_rows()]
    with reading(engine) as connection:
        if _held(connection) == rows:
            return len(rows)
    with writing(engine) as connection:
        connection.execute(delete(published_figures))
        connection.execute(insert(published_figures), rows)
    return len(rows)


def _has_entered(engine: Engine, delivery: Delivery) -> bool:
    with reading(engine) as connection:
        found = connection.execute(
            select(calls.c.id).where(
                calls.c.source == delivery.source, calls.c.digest == delivery.digest, calls.c.outcome != "failed"
            )
        ).first()
    return found is not None


def _held(connection: Connection) -> list[dict[str, object]]:
    columns = [column for column in published_figures.c if column.name != "id"]
    found = connection.execute(select(*columns).order_by(published_figures.c.id)).mappings()
    return [dict(row) for row in found]


def _figure_rows(spec: Spec) -> Iterator[dict[str, object]]:
    meanings = load_mapping(spec.path(spec.mapping))
    for figure in load_figures(spec.path(spec.figures)):
        fitting = meanings.get(figure.title, ()) if figure.region == spec.region else ()
        yield _figure_row(figure, fitting, spec.figures)


def _figure_row(figure: Figure, fitting: tuple[Meaning, ...], file: str) -> dict[str, object]:
    return {
        "title": figure.title,
        "indicator": fitting[0].indicator if fitting else None,
        "region": figure.region,
        "period": figure.period,
        "value": figure.value,
        "unit": figure.unit,
        "basis": figure.basis,
        "source_title": figure.source_title,
        "source_url": figure.source_url,
        "fragment": figure.fragment,
        "publisher": figure.publisher,
        "note": figure.note,
        "file": file,
        "line": figure.line,
    }


def _air_rows() -> Iterator[dict[str, object]]:
    with AIR_DAYS.open(encoding="utf-8-sig", newline="") as file:
        for line, day in enumerate(csv.DictReader(file), 2):
            for column, (title, unit) in AIR_TITLES.items():
                yield _air_row(day, column, title, unit) | {"line": line}


def _air_row(day: dict[str, str], column: str, title: str, unit: str) -> dict[str, object]:
    return {
        "title": title,
        "indicator": None,
        "region": "445100",
        "period": day["date"],
        "value": float(day[column]) if day[column] else None,
        "unit": unit,
        "basis": "daily",
        "source_title": "潮州市环境空气质量周报",
        "source_url": day["source_url"],
        "fragment": f"{day['date']} {column} {day[column]}".rstrip(),
        "publisher": "潮州市生态环境局",
        "note": "周报表格中的一格" if day[column] else "周报当日无数据",
        "file": AIR_DAYS.name,
    }
