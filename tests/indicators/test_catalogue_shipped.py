"""The shipped catalogue: complete against the plan, thought through figure by figure, cheap to load."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from datasources import file, kind
from indicators.catalogue import load
from indicators.definition import RegionKind
from indicators.freshness import judge
from indicators.reading import Freshness, Provenance, World

ROOT = Path(__file__).resolve().parents[2]
PLAN = Path(__file__).parent / "fixtures" / "catalogue"


def rows(name: str) -> list[dict[str, str]]:
    with (PLAN / name).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


INDICATOR_ROWS = rows("plan_indicators.csv")


@pytest.mark.feature(151)
def test_there_are_27_themes_and_341_indicators(catalogue) -> None:
    assert len(catalogue.themes) == 27
    of_the_ledger = {code for code in catalogue.indicators if "EVT-14" <= code <= "EVT-27"}
    assert len(catalogue.indicators) - len(of_the_ledger) == 341
    assert len(of_the_ledger) == 14
    assert sum(indicator.headline for indicator in catalogue.indicators.values()) == 80


@pytest.mark.feature(151)
def test_every_theme_of_the_proposal_is_there_with_its_projects_and_lead(catalogue) -> None:
    for row in rows("plan_themes.csv"):
        theme = catalogue.themes[row["id"]]
        assert (theme.name, theme.short, theme.group) == (row["name_zh"], row["short_zh"], row["domain"])
        assert (theme.function, theme.dimension) == (row["function5"], row["plan_dimension8"])
        assert theme.plan_projects == tuple(int(number) for number in row["plan_projects"].split(";"))
        lead = [catalogue.departments[key].name for key in theme.lead]
        assert lead == [SAME_UNIT.get(name, name) for name in re.split("[、]", row["lead_department"].split("（")[0])]


def test_the_themes_cover_all_45_projects_of_the_plan(catalogue) -> None:
    assert {number for theme in catalogue.themes.values() for number in theme.plan_projects} == set(range(1, 46))


@pytest.mark.feature(25)
@pytest.mark.parametrize("row", INDICATOR_ROWS, ids=[row["code"] for row in INDICATOR_ROWS])
def test_every_row_of_the_proposal_is_in_the_catalogue(catalogue, row) -> None:
    found = catalogue.indicators[row["code"]]
    assert (found.theme, found.name, found.unit) == (row["theme_id"], row["name_zh"], row["unit"])
    assert (found.frequency, found.direction) == (row["frequency"], row["direction"])
    assert (found.aggregation, found.headline) == (row["aggregation"], row["headline"] == "1")
    assert catalogue.departments[found.owner].name == SAME_UNIT.get(row["owner_department"], row["owner_department"])
    assert catalogue.sources[found.source].name.startswith(row["data_source"])
    assert _target(found) == (row["target_op"], float(row["target_value"]) if row["target_value"] else None)
    assert _baseline(found) == (float(row["baseline_value"]) if row["baseline_value"] else None)


SAME_UNIT = {"市城市管理执法局": "市城管执法局"}


def _target(found) -> tuple[str, float | None]:
    return ("", None) if found.target is None or found.target.op is None else (found.target.op, found.target.value)


def _baseline(found) -> float | None:
    return found.baseline.value if found.baseline else None


@pytest.mark.feature(25)
def test_every_indicator_says_what_it_counts_and_how(catalogue) -> None:
    definitions = Counter(indicator.definition for indicator in catalogue.indicators.values())
    assert max(definitions.values()) == 1, "two indicators cannot count the same thing"
    for indicator in catalogue.indicators.values():
        assert len(indicator.definition) >= 8 and indicator.definition != indicator.name
        if indicator.aggregation in ("ratio", "mean", "weighted"):
            assert indicator.formula and "分子（" in indicator.formula and "分母（" in indicator.formula
        assert indicator.rationale and catalogue.departments[indicator.owner] and catalogue.source(indicator.source)


def test_percentages_are_computed_and_bounded(catalogue) -> None:
    beyond = {"PRJ-03", "CTR-02", "WAT-04", "IND-07", "ENG-05", "MKT-04", "BUS-12"}
    for indicator in catalogue.indicators.values():
        if indicator.unit != "%":
            continue
        bounds = (indicator.arrival.low, indicator.arrival.high)
        if "增速" in indicator.name:
            assert bounds == (-100, 500), indicator.code
        elif indicator.code not in beyond:
            assert bounds == (0, 100), indicator.code
        if indicator.aggregation in ("ratio", "weighted", "mean"):
            assert indicator.scale == 100, indicator.code


def test_published_cumulative_figures_are_year_to_date(catalogue) -> None:
    """The trap of the bulletins: their quarters are January to the end of the quarter."""
    for code in ("ECO-01", "ECO-02", "ECO-03", "ECO-04", "ECO-05", "ECO-07", "ECO-08", "ECO-10", "IND-05", "AGR-01"):
        assert catalogue.indicators[code].basis == "ytd", code
    assert catalogue.indicators["AGR-04"].basis == "point"
    for indicator in catalogue.indicators.values():
        if "（累计）" in indicator.name:
            assert indicator.basis == "ytd", indicator.code


def test_the_published_table_agrees_with_the_catalogue(catalogue) -> None:
    with (ROOT / "indicators" / "published" / "mapping.csv").open(encoding="utf-8-sig", newline="") as opened:
        for row in csv.DictReader(opened):
            indicator = catalogue.indicators[row["indicator"]]
            assert (indicator.frequency, indicator.basis) == (row["frequency"], row["basis"]), row["title"]


def test_rounded_figures_of_the_plan_are_marked_and_exact_ones_are_not(catalogue) -> None:
    rounded = {
        "BUS-08",
        "BUS-13",
        "PRT-12",
        "AGR-05",
        "GOV-09",
        "HLT-12",
        "INF-04",
        "INF-08",
        "INF-09",
        "INF-10",
        "DAT-13",
    }
    exact = {"URB-01", "URB-02", "URB-03", "INF-01", "EDU-05", "HLT-04", "BUS-09"}
    for code in rounded | exact:
        assert catalogue.indicators[code].baseline.approximate == (code in rounded), code


def test_promises_without_a_number_stay_words(catalogue) -> None:
    worded = {i.code for i in catalogue.indicators.values() if i.target and i.target.words}
    assert worded == {"IND-14", "INV-12", "CTR-05", "EDU-07", "LIV-12", "DAT-08"}
    assert catalogue.indicators["TRF-05"].baseline is None


def test_the_health_code_is_history(catalogue) -> None:
    assert {i.code for i in catalogue.indicators.values() if i.historical} == {"HLT-12", "HLT-13"}


@pytest.mark.feature(35)
def test_every_band_has_a_reason_and_an_owner(catalogue) -> None:
    banded = [indicator for indicator in catalogue.indicators.values() if indicator.bands]
    assert len(banded) >= 25
    for indicator in banded:
        assert len(indicator.bands.reason) >= 8
        assert indicator.bands.owner in catalogue.departments
    assert catalogue.indicators["ENV-01"].bands.attention_above == 100
    assert catalogue.indicators["ENV-03"].bands.attention_above == 35
    assert catalogue.indicators["ENV-04"].bands.attention_above == 160
    assert catalogue.indicators["CTR-02"].bands.attention_above == 80


@pytest.mark.feature(151)
def test_regions_add_up_to_the_city_and_zones_do_not(catalogue) -> None:
    assert [region.code for region in catalogue.children("445100")] == ["445102", "445103", "445122", "445185"]
    assert [region.name for region in catalogue.children("445185")] == ["枫溪镇"]
    assert Counter(region.kind for region in catalogue.regions.values()) == {
        RegionKind.CITY: 1, RegionKind.COUNTY: 4, RegionKind.ZONE: 3, RegionKind.TOWN: 51
    }  # fmt: skip
    assert not catalogue.regions["445185"].official
    assert catalogue.regions["445103121"].division == "445103"
    assert len(catalogue.within("445100")) == 1 + 4 + 51


def test_every_source_has_an_owner_a_kind_and_a_promise(catalogue) -> None:
    combinations = {(row["data_source"], row["owner_department"], _class(row["frequency"])) for row in INDICATOR_ROWS}
    feeding = {indicator.source for indicator in catalogue.indicators.values()}
    assert len(feeding) == len(combinations)
    ways = {"yearly": "file", "quarterly": "file", "monthly": "file", "daily": "push", "hourly": "mqtt", "live": "mqtt"}
    for indicator in catalogue.indicators.values():
        source = catalogue.sources[indicator.source]
        assert source.kind == ways[_class(indicator.frequency)], source.key
        assert not source.connected, "nothing is linked up yet"


def _class(frequency: str) -> str:
    return "live" if frequency in ("minute", "realtime") else frequency


def test_statistics_are_due_on_their_day_of_the_calendar(catalogue) -> None:
    assert catalogue.sources["industry_direct_report"].cadence.day == 20
    assert catalogue.sources["provincial_gdp_accounting"].cadence.day == 25
    yearly = catalogue.sources["business_environment"].cadence
    assert (yearly.month, yearly.day) == (3, 31)
    assert catalogue.sources["air_stations_hourly"].cadence.at == "00:15"
    assert catalogue.sources["tourist_complaints"].cadence.at == "09:00"


def test_sources_that_are_not_linked_up_say_so_and_their_twins_do_not(catalogue, now) -> None:
    standing = judge(catalogue.source("air_stations_hourly"), newest_period=None, newest_observed_at=None, now=now)
    assert standing.freshness is Freshness.DEAD and "未接入" in standing.reason
    assert catalogue.source("demo_air_stations_hourly").connected


def test_every_feeding_source_has_a_simulated_twin_of_the_other_world(catalogue) -> None:
    feeding = {indicator.source for indicator in catalogue.indicators.values()}
    assert set(catalogue.twins) == {f"demo_{key}" for key in feeding}
    for key, twin in catalogue.twins.items():
        model = catalogue.source(key.removeprefix("demo_"))
        assert (twin.kind, twin.cadence, twin.options) == (model.kind, model.cadence, model.options)
        assert catalogue.world_of(key) is World.DEMO and catalogue.world_of(model.key) is World.REAL
        assert catalogue.provenance_of(key) is Provenance.SIMULATED
        assert catalogue.provenance_of(model.key) is not Provenance.SIMULATED
    indicator = catalogue.indicators["ENV-01"]
    assert catalogue.source_of("ENV-01", World.DEMO).key == f"demo_{indicator.source}"
    assert catalogue.source_of("ENV-01", World.REAL).key == indicator.source
    assert indicator in catalogue.indicators_from(f"demo_{indicator.source}")


def test_the_mapped_sheets_read_what_departments_send(catalogue, now) -> None:
    """The two examples of a layout in the file are not decoration."""
    book = (
        "2026年1-9月主要经济指标\n"
        "地区,规上工业增加值,,社会消费品零售总额,固定资产投资\n"
        ",累计,增速,累计,增速\n"
        "全市,1854300,3.1,4012200,-1.2\n"
        "湘桥区,412000,2.0,1503000,0.4\n"
    ).encode("gbk")
    found = _read_with(catalogue, "statistics_monthly_book", book, now)
    assert not found.unreadable
    assert {(o.indicator, o.region, o.period, o.value) for o in found.observations} >= {
        ("ECO-07", "445100", "2026-09", 185.43),
        ("ECO-09", "445102", "2026-09", 0.4),
    }
    history = "地区,2026年7月,2026年8月\n全市,24.1,24.3\n".encode()
    found = _read_with(catalogue, "business_register_history", history, now)
    assert {(o.indicator, o.period, o.value) for o in found.observations} == {
        ("BUS-07", "2026-07", 24.1),
        ("BUS-07", "2026-08", 24.3),
    }


def _read_with(catalogue, key: str, content: bytes, now):
    spec = kind("file").Spec.model_validate(catalogue.source(key).options)
    fed = catalogue.indicators
    return file.read(
        spec, content, "book.csv", source=key, now=now,
        names={region.name: code for code, region in catalogue.regions.items()},
        units={code: indicator.unit for code, indicator in fed.items()},
        frequencies={code: indicator.frequency for code, indicator in fed.items()},
    )  # fmt: skip


def test_texts_for_people_carry_no_working_notes(catalogue) -> None:
    shown = (ROOT / "indicators.yaml").read_text(encoding="utf-8")
    assert not re.findall(r"STD-|外部:|非规划\)|提案:", shown)


@pytest.mark.feature(130)
def test_catalogue_is_plain_files_in_git() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "indicators.yaml", "departments.yaml", "docs/catalogue.schema.json"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert len(listed.stdout.split()) == 3
    assert load(ROOT).version == load(ROOT).version


def test_loading_is_quick_and_light() -> None:
    """Every process of the product loads it: no pandas, little memory, well under a second and a half."""
    code = (
        "import re,sys,time;from pathlib import Path;from indicators.catalogue import load;"
        "begin=time.process_time();load(Path('.'));print(time.process_time()-begin);"
        "print(int(re.search(r'VmHWM:\\s*(\\d+)', Path('/proc/self/status').read_text())[1]) // 1024);"
        "print([name for name in ('pandas','numpy','openpyxl','dash','flask') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, megabytes, heavy = done.stdout.split("\n")[:3]
    assert float(seconds) < 1.5
    assert int(megabytes) < 120
    assert heavy == "[]"


@pytest.mark.usefixtures("own_heap")
def test_reading_the_catalogue_again_is_as_quick() -> None:
    begin = time.thread_time()
    load(ROOT)
    assert time.thread_time() - begin < 1.5
