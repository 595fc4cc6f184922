"""The light of a theme follows from its indicators by the rule on screen; stale values judge nothing; sums add up."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.definition import Bands, Indicator, StateRule, Target
from indicators.reading import Freshness, Provenance, Reading, World
from indicators.states import Light, Track, tally, theme_state, track

RULE = StateRule(attention_share=0.25, headline_counts_alone=True, words="规则")
PATIENT = StateRule(attention_share=0.5, headline_counts_alone=False, words="规则")


def indicator(number: int = 1, *, headline: bool = False, **more: object) -> Indicator:
    entry = {
        "code": f"TST-{number:02}", "theme": "test_theme", "name": f"指标{number}", "definition": "x", "unit": "%",
        "decimals": 1, "frequency": "daily", "basis": "period", "direction": "lower_better", "aggregation": "ratio",
        "levels": ("city",), "owner": "some_office", "source": "some_source", "headline": headline,
        "bands": Bands(attention_above=100, reason="r", owner="some_office"),
    }  # fmt: skip
    return Indicator(**(entry | more))


def reading(number: int = 1, value: float | None = 50.0, freshness: Freshness = Freshness.FRESH) -> Reading:
    moment = datetime(2026, 11, 21, 16, tzinfo=UTC)
    return Reading(
        f"TST-{number:02}", "445100", "2026-11-21", value, "%", moment, moment, freshness,
        Provenance.LIVE, "some_source", World.REAL, reason=None if value is not None else "没有",
    )  # fmt: skip


@pytest.mark.feature(2)
@pytest.mark.parametrize(
    ("bands", "target", "value", "expected"),
    [
        ({"attention_above": 100}, None, 100.0, Track.ON),
        ({"attention_above": 100}, None, 100.1, Track.OFF),
        ({"attention_below": 90}, None, 89.9, Track.OFF),
        ({"attention_below": 90, "attention_above": 110}, None, 100.0, Track.ON),
        ({"attention_below": 90, "attention_above": 110}, None, 111.0, Track.OFF),
        (None, {"op": ">=", "value": 95, "due": "2025"}, 94.9, Track.OFF),
        (None, {"op": ">=", "value": 95, "due": "2025"}, 95.0, Track.ON),
        (None, {"op": ">=", "value": 95, "due": "2030"}, 10.0, Track.ON),
        (None, {"op": "<=", "value": 0}, 1.0, Track.OFF),
        (None, {"op": "<=", "value": 0}, 0.0, Track.ON),
        (None, {"words": "稳步提升"}, 1.0, Track.WITHOUT_YARDSTICK),
        (None, None, 1.0, Track.WITHOUT_YARDSTICK),
        ({"attention_above": 200}, {"op": ">=", "value": 95}, 90.0, Track.OFF),
        ({"attention_above": 92}, {"op": ">=", "value": 80}, 95.0, Track.OFF),
    ],
)
def test_an_indicator_is_off_track_past_its_edges_or_short_of_a_due_target(bands, target, value, expected) -> None:
    entry = indicator(
        bands=Bands(reason="r", owner="some_office", **bands) if bands else None,
        target=Target(place="规划", **target) if target else None,
    )
    assert track(entry, reading(value=value)) is expected


@pytest.mark.feature(41)
@pytest.mark.parametrize("freshness", [Freshness.STALE, Freshness.DEAD])
def test_a_stale_value_far_past_its_edge_judges_nothing(freshness: Freshness) -> None:
    assert track(indicator(), reading(value=999.0, freshness=freshness)) is Track.STALE
    state = theme_state(
        "t",
        [indicator(1, headline=True), indicator(2)],
        {"TST-01": reading(1), "TST-02": reading(2, 999.0, freshness)},
        RULE,
    )
    assert (state.light, state.stale, state.off_track) == (Light.NORMAL, 1, ())


def test_a_late_value_still_judges() -> None:
    assert track(indicator(), reading(value=999.0, freshness=Freshness.LATE)) is Track.OFF


@pytest.mark.feature(2)
def test_one_headline_off_track_is_enough_where_the_rule_says_so() -> None:
    entries = [indicator(1, headline=True), *(indicator(n) for n in range(2, 11))]
    found = {f"TST-{n:02}": reading(n, 101.0 if n == 1 else 1.0) for n in range(1, 11)}
    lit = theme_state("t", entries, found, RULE)
    assert (lit.light, lit.headline, lit.off_track) == (Light.ATTENTION, "TST-01", ("TST-01",))
    assert "指标1" in lit.reason
    assert theme_state("t", entries, found, PATIENT).light is Light.NORMAL


@pytest.mark.feature(2)
@given(st.lists(st.sampled_from(["on", "off", "stale", "missing"]), min_size=1, max_size=20), st.floats(0.05, 1.0))
def test_the_share_counts_only_what_is_judged(faces: list[str], share: float) -> None:
    rule = StateRule(attention_share=share, headline_counts_alone=False, words="规则")
    made = {
        "on": lambda n: reading(n, 1.0),
        "off": lambda n: reading(n, 999.0),
        "stale": lambda n: reading(n, 999.0, Freshness.STALE),
        "missing": lambda n: reading(n, None, Freshness.DEAD),
    }
    entries = [indicator(n) for n in range(1, len(faces) + 1)]
    found = {f"TST-{n:02}": made[face](n) for n, face in enumerate(faces, 1)}
    state = theme_state("t", entries, found, rule)
    judged, off = faces.count("on") + faces.count("off"), faces.count("off")
    assert (state.judged, state.stale, state.missing) == (judged, faces.count("stale"), faces.count("missing"))
    if judged:
        assert (state.light is Light.ATTENTION) == (off / judged >= share)
    else:
        assert state.light is (Light.STALE if "stale" in faces else Light.UNCONNECTED)


def test_when_all_headlines_are_stale_the_theme_says_so_and_names_them() -> None:
    entries = [indicator(1, headline=True), indicator(2)]
    found = {"TST-01": reading(1, 5.0, Freshness.DEAD), "TST-02": reading(2, 999.0)}
    state = theme_state("t", entries, found, RULE)
    assert state.light is Light.STALE
    assert "指标1" in state.reason


def test_a_theme_without_any_value_is_unconnected_and_names_no_headline() -> None:
    state = theme_state("t", [indicator(1, headline=True)], {}, RULE)
    assert (state.light, state.headline, state.missing) == (Light.UNCONNECTED, None, 1)


def test_figures_kept_only_for_the_record_do_not_count() -> None:
    state = theme_state("t", [indicator(1), indicator(2, historical=True)], {"TST-02": reading(2, 999.0)}, RULE)
    assert (state.light, state.missing) == (Light.UNCONNECTED, 1)


@pytest.mark.feature(1)
def test_the_shipped_27_themes_add_up_whatever_has_arrived(catalogue) -> None:
    for found in ({}, {code: _of(entry) for code, entry in catalogue.indicators.items()}):
        states = [theme_state(t, catalogue.indicators_of(t), found, catalogue.state_rule) for t in catalogue.themes]
        counts = tally(states)
        assert sum(counts.values()) == len(catalogue.themes) == 27
        assert set(counts) == set(Light)


def _of(entry: Indicator) -> Reading:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    period = {"yearly": "2025", "quarterly": "2025-Q4", "monthly": "2025-12", "daily": "2025-12-31"}
    label = period.get(entry.frequency.value, "2025-12-31T23" if entry.frequency == "hourly" else "2025-12-31T23:55")
    return Reading(
        entry.code, "445100", label, 1.0, entry.unit, moment, moment, Freshness.FRESH, Provenance.LIVE, entry.source,
        World.REAL, basis=entry.basis,
    )  # fmt: skip
