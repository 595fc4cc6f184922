"""Readings a second by file and by MQTT: checked, kept with their vintages, acknowledged after commit."""

from __future__ import annotations

import csv
import json
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, text

from access.actor import LOOPBACK
from bench.figure import Figure
from database.engine import open_engine, reading, writing
from database.migrate import migrate
from datasources import mqtt
from datasources.delivery.period import following
from indicators.catalogue import Catalogue, load
from indicators.files import take_file
from indicators.stream import Stream

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
FILE_SOURCE = "demo_industry_direct_report"
STREAM_SOURCE = "demo_city_events_live"
FILE_ROWS = 99_900
MESSAGES = 10_000
PLAIN_ROWS = 1_000


def measure() -> Iterator[Figure]:
    """Two figures, each with the plain way: one transaction for each reading."""
    catalogue = load(ROOT)
    with _store() as (folder, engine):
        plain = _one_by_one(engine)
        yield Figure(
            "ingestion by file", _by_file(engine, catalogue, folder), "readings/s", plain,
            "look up, insert, commit row by row", ">= 20000", note=f"{FILE_ROWS:,} rows of GBK CSV into SQLite",
        )  # fmt: skip
    if shutil.which("mosquitto") or Path("/usr/sbin/mosquitto").exists():
        with _store() as (_, engine):
            yield Figure(
                "ingestion by MQTT, acknowledged after commit", _by_mqtt(engine, catalogue), "readings/s", plain,
                "look up, insert, commit row by row", ">= 2000", note=f"{MESSAGES:,} messages of one reading",
            )  # fmt: skip


@contextmanager
def _store() -> Iterator[tuple[Path, Engine]]:
    folder = Path(tempfile.mkdtemp(prefix="cockpit-bench-"))
    engine = open_engine(f"sqlite:///{folder / 'bench.db'}")
    migrate(engine)
    try:
        yield folder, engine
    finally:
        engine.dispose()
        shutil.rmtree(folder, ignore_errors=True)


def _by_file(engine: Engine, catalogue: Catalogue, folder: Path) -> float:
    file = folder / "readings.csv"
    codes = [indicator.code for indicator in catalogue.indicators_from(FILE_SOURCE) if indicator.dims]
    _write(file, catalogue, codes)
    begun = time.perf_counter()
    receipt = take_file(engine, catalogue, file, source=FILE_SOURCE, by=LOOPBACK, now=NOW)
    seconds = time.perf_counter() - begun
    if receipt.taken < 0.99 * receipt.rows:
        raise AssertionError(f"only {receipt.taken} of {receipt.rows} taken: {receipt.held[:3]}")
    return round(receipt.rows / seconds)


def _write(file: Path, catalogue: Catalogue, codes: list[str]) -> None:
    """Months of one figure after another, broken down so that there are enough rows."""
    counties = [region.code for region in catalogue.children(catalogue.city.code)]
    with file.open("w", encoding="gbk", newline="") as opened:
        sheet = csv.writer(opened)
        sheet.writerow(["指标编码", "地区", "时期", "数值", "分子", "分母", "维度"])
        written = 0
        for dim in range(10_000):
            for code in codes:
                for county in counties:
                    for step in range(36):
                        if written == FILE_ROWS:
                            return
                        sheet.writerow(_row(catalogue, code, county, step, dim))
                        written += 1


def _row(catalogue: Catalogue, code: str, county: str, step: int, dim: int) -> list[object]:
    indicator = catalogue.indicators[code]
    period = following("2023-10", step)
    months = int(period[5:]) if indicator.basis == "ytd" and indicator.aggregation == "sum" else 1
    value = round((20 + (step * 7 + dim) % 5) * months, indicator.decimals)
    parts: list[object] = ["", ""] if indicator.aggregation in ("sum", "last") else [value * 100 / indicator.scale, 100]
    label = f"{indicator.dims[-1]}={dim}"
    return [code, county, period, value, *parts, label]


def _one_by_one(engine: Engine) -> float:
    begun = time.perf_counter()
    for number in range(PLAIN_ROWS):
        with writing(engine) as connection:
            key = {"world": "demo", "region": "plain", "code": f"P{number % 10}"}
            found = connection.execute(
                text("SELECT id FROM series WHERE world=:world AND region=:region AND indicator=:code AND dim=''"), key
            ).scalar()
            if found is None:
                connection.execute(
                    text("INSERT INTO series (world, region, indicator, dim) VALUES (:world, :region, :code, '')"), key
                )
            connection.execute(
                text(
                    "INSERT INTO observations (series_id, period, known_at, observed_at, value, provenance, source, "
                    "call_id) VALUES (:id, :period, 0, 0, 1.0, 'simulated', 'plain', 0)"
                ),
                {"id": found or 0, "period": str(number)},
            )
    return round(PLAIN_ROWS / (time.perf_counter() - begun))


def _by_mqtt(engine: Engine, catalogue: Catalogue) -> float:
    sys.path.insert(0, str(ROOT / "tests"))
    import servers

    stored = threading.Event()
    counted = [0]
    stream = Stream(engine, lambda: catalogue, lambda: NOW)

    def take(batch: list[mqtt.Message]) -> None:
        stream.take(batch)
        counted[0] += len(batch)
        if counted[0] >= MESSAGES:
            stored.set()

    with servers.mosquitto_broker(survives_a_kill=False) as broker:
        listener = mqtt.listen(mqtt.Broker(broker.url), take)
        listener.connected.wait(10)
        begun = time.perf_counter()
        _publish(broker.url, catalogue)
        stored.wait(120)
        seconds = time.perf_counter() - begun
        listener.stop()
    with reading(engine) as connection:
        kept = connection.execute(text("SELECT sum(taken) FROM calls WHERE door = 'mqtt'")).scalar()
    if kept != MESSAGES:
        raise AssertionError(f"{kept} of {MESSAGES} readings kept")
    return round(MESSAGES / seconds)


def _publish(url: str, catalogue: Catalogue) -> None:
    from paho.mqtt.client import Client
    from paho.mqtt.enums import CallbackAPIVersion

    client = Client(CallbackAPIVersion.VERSION2, client_id="bench")
    client.max_inflight_messages_set(1000)
    client.connect("127.0.0.1", int(url.rpartition(":")[2]))
    client.loop_start()
    code = catalogue.indicators_from(STREAM_SOURCE)[0].code
    counties = [region.code for region in catalogue.children(catalogue.city.code)]
    for number in range(MESSAGES):
        period = following("2026-11-20T00:00", number // len(counties))
        body = {
            "indicator": code,
            "region": counties[number % len(counties)],
            "period": period,
            "value": 20 + number % 7,
        }
        client.publish(f"city/{STREAM_SOURCE}/readings", json.dumps({"readings": [body]}), qos=1)
    client.loop_stop()
