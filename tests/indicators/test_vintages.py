"""What was known on a given day, and every value a period ever had."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from database.engine import reading
from indicators.intake import take
from indicators.readings import history, revisions
from small_city import CITY, CLERK, COUNTIES, NOW, delivery, new_database, row, small_catalogue

CATALOGUE = small_catalogue()
DAY = timedelta(days=1)


def give(engine, *rows, now=NOW):
    take(engine, CATALOGUE, delivery(*rows), door="file", by=CLERK, now=now)


def past(engine, region="445102", **more):
    with reading(engine) as connection:
        found = history(connection, CATALOGUE, CLERK, world="real", code="SUM-01", region=region, **more)
    return {one.period: one.value for one in found}


@pytest.mark.feature(33)
def test_a_day_shows_exactly_what_was_known_on_it(engine):
    give(engine, row("SUM-01", "445102", "2026-08", 8.0))
    give(engine, row("SUM-01", "445102", "2026-09", 9.0), now=NOW + DAY)
    give(engine, row("SUM-01", "445102", "2026-08", 8.8), now=NOW + 2 * DAY)
    assert past(engine, known_at=NOW - DAY) == {}
    assert past(engine, known_at=NOW) == {"2026-08": 8.0}
    assert past(engine, known_at=NOW + DAY) == {"2026-08": 8.0, "2026-09": 9.0}
    assert past(engine) == {"2026-08": 8.8, "2026-09": 9.0}


@pytest.mark.feature(33)
def test_the_city_as_known_before_a_county_was_revised(engine):
    give(engine, *(row("SUM-01", region, "2026-09", 10.0) for region in COUNTIES))
    give(engine, row("SUM-01", "445103", "2026-09", 15.0), now=NOW + DAY)
    assert past(engine, CITY, known_at=NOW) == {"2026-09": 40.0}
    assert past(engine, CITY) == {"2026-09": 45.0}
    with reading(engine) as connection:
        every = revisions(connection, CATALOGUE, CLERK, world="real", code="SUM-01", region=CITY, period="2026-09")
    assert [(one.value, one.quality) for one in every] == [(40.0, ("rolled_up",)), (45.0, ("rolled_up", "revised"))]
    assert [one.known_at for one in every] == [NOW, NOW + DAY]


def test_a_span_may_be_given_in_years_quarters_or_months(engine):
    give(
        engine,
        *(row("SUM-01", "445102", f"{year}-{month:02d}", 1.0) for year in (2024, 2025) for month in range(1, 13)),
    )
    assert len(past(engine, start="2025", end="2025")) == 12
    assert list(past(engine, start="2025-Q2", end="2025-06")) == ["2025-04", "2025-05", "2025-06"]
    assert len(past(engine, end="2024-03")) == 3
    with pytest.raises(ValueError, match="not a period"):
        past(engine, start="yesterday")


steps = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from([100.0, 101.0, 102.0])), min_size=1, max_size=12
)  # month, value


@pytest.mark.feature(33)
@settings(max_examples=50)
@given(steps=steps)
def test_for_every_day_the_view_equals_a_replay_up_to_that_day(steps, tmp_path_factory):
    engine = new_database(tmp_path_factory.mktemp("replay") / "cockpit.db")
    known: list[dict[str, float]] = []
    for number, (month, value) in enumerate(steps):
        label = f"2026-{month:02d}"
        give(engine, row("SUM-01", "445102", label, value), now=NOW + number * DAY)
        known.append({**(known[-1] if known else {}), label: value})
    for number, expected in enumerate(known):
        assert past(engine, known_at=NOW + number * DAY) == expected
    engine.dispose()
