"""A record that could be rewritten, counts an outcome twice, flatters a model, or lets a losing model go on."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from access.actor import Actor, Scope
from database.engine import reading, writing
from datasources.delivery.period import following
from decisions.forecast_batch import run
from decisions.forecast_ledger import LAST, OFF, Step, issue, issued, newest, score, scores, standing
from indicators.intake import take
from small_city import CITY, CLERK, NOW, delivery, indicator, row, small_catalogue, source

SERIES = ("real", "SUM-01", CITY)
ROOT = Path(__file__).resolve().parent.parent.parent


def steps(first: str, *means: float, naive: float = 0.0, width: float = 1.0) -> list[Step]:
    return [
        Step(following(first, n), mean, mean - width, mean + width, mean - 2 * width, mean + 2 * width, naive)
        for n, mean in enumerate(means)
    ]


def enter(engine, origin: str, made: list[Step], *, reason: str | None = None, model: str = "ensemble") -> bool:
    with writing(engine) as connection:
        return issue(connection, SERIES, origin=origin, model=model, reason=reason, steps=made, now=NOW)


def outcomes(engine, known: dict[str, float | None]) -> int:
    with writing(engine) as connection:
        return score(connection, SERIES, known, now=NOW)


def record(engine):
    with reading(engine) as connection:
        return scores(connection, CLERK, SERIES)


@pytest.mark.feature(86)
def test_errors_by_lead_and_how_often_the_interval_held(engine):
    enter(engine, "2026-01", steps("2026-02", 10.0, 20.0, 30.0, naive=8.0))
    assert outcomes(engine, {"2026-02": 10.5, "2026-03": 25.0}) == 2
    first, second = record(engine)
    assert (first.lead, first.error, first.naive_error, first.inside80, first.inside95) == (1, 0.5, 2.5, 1, 1)
    assert (second.error, second.inside80) == (5.0, 0) and first.skill == pytest.approx(0.8)
    assert first.smape == pytest.approx(200 * 0.5 / 20.5)


@pytest.mark.feature(86)
def test_an_outcome_counts_once(engine):
    enter(engine, "2026-01", steps("2026-02", 10.0, 20.0))
    known = {"2026-02": 10.5}
    assert (outcomes(engine, known), outcomes(engine, known)) == (1, 0)
    assert outcomes(engine, known | {"2026-03": 21.0}) == 1
    assert [one.outcomes for one in record(engine)] == [1, 1]


def test_the_first_word_counts(engine):
    assert enter(engine, "2026-01", steps("2026-02", 10.0))
    assert not enter(engine, "2026-01", steps("2026-02", 99.0))
    with reading(engine) as connection:
        found = newest(connection, CLERK, SERIES)
        assert found is not None and found.steps[0].mean == 10.0 and len(issued(connection, CLERK, SERIES)) == 1


def test_a_period_that_never_comes_is_passed_over(engine):
    enter(engine, "2026-01", steps("2026-02", 10.0, 20.0, 30.0))
    assert outcomes(engine, {"2026-02": None, "2026-03": 20.0}) == 1
    assert [one.lead for one in record(engine)] == [2]


@pytest.mark.feature(87)
def test_a_model_that_loses_to_the_naive_forecast_is_switched_off_and_comes_back(engine):
    label = "2020-01"
    for number in range(2 * LAST):
        coming = following(label)
        enter(engine, label, steps(coming, 50.0 if number < LAST else 10.0, naive=12.0))
        outcomes(engine, {coming: 10.0})
        with reading(engine) as connection:
            off = standing(connection, CLERK, SERIES).switched_off
        assert off == (LAST - 1 <= number < 2 * LAST - 1), number
        label = coming
    with reading(engine) as connection:
        told = [one.reason for one in issued(connection, CLERK, SERIES)]
    assert told.count(OFF) == LAST


def test_while_it_is_off_the_record_is_that_of_what_was_shown(engine):
    enter(engine, "2026-01", steps("2026-02", 50.0, naive=12.0), reason="停用")
    outcomes(engine, {"2026-02": 10.0})
    assert record(engine)[0].error == record(engine)[0].naive_error == 2.0


@pytest.mark.feature(110)
def test_another_county_sees_no_forecast(engine):
    enter(engine, "2026-01", steps("2026-02", 10.0))
    outcomes(engine, {"2026-02": 10.0})
    officer = Actor("湘桥", "officer", Scope(frozenset({"445102"})))
    with reading(engine) as connection:
        assert newest(connection, officer, SERIES) is None and scores(connection, officer, SERIES) == []
        assert standing(connection, officer, SERIES).recent == ()


STREAM = source("gauges", cadence={"every": "10m"})
CATALOGUE = small_catalogue(
    indicator("SUM-01"),
    indicator("SHO-01"),
    indicator("GAU-01", frequency="minute", basis="point", aggregation="mean", source="gauges"),
    sources=(STREAM,),
)


@pytest.mark.feature(85)
def test_a_night_forecasts_months_and_streams_and_says_where_it_abstains(engine):
    months = [following("2023-01", n) for n in range(46)]
    take(engine, CATALOGUE, delivery(
        *(row("SUM-01", CITY, label, 100.0 + 5 * (n % 12)) for n, label in enumerate(months)),
        *(row("SHO-01", CITY, label, 7.0 + n) for n, label in enumerate(months[-5:])),
    ), door="file", by=CLERK, now=NOW)  # fmt: skip
    begun = NOW - timedelta(hours=120)
    minutes = [(begun + timedelta(hours=8, minutes=20 * n)).strftime("%Y-%m-%dT%H:%M") for n in range(360)]
    rows = [
        row(
            "GAU-01",
            CITY,
            label,
            50.0 + (n // 3) % 24,
        )
        for n, label in enumerate(minutes)
    ]
    take(engine, CATALOGUE, delivery(*rows, source="gauges"), door="push", by=CLERK, now=NOW)
    told = run(engine, CATALOGUE, NOW)
    assert (told.series, told.issued, told.abstained, told.scored) == (3, 3, 1, 0)
    with reading(engine) as connection:
        monthly = newest(connection, CLERK, SERIES)
        hourly = newest(connection, CLERK, ("real", "GAU-01", CITY))
        short = newest(connection, CLERK, ("real", "SHO-01", CITY))
    assert monthly is not None and [one.period for one in monthly.steps][:2] == ["2026-11", "2026-12"]
    assert monthly.steps[0].mean == pytest.approx(100 + 5 * (46 % 12), rel=0.05) and monthly.reason is None
    assert hourly is not None and len(hourly.steps) == 24 and len(hourly.origin) == 13
    assert hourly.steps[0].mean != hourly.steps[12].mean
    assert short is not None and short.reason and "至少需要8期" in short.reason
    again = run(engine, CATALOGUE, NOW + timedelta(days=1))
    assert again.issued == 0


def test_reading_the_ledger_brings_no_numbers_library():
    names = ("forecast_ledger", "warnings", "warning_acts", "warning_scores", "warning_rules")
    code = "; ".join(["import sys", *(f"import decisions.{name}" for name in names), "print('numpy' in sys.modules)"])
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_no_web_worker_carries_the_models(tmp_path):
    """The whole web side with its pages and interface: what needs the library of numbers stays in the timetable."""
    models = ["forecast", "forecast_batch", "forecast_periods", "watch", "warning_engine", "transmission", "nowcast",
              "economy_batch"]  # fmt: skip
    code = (
        "import sys, app, settings; app.create_app(settings.from_environment()); "
        f"print([name for name in {models} if f'decisions.{{name}}' in sys.modules])"
    )
    surroundings = {"COCKPIT_DATA": str(tmp_path), "COCKPIT_SECRET_KEY": "s" * 40, "PATH": "/usr/bin"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, env=surroundings
    )
    assert done.stdout.strip().endswith("[]"), done.stdout[-300:] + done.stderr[-900:]
