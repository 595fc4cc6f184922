"""Every delivered row is accounted for, and repeated, late or revised rows change exactly what they should."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from database.changes import versions
from database.engine import reading
from datasources.delivery.observation import Unreadable
from indicators.intake import UnknownSource, take, take_many
from small_city import CITY, CLERK, NOW, delivery, indicator, new_database, row, small_catalogue

CATALOGUE = small_catalogue()


def give(engine, *rows, source="counts", now=NOW, **more):
    return take(engine, CATALOGUE, delivery(*rows, source=source, **more), door="file", by=CLERK, now=now)


def latest_row(engine, code="SUM-01", region="445102", world="real"):
    query = text("SELECT * FROM latest WHERE world=:w AND region=:r AND indicator=:i AND dim=''")
    with reading(engine) as connection:
        found = connection.execute(query, {"w": world, "r": region, "i": code}).mappings().one_or_none()
    return found and dict(found) | {"history": orjson.loads(found["history"])}


def count(engine, table):
    with reading(engine) as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


@pytest.mark.feature(45)
def test_a_delivery_of_good_bad_and_unreadable_rows_is_accounted_for(engine):
    receipt = give(
        engine,
        row("SUM-01", "445102", "2026-09", 5.0, line=2),
        row("SUM-01", "445102", "2026-09", 5.0, line=3),
        row("SUN-01", "445102", "2026-09", 5.0, line=4),
        row("SUM-01", "湘桥", "2026-09", 5.0, line=5),
        row("SUM-01", "445102", "2026-Q3", 5.0, line=6),
        row("SUM-01", "445102", "2026-10", math.nan, line=7),
        unreadable=[Unreadable(8, "a;b", "第 8 行只有 2 列")],
    )
    assert (receipt.rows, receipt.taken, receipt.unchanged, len(receipt.held)) == (7, 1, 1, 5)
    assert [held.line for held in receipt.held] == [4, 5, 6, 7, 8]
    reasons = [held.reasons[0].message for held in receipt.held]
    assert "您是否想填“SUM-01”" in reasons[0]
    assert "您是否想填“湘桥区”" in reasons[1]
    assert "月度指标" in reasons[2]
    assert receipt.outcomes == ("taken", "unchanged", "quarantined", "quarantined", "quarantined", "quarantined")
    assert count(engine, "quarantine") == 5


def test_delivered_again_nothing_is_written(engine):
    rows = [row("SUM-01", "445102", f"2026-{month:02d}", month) for month in range(1, 11)]
    give(engine, *rows)
    before = latest_row(engine), count(engine, "observations")
    again = give(engine, *rows, now=NOW + timedelta(days=1))
    assert (again.taken, again.unchanged) == (0, 10)
    assert (latest_row(engine), count(engine, "observations")) == before


@pytest.mark.feature(47)
def test_a_late_value_enters_history_at_its_place_and_never_replaces_the_newer(engine):
    give(engine, row("SUM-01", "445102", "2026-08", 8.0), row("SUM-01", "445102", "2026-10", 10.0))
    give(engine, row("SUM-01", "445102", "2026-09", 9.0))
    found = latest_row(engine)
    assert (found["period"], found["value"]) == ("2026-10", 10.0)
    assert found["history"] == [["2026-08", 8.0], ["2026-09", 9.0], ["2026-10", 10.0]]


def test_a_revised_value_is_a_new_vintage_and_says_so(engine):
    give(engine, row("SUM-01", "445102", "2026-09", 9.0))
    give(engine, row("SUM-01", "445102", "2026-09", 9.5), now=NOW + timedelta(hours=1))
    found = latest_row(engine)
    assert (found["value"], found["quality"], found["history"]) == (9.5, "revised", [["2026-09", 9.5]])
    assert count(engine, "observations") == 2


def test_an_older_period_revised_twice_is_compared_with_its_newest_vintage(engine):
    for value in (8.0, 8.5, 9.0):
        give(engine, row("SUM-01", "445102", "2026-08", value), row("SUM-01", "445102", "2026-09", 9.0))
    assert give(engine, row("SUM-01", "445102", "2026-08", 9.0)).unchanged == 1
    assert give(engine, row("SUM-01", "445102", "2026-08", 8.5)).taken == 1


def test_a_clock_that_stands_still_keeps_both_vintages(engine):
    for value in (1.0, 2.0, 3.0):
        give(engine, row("SUM-01", "445102", "2026-09", value))
    give(engine, row("SUM-01", "445102", "2026-09", 4.0), now=NOW - timedelta(hours=1))
    assert latest_row(engine)["value"] == 4.0
    assert count(engine, "observations") == 4


def test_a_blank_cell_never_erases_a_value(engine):
    give(engine, row("SUM-01", "445102", "2026-09", 9.0))
    receipt = give(engine, row("SUM-01", "445102", "2026-09", None, quality=("暂缺",)))
    assert (receipt.unchanged, latest_row(engine)["value"]) == (1, 9.0)


def test_a_value_announced_missing_is_kept_as_missing_with_its_reason(engine):
    give(engine, row("SUM-01", "445102", "2026-09", None, quality=("暂缺",)))
    assert (latest_row(engine)["value"], latest_row(engine)["quality"]) == (None, "暂缺")
    give(engine, row("SUM-01", "445102", "2026-09", 9.0))
    assert (latest_row(engine)["value"], latest_row(engine)["quality"]) == (9.0, "")


def test_a_missing_value_without_a_reason_waits(engine):
    receipt = give(engine, row("SUM-01", "445102", "2026-09", None))
    assert [reason.check for held in receipt.held for reason in held.reasons] == ["missing"]


def test_two_readings_of_one_minute_the_later_counts_in_either_order(engine):
    minute = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
    early = row("MIN-01", "445102", "2026-11-22T14:30", 1.0, observed_at=minute + timedelta(seconds=10))
    late = row("MIN-01", "445102", "2026-11-22T14:30", 2.0, observed_at=minute + timedelta(seconds=40))
    give(engine, late)
    receipt = give(engine, early)
    assert (receipt.unchanged, latest_row(engine, "MIN-01")["value"]) == (1, 2.0)
    give(engine, *(row("MIN-01", "445103", r.period, r.value, observed_at=r.observed_at) for r in (late, early)))
    assert latest_row(engine, "MIN-01", "445103")["value"] == 2.0
    assert latest_row(engine, "MIN-01", "445103")["quality"] == ""


def test_the_same_value_read_later_moves_the_instant_and_writes_no_vintage(engine):
    minute = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
    for seconds in (10, 40):
        give(engine, row("MIN-01", "445102", "2026-11-22T14:30", 1.0, observed_at=minute + timedelta(seconds=seconds)))
    assert count(engine, "observations") == 1
    assert latest_row(engine, "MIN-01")["observed_at"] == (minute + timedelta(seconds=40)).timestamp() * 1000


def test_a_year_to_date_figure_is_not_taken_for_that_of_the_month(engine):
    receipt = give(engine, row("SUM-01", "445102", "2026-09", 90.0, basis="ytd"))
    assert receipt.held[0].reasons[0].check == "basis"
    assert give(engine, row("SUM-01", "445102", "2026-01", 90.0, basis="ytd")).taken == 1


def test_year_to_date_figures_start_anew_in_january(engine):
    rows = [row("YTD-01", "445102", f"2025-{month:02d}", month * 10.0) for month in range(1, 13)]
    receipt = give(engine, *rows, row("YTD-01", "445102", "2026-01", 10.0))
    assert receipt.taken == 13


def test_zones_towns_and_dims_an_indicator_does_not_have_wait(engine):
    receipt = give(
        engine,
        row("SUM-01", "445122100000", "2026-09", 1.0),
        row("SUM-01", "445102", "2026-09", 1.0, dim="owner=民营"),
        row("SUM-01", "445102", "2026-09", 1.0, dim="industry=陶瓷\0"),
        row("SUM-01", "445102", "2026-09", 1.0, dim="industry=陶瓷"),
    )
    assert [held.reasons[0].check for held in receipt.held] == ["level", "dim", "dim"]
    assert receipt.taken == 1


def test_values_of_the_two_worlds_never_meet(engine):
    give(engine, row("SUM-01", "445102", "2026-09", 1.0))
    give(engine, row("SUM-01", "445102", "2026-09", 100.0), source="demo_counts")
    give(engine, row("SUM-01", "445102", "2026-10", 101.0), source="demo_counts")
    real, demo = latest_row(engine), latest_row(engine, world="demo")
    assert (real["value"], real["provenance"], len(real["history"])) == (1.0, "live", 1)
    assert (demo["value"], demo["provenance"], len(demo["history"])) == (101.0, "simulated", 2)


def test_an_unknown_source_is_refused_and_nothing_is_stored(engine):
    with pytest.raises(UnknownSource, match="nobody"):
        give(engine, row("SUM-01", "445102", "2026-09", 1.0), source="nobody")
    assert count(engine, "calls") == 0


def test_another_source_that_contradicts_waits_for_a_person(engine):
    give(engine, row("SUM-01", "445102", "2026-09", 100.0))
    rounded = give(engine, row("SUM-01", "445102", "2026-09", 100.04), source="bulletin")
    assert rounded.unchanged == 1
    contrary = give(engine, row("SUM-01", "445102", "2026-09", 101.0), source="bulletin")
    assert [reason.check for reason in contrary.held[0].reasons] == ["conflict"]
    assert latest_row(engine)["value"] == 100.0


def test_the_own_source_replaces_a_published_figure_and_the_bulletin_again_changes_nothing(engine):
    give(engine, row("SUM-01", "445102", "2026-09", 101.0), source="bulletin")
    assert give(engine, row("SUM-01", "445102", "2026-09", 100.0)).taken == 1
    assert give(engine, row("SUM-01", "445102", "2026-09", 101.0), source="bulletin").unchanged == 1
    assert (latest_row(engine)["value"], latest_row(engine)["quality"]) == (100.0, "revised")


def test_a_delivery_tells_its_topics_and_a_repeated_one_does_not(engine):
    give(engine, row("SUM-01", "445102", "2026-09", 1.0))
    with reading(engine) as connection:
        first = versions(connection)
    assert first == {"readings:real": 1, "theme:real:economy": 1, "sources": 1}
    give(engine, row("SUM-01", "445102", "2026-09", 1.0))
    with reading(engine) as connection:
        assert versions(connection) == first


def test_the_call_and_the_source_are_on_record(engine):
    receipt = give(engine, row("SUM-01", "445102", "2026-09", 1.0, line=7, raw="湘桥,1"), digest="d" * 64)
    with reading(engine) as connection:
        call = connection.execute(text("SELECT * FROM calls")).mappings().one()
        state = connection.execute(text("SELECT * FROM source_states")).mappings().one()
        raw = connection.execute(text("SELECT call_id, line, raw FROM call_rows")).one()
    assert (call["id"], call["actor"], call["outcome"], call["rows"]) == (receipt.call_id, "张敏", "taken", 1)
    assert (state["newest_period"], state["last_call_id"]) == ("2026-09", receipt.call_id)
    assert tuple(raw) == (receipt.call_id, 7, "湘桥,1")


def test_late_data_do_not_make_a_source_look_older(engine):
    for month in ("2026-10", "2026-07"):
        give(engine, row("SUM-01", "445102", month, 1.0))
    with reading(engine) as connection:
        assert connection.execute(text("SELECT newest_period FROM source_states")).scalar_one() == "2026-10"


def test_many_small_deliveries_in_one_transaction_are_as_if_taken_one_by_one(engine):
    deliveries = [delivery(row("SUM-01", "445102", "2026-09", value), source=s) for s in ("counts", "demo_counts")
                  for value in (1.0, 2.0, 2.0)]  # fmt: skip
    receipts = take_many(engine, CATALOGUE, deliveries, door="mqtt", by=CLERK, now=NOW)
    assert [(r.taken, r.unchanged) for r in receipts] == [(1, 0), (1, 0), (0, 1)] * 2
    assert len({r.call_id for r in receipts}) == 6
    assert latest_row(engine)["value"] == latest_row(engine, world="demo")["value"] == 2.0


def test_six_sources_deliver_at_once_and_none_fails(engine):
    def deliver(number: int) -> int:
        rows = [row("SUM-01", "445102", f"2026-{month:02d}", float(month)) for month in range(1, 11)]
        return give(engine, *rows, row("MIN-01", "445102", f"2026-11-22T13:{number:02d}", 20.0 + number % 3)).taken

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(deliver, range(24))) == 10 + 24
    assert count(engine, "observations") == 34


def test_history_keeps_the_newest_points_only(engine):
    rows = [row("MIN-01", "445102", f"2026-11-22T{hour:02d}:{minute:02d}", minute % 7)
            for hour in range(9, 14) for minute in range(60)]  # fmt: skip
    give(engine, *rows[100:])
    give(engine, *rows[:100])
    history = latest_row(engine, "MIN-01")["history"]
    assert [label for label, _ in history] == [r.period for r in rows[-180:]]


def test_a_database_that_is_full_keeps_nothing_of_the_delivery(engine, monkeypatch):
    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("indicators.calls.record", full)
    with pytest.raises(OSError, match="disk full"):
        give(engine, row("SUM-01", "445102", "2026-09", 1.0))
    assert count(engine, "observations") == count(engine, "latest") == 0


# Properties

months = st.integers(1, 10).map(lambda month: f"2026-{month:02d}")
true_value = {
    (code, region, f"2026-{month:02d}"): 100.0 + month
    for code in ("SUM-01", "LAS-01")
    for region in ("445102", "445103")
    for month in range(1, 11)
}
point = st.tuples(st.sampled_from(["SUM-01", "LAS-01"]), st.sampled_from(["445102", "445103"]), months)
batches = st.lists(st.lists(point, min_size=1, max_size=6), min_size=1, max_size=6)


def _state(engine):
    columns = "world, region, indicator, dim, period, value, quality, history"
    with reading(engine) as connection:
        return sorted(map(tuple, connection.execute(text(f"SELECT {columns} FROM latest"))))


@settings(max_examples=50)
@given(batches=batches, data=st.data())
def test_any_order_and_any_repetition_of_deliveries_ends_in_the_same_latest_and_history(
    batches, data, tmp_path_factory
):
    folder = tmp_path_factory.mktemp("orders")
    deliveries = [delivery(*(row(*point, true_value[point]) for point in batch)) for batch in batches]
    shuffled = data.draw(st.permutations([*deliveries, *data.draw(st.lists(st.sampled_from(deliveries), max_size=3))]))
    states = []
    for name, order in (("a", deliveries), ("b", shuffled)):
        engine = new_database(folder / f"{name}.db")
        for number, one in enumerate(order):
            take(engine, CATALOGUE, one, door="file", by=CLERK, now=NOW + timedelta(seconds=number))
        states.append(_state(engine))
        engine.dispose()
    assert states[0] == states[1]


nasty_text = st.text(max_size=8) | st.sampled_from(["", "\0", "\ud800", "x" * 300, "' OR 1=1"])
numbers = (
    st.none()
    | st.floats(allow_nan=True, allow_infinity=True)
    | st.sampled_from([1e308, -1e308, 5e-324, 10**400, 0.0, -0.0, 1.5])
)
nasty_rows = st.builds(
    row,
    code=st.sampled_from(["SUM-01", "RAT-01", "MIN-01", "YTD-01", "RNG-01", "TWN-01"]) | nasty_text,
    region=st.sampled_from([CITY, "445102", "4451-FQH", "445122100000"]) | nasty_text,
    period=st.sampled_from(["2026", "2026-Q1", "2026-01", "2026-10", "2099-01", "2026-11-22T13:05", "2026-02-30"])
    | nasty_text,
    value=numbers,
    numerator=numbers,
    denominator=numbers,
    dim=st.sampled_from(["", "industry=陶瓷", "owner=x"]) | nasty_text,
    basis=st.sampled_from([None, "period", "ytd", "point", "odd"]),
    quality=st.sampled_from([(), ("暂缺",), ("a b",), ("x" * 200,), ("",)]),
    line=st.none() | st.integers(1, 9),
    raw=nasty_text,
    observed_at=st.none()
    | st.sampled_from([NOW, NOW + timedelta(days=900), datetime(2026, 1, 1), datetime(1, 1, 1, tzinfo=UTC)]),
)


@pytest.fixture(scope="module")
def one_database(tmp_path_factory):
    engine = new_database(tmp_path_factory.mktemp("nasty") / "cockpit.db")
    yield engine
    engine.dispose()


@pytest.mark.feature(45)
@settings(max_examples=50)
@given(rows=st.lists(nasty_rows, max_size=8), unreadable=st.integers(0, 2))
def test_whatever_arrives_taken_unchanged_and_quarantined_make_all_rows(rows, unreadable, one_database):
    lost = [Unreadable(None, "\0", "?")] * unreadable
    receipt = give(one_database, *rows, unreadable=lost)
    assert receipt.rows == len(rows) + unreadable
    assert receipt.rows == receipt.taken + receipt.unchanged + len(receipt.held)
    assert all(held.reasons for held in receipt.held)
    with reading(one_database) as connection:
        stored = connection.execute(text("SELECT value FROM observations WHERE value IS NOT NULL")).scalars()
        assert all(abs(value) <= 1e15 for value in stored)


def test_the_nastiest_rows_are_kept_on_both_databases(engine):
    rows = [row("\0", "\ud800", "x" * 300, math.inf, dim="d" * 300, raw="\0\ud800" + "r" * 900, quality=("q" * 300,)),
            row("SUM-01", "445102", "2026-09", 10**400, observed_at=datetime(1, 1, 1, tzinfo=UTC))]  # fmt: skip
    assert len(give(engine, *rows).held) == 2


def test_a_file_of_misspelt_codes_does_not_take_minutes(engine):
    catalogue = small_catalogue(*(indicator(f"ABC-{number:03d}") for number in range(341)))
    rows = [row(f"ABX-{number}", "445102", "2026-09", 1.0) for number in range(3000)]
    receipt = take(engine, catalogue, delivery(*rows), door="file", by=CLERK, now=NOW)
    assert len(receipt.held) == 3000
