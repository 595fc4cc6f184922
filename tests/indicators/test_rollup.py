"""Counties make the city exactly, only together, and never against a source that knows the city itself."""

from __future__ import annotations

import math
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from database.engine import reading
from indicators.intake import take
from indicators.readings import breakdown, latest
from small_city import CITY, CLERK, COUNTIES, NOW, TOWNS, delivery, indicator, new_database, row, small_catalogue

CATALOGUE = small_catalogue()


def give(engine, *rows, source="counts", now=NOW):
    return take(engine, CATALOGUE, delivery(*rows, source=source), door="file", by=CLERK, now=now)


def show(engine, code, region=CITY, world="real"):
    with reading(engine) as connection:
        return latest(connection, CATALOGUE, CLERK, world=world, region=region, now=NOW)[code]


def test_a_rate_of_the_city_is_no_average_of_the_rates_of_its_counties(engine):
    sizes = dict(zip(COUNTIES, (1000, 10, 10, 10), strict=True))
    give(
        engine,
        *(
            row("RAT-01", region, "2026-09", None, numerator=size * (0.5 if size == 1000 else 1.0), denominator=size)
            for region, size in sizes.items()
        ),
    )
    found = show(engine, "RAT-01")
    assert found.value == 100 * 530 / 1030
    assert (found.numerator, found.denominator, found.quality) == (530, 1030, ("rolled_up",))
    assert show(engine, "RAT-01", "445102").value == 50.0


def test_a_county_where_nothing_happened_counts_with_nothing(engine):
    give(engine, *(row("RAT-01", region, "2026-09", None, numerator=5.0, denominator=10.0) for region in COUNTIES[:3]))
    give(engine, row("RAT-01", COUNTIES[3], "2026-09", None, numerator=0.0, denominator=0.0))
    assert show(engine, "RAT-01").value == 50.0


def test_where_nothing_happened_anywhere_the_rate_is_missing_and_not_zero(engine):
    give(engine, *(row("RAT-01", region, "2026-09", None, numerator=0.0, denominator=0.0) for region in COUNTIES))
    found = show(engine, "RAT-01")
    assert (found.value, found.reason) == (None, "分母为 0，无法计算")


def test_rates_without_their_parts_make_no_city(engine):
    give(engine, *(row("RAT-01", region, "2026-09", 50.0) for region in COUNTIES))
    assert show(engine, "RAT-01").value is None


def test_zones_are_never_added(engine):
    give(engine, *(row("SUM-01", region, "2026-09", 1.0) for region in (*COUNTIES, "4451-FQH")))
    assert show(engine, "SUM-01").value == 4.0


def test_what_has_no_rule_is_not_rolled_up(engine):
    give(engine, *(row("LAS-01", region, "2026-09", 1.0) for region in COUNTIES))
    assert show(engine, "LAS-01").value is None


def test_a_source_that_delivers_the_city_itself_wins_in_either_order(engine):
    give(engine, row("SUM-01", CITY, "2026-08", 41.0))
    give(engine, *(row("SUM-01", region, month, 10.0) for region in COUNTIES for month in ("2026-08", "2026-09")))
    assert [value for _, value in show(engine, "SUM-01").history] == [41.0, 40.0]
    give(engine, row("SUM-01", CITY, "2026-09", 40.0))
    give(engine, row("SUM-01", COUNTIES[0], "2026-09", 11.0), now=NOW + timedelta(days=1))
    found = show(engine, "SUM-01")
    assert (found.value, found.quality) == (40.0, ())


def test_a_late_county_completes_an_older_month_and_leaves_the_newer_alone(engine):
    give(engine, *(row("SUM-01", region, "2026-09", 2.0) for region in COUNTIES))
    give(engine, *(row("SUM-01", region, "2026-08", 1.0) for region in COUNTIES[:3]))
    assert show(engine, "SUM-01").history == (("2026-09", 8.0),)
    give(engine, row("SUM-01", COUNTIES[3], "2026-08", 1.0))
    assert show(engine, "SUM-01").history == (("2026-08", 4.0), ("2026-09", 8.0))


def test_a_revised_county_revises_the_city(engine):
    give(engine, *(row("SUM-01", region, "2026-09", 10.0) for region in COUNTIES))
    give(engine, row("SUM-01", COUNTIES[1], "2026-09", 15.0), now=NOW + timedelta(days=1))
    found = show(engine, "SUM-01")
    assert (found.value, found.quality) == (45.0, ("rolled_up", "revised"))


def test_towns_make_their_county_and_that_county_the_city(engine):
    give(engine, *(row("TWN-01", region, "2026-09", 10.0) for region in COUNTIES if region != "445122"))
    assert show(engine, "TWN-01").value is None
    give(engine, *(row("TWN-01", town, "2026-09", 2.0) for town in TOWNS))
    assert show(engine, "TWN-01", "445122").value == 6.0
    assert show(engine, "TWN-01").value == 36.0


def test_towns_do_not_overrule_a_county_that_was_delivered(engine):
    give(engine, row("TWN-01", "445122", "2026-09", 7.0))
    give(engine, *(row("TWN-01", town, "2026-09", 2.0) for town in TOWNS))
    assert show(engine, "TWN-01", "445122").value == 7.0


def test_a_total_that_is_not_the_sum_of_its_parts_waits_with_all_of_them(engine):
    receipt = give(
        engine, row("SUM-01", CITY, "2026-09", 50.0), *(row("SUM-01", region, "2026-09", 10.0) for region in COUNTIES)
    )
    assert [held.reasons[0].check for held in receipt.held] == ["parts"] * 5


def test_each_industry_is_rolled_up_for_itself(engine):
    give(engine, *(row("SUM-01", region, "2026-09", 1.0, dim="industry=陶瓷") for region in COUNTIES))
    give(engine, row("SUM-01", COUNTIES[0], "2026-09", 1.0, dim="industry=食品"))
    with reading(engine) as connection:
        parts = breakdown(connection, CATALOGUE, CLERK, world="real", code="SUM-01", region=CITY, now=NOW)
    assert {dim: found.value for dim, found in parts.items()} == {"industry=陶瓷": 4.0}


def test_the_two_worlds_are_rolled_up_apart(engine):
    give(engine, *(row("SUM-01", region, "2026-09", 1.0) for region in COUNTIES[:2]))
    give(engine, *(row("SUM-01", region, "2026-09", 1.0) for region in COUNTIES[2:]), source="demo_counts")
    assert show(engine, "SUM-01").value is None
    assert show(engine, "SUM-01", world="demo").value is None


def test_the_city_is_as_direct_as_its_least_direct_county(engine):
    give(engine, *(row("SUM-01", region, "2026-09", 1.0) for region in COUNTIES[:3]))
    give(engine, row("SUM-01", COUNTIES[3], "2026-09", 1.0), source="bulletin")
    found = show(engine, "SUM-01")
    assert (found.provenance, found.source) == ("published", "counts")


def test_a_sum_does_not_depend_on_the_order_of_its_parts(engine):
    give(
        engine, *(row("SUM-01", region, "2026-09", v) for region, v in zip(COUNTIES, (0.1, 0.2, 0.3, 0.4), strict=True))
    )
    give(
        engine, *(row("SUM-01", region, "2026-10", v) for region, v in zip(COUNTIES, (0.3, 0.4, 0.2, 0.1), strict=True))
    )
    assert [value for _, value in show(engine, "SUM-01").history] == [1.0, 1.0]


def test_a_repeated_delivery_makes_no_new_city(engine):
    rows = [row("SUM-01", region, "2026-09", 0.1) for region in COUNTIES]
    for day in range(3):
        give(engine, *rows, now=NOW + timedelta(days=day))
    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM observations")).scalar_one() == 5
    assert show(engine, "SUM-01").value == math.fsum([0.1] * 4)


values = st.floats(0, 1e9, allow_nan=False)


@settings(max_examples=50)
@given(parts=st.lists(st.tuples(values, values), min_size=4, max_size=4), order=st.permutations(range(4)))
def test_the_city_is_exactly_the_sum_of_its_counties_in_any_order(parts, order, tmp_path_factory):
    engine = new_database(tmp_path_factory.mktemp("sums") / "cockpit.db")
    catalogue = small_catalogue(indicator("SUM-01"), indicator("RAT-01", aggregation="weighted", scale=3))
    for number in order:
        part, whole = parts[number]
        rows = (row("SUM-01", COUNTIES[number], "2026-09", part),
                row("RAT-01", COUNTIES[number], "2026-09", None, numerator=part, denominator=whole))  # fmt: skip
        take(engine, catalogue, delivery(*rows), door="file", by=CLERK, now=NOW)
    with reading(engine) as connection:
        city = latest(connection, catalogue, CLERK, world="real", region=CITY, now=NOW)
    numerator, denominator = math.fsum(p for p, _ in parts), math.fsum(w for _, w in parts)
    assert city["SUM-01"].value == numerator
    if denominator and all(w == 0 or 3 * p / w <= 1e15 for p, w in parts) and all(w or not p for p, w in parts):
        assert city["RAT-01"].value == 3 * numerator / denominator
    engine.dispose()
