"""Every face of a row and of a tile: fresh, late, stale, dead, simulated, without value; what each must never do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.county_map import apart
from components.faces import failed, not_connected
from components.header import SourceCount, header
from components.kpi import kpi_row
from components.markup import markup
from components.place import Place
from components.shown import Shown
from components.situation import situation
from components.spark import spark
from components.target_bar import target_bar
from components.tile import Lit, theme_tile
from indicators.comparison import Gap, Progress
from indicators.definition import Indicator, Theme
from indicators.reading import Freshness, Provenance, Reading, World
from indicators.states import Light, ThemeState, Track

NOW = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)
PLACE = Place(World.DEMO, "445100", "445100")
ENTRY = Indicator(
    code="TST-01", theme="test_theme", name="满意率（累计）", definition="x", unit="%", decimals=1, frequency="daily",
    basis="period", direction="higher_better", aggregation="ratio", levels=("city",), owner="some_office", source="s_1",
)  # fmt: skip
THEME = Theme(
    id="test_theme", name="测试主题", short="测试", group="g", function="公共服务", dimension="d",
    lead=("some_office",), plan_projects=(1,), description="x",
)  # fmt: skip


def reading(freshness: Freshness, provenance: Provenance, value: float | None = 95.1) -> Reading:
    moment = NOW - timedelta(days=2)
    reason = None if value is not None else "未接入，计划 2027 年，责任单位 某局"
    return Reading(
        "TST-01", "445100", "2026-11-20", value, "%", moment, moment, freshness, provenance, "s_1", World.DEMO,
        reason=reason,
    )  # fmt: skip


def shown(freshness: Freshness, provenance: Provenance, value: float | None = 95.1) -> Shown:
    stale = freshness in {Freshness.STALE, Freshness.DEAD}
    track = Track.MISSING if value is None else Track.STALE if stale else Track.ON
    return Shown(ENTRY, reading(freshness, provenance, value), track, "某局", trend=(1.0, 2.0, 3.0))


@pytest.mark.feature(48)
@pytest.mark.parametrize("freshness", list(Freshness))
def test_a_simulated_value_is_marked_in_every_state(freshness: Freshness) -> None:
    row = markup(kpi_row(shown(freshness, Provenance.SIMULATED), PLACE, NOW))
    assert "模</i>" in row
    assert 'class="k' in row and " sim" in row.split(">")[0]
    assert "模拟数据" in row


@pytest.mark.feature(41)
@pytest.mark.feature(42)
@pytest.mark.parametrize(
    ("freshness", "mark", "is_grey"),
    [
        (Freshness.FRESH, "", False),
        (Freshness.LATE, "迟", False),
        (Freshness.STALE, "过期", True),
        (Freshness.DEAD, "中断", True),
    ],
)
def test_the_last_value_stays_and_says_how_old_it_is(freshness: Freshness, mark: str, is_grey: bool) -> None:
    row = markup(kpi_row(shown(freshness, Provenance.LIVE), PLACE, NOW))
    assert "95.1" in row
    assert mark in row
    assert ('class="k stale"' in row) == is_grey
    assert ("2 天前" in row) == is_grey
    assert ("不计入态势" in row) == is_grey


def test_a_value_that_is_missing_is_a_dash_with_its_reason_and_has_no_seal() -> None:
    row = markup(kpi_row(shown(Freshness.DEAD, Provenance.SIMULATED, None), PLACE, NOW))
    assert ">—<" in row and "未接入" in row and "责任单位 某局" in row
    assert "模</i>" not in row and ">0<" not in row


@pytest.mark.feature(1)
@pytest.mark.parametrize("light", list(Light))
def test_a_tile_names_its_state_for_those_who_do_not_see_it(light: Light) -> None:
    state = ThemeState("test_theme", light, "原因在此", "TST-01", (), 1, 1, 0, 0)
    tile = markup(theme_tile(Lit(THEME, state, shown(Freshness.FRESH, Provenance.LIVE)), PLACE, NOW, "规则在此"))
    word = {"ok": "正常", "at": "关注", "st": "过期", "off": "未接入"}[light.value]
    assert f'aria-label="测试主题，{word}，满意率 95.1%"' in tile
    assert "原因在此" in tile and "规则：规则在此" in tile
    assert f'class="t {light.value}"' in tile
    for level in ("L1", "L2", "L3", "L4"):
        assert level not in tile


def test_counts_that_do_not_add_up_are_an_error_not_a_picture() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        situation({Light.NORMAL: 20, Light.ATTENTION: 6}, 27, "")


def test_the_label_of_the_demo_city_is_there_in_the_demo_city_and_nowhere_else() -> None:
    count = SourceCount(3, 4, 1, 2)
    demo = markup(header("x", "y", PLACE, "/", count))
    real = markup(header("x", "y", Place(World.REAL, "445100", "445100"), "/", count))
    assert "演示数据 · 模拟" in demo and "演示数据 · 模拟" not in real
    assert "1 路过期" in demo and "75.0%" in demo


@given(st.floats(0, 1e6), st.floats(0.0, 1.0), st.booleans())
def test_the_bar_never_leaves_its_line(completion: float, mark: float, behind: bool) -> None:
    bar = markup(target_bar(Progress(completion, mark, behind, Gap.REACHED, 1.0, False, 1.0, "规划")))
    width = float(bar.split("width:")[1].split("%")[0])
    assert 0 <= width <= 100
    assert ('class="lo"' in bar) == behind


@given(st.lists(st.one_of(st.none(), st.floats(-1e9, 1e9)), max_size=40), st.one_of(st.none(), st.floats(-1e9, 1e9)))
def test_a_spark_stays_in_its_box_and_shows_at_most_twelve_points(
    values: list[float | None], target: float | None
) -> None:
    drawn = spark(values, target)
    if 'class="ln"' not in drawn:
        assert len([value for value in values if value is not None]) < 2
        return
    points = drawn.split('class="ln" d="M')[1].split('"')[0].split("L")
    assert 2 <= len(points) <= 12
    for point in points:
        x, y = map(float, point.split())
        assert 0 <= x <= 92 and 0 <= y <= 30


@given(st.lists(st.tuples(st.floats(0, 900), st.floats(0, 960)), min_size=1, max_size=4, unique=True))
def test_labels_on_the_map_keep_their_number_and_part(spots: list[tuple[float, float]]) -> None:
    moved = apart(spots)
    assert len(moved) == len(spots)
    if len(moved) == 2:
        (ax, ay), (bx, by) = moved
        assert abs(ax - bx) >= 149 or abs(ay - by) >= 61


def test_faces_without_content_say_what_and_whose() -> None:
    assert "计划 2027 年" in markup(not_connected("某平台", "2027 年", "某局")) and "某局" in markup(
        not_connected("x", None, "某局")
    )
    assert 'role="alert"' in markup(failed("财政接口", "504")) and "重试" in markup(failed("财政接口", "504"))
