"""Every trouble an editor of the catalogue can make is told with file, line, path and a way out; all at once."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from indicators.catalogue import CatalogueErrors, load, parse
from indicators.problems import MOST_PROBLEMS, Problem

ROOT = Path(__file__).resolve().parents[2]
SMALL = Path(__file__).parent / "fixtures" / "catalogue"
TEXT = (SMALL / "indicators.yaml").read_text(encoding="utf-8")
DEPARTMENTS = (SMALL / "departments.yaml").read_bytes()


def problems_of(text: str | bytes, departments: bytes = DEPARTMENTS) -> list[Problem]:
    with pytest.raises(CatalogueErrors) as caught:
        parse(text.encode() if isinstance(text, str) else text, departments)
    return caught.value.problems


def edited(old: str, new: str, count: int = 1) -> str:
    assert old in TEXT, old
    return TEXT.replace(old, new, count)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_small_city_is_good() -> None:
    loaded = load(SMALL)
    assert list(loaded.twins) == ["demo_gdp_report", "demo_air_stations"]


TROUBLES = {
    # shape
    "misspelt key": ("    decimals: 2\n", "    decimal: 2\n", "decimal: 2", "ECO-01.decimal", "您是否想写“decimals”"),
    "missing key": ("    unit: 亿元\n", "", "- code: ECO-01", "ECO-01.unit", "必须填写"),
    "number as text": ("value: 95", 'value: "95"', 'value: "95"', "ENV-01.target.value", "应为数字"),
    "truth as number": ("value: 95", "value: true", "value: true", "ENV-01.target.value", "应为数字"),
    "not a number": ("value: 95", "value: .nan", "value: .nan", "ENV-01.target.value", "应为数字"),
    "endless number": ("value: 95", "value: 1e999", "value: 1e999", "ENV-01.target.value", "应为有限的数字"),
    "very long number": ("value: 95", f"value: {'9' * 5000}", "value: 99", "ENV-01.target.value", "应为数字"),
    "code without quotes": (
        'parent: "445185"',
        "parent: 445185",
        "parent: 445185",
        "regions.445103121.parent",
        "加引号",
    ),
    "unknown choice": ("aggregation: sum", "aggregation: sums", "aggregation: sums", "ECO-01.aggregation", "“sum”"),
    "unknown frequency": (
        "frequency: monthly",
        "frequency: month",
        "frequency: month",
        "ENV-02.frequency",
        "“monthly”",
    ),
    "too many decimals": ("decimals: 2", "decimals: 9", "decimals: 9", "ECO-01.decimals", "应不大于 4"),
    "list instead of text": ("    unit: 类", "    unit: [类]", "unit: [类]", "ENV-02.unit", "应为文字"),
    "text instead of list": ("levels: [city]", "levels: city", "levels: city", "ENV-02.levels", "应为列表"),
    "bad code": ("code: ENV-02", "code: ENV2", "code: ENV2", "ENV2.code", "不合格式"),
    "long short name": (
        "short: 经济运行",
        "short: 宏观经济运行",
        "short: 宏观",
        "themes.macro_economy.short",
        "至多 4 个字",
    ),
    "simulated in the file": (
        "provenance: live",
        "provenance: simulated",
        "provenance: simulated",
        "sources.air_stations.provenance",
        "自动生成",
    ),
    "no theme projects": (
        "plan_projects: [32]",
        "plan_projects: []",
        "plan_projects: []",
        "themes.environment.plan_projects",
        "至少",
    ),
    "project beyond the plan": (
        "plan_projects: [32]",
        "plan_projects: [46]",
        "[46]",
        "themes.environment.plan_projects[0]",
        "45",
    ),
    "unknown part": ("state_rule:", "state_rules:", "state_rules:", "state_rules", "“state_rule”"),
    "a list lost": ("indicators:\n", "indicator:\n", "# A small", "", "缺少 indicators"),
    # text
    "duplicate key": ("    unit: 类\n", "    unit: 类\n    unit: 级\n", "unit: 级", "ENV-02.unit", "重复，第"),
    "duplicate code": (
        "code: ENV-02",
        "code: ENV-01",
        "code: ENV-01\n    theme: environment\n    name: 枫江",
        "ENV-01.code",
        "重复",
    ),
    "python tag": ("unit: 类", "unit: !!python/name:os.system 类", "!!python", "ENV-02.unit", "不接受类型标签"),
    "tab": ("    unit: 类", "\tunit: 类", "\tunit", "", "制表符"),
    "colon in plain text": ("definition: 一至六类", "definition: 类别: 一至六", "definition: 类别", "", "冒号"),
    "open quote": ('due: "2025"', 'due: "2025', 'due: "2025', None, "YAML 格式有误"),
    "open bracket": ("levels: [city]", "levels: [city", "levels: [city", None, "YAML 格式有误"),
    "second document": ("themes:\n", "---\nthemes:\n", "---\n", None, "第二份文档"),
    # references
    "unknown source": (
        "source: gdp_report",
        "source: gdp_reports",
        "source: gdp_reports",
        "ECO-01.source",
        "“gdp_report”",
    ),
    "unknown theme": (
        "theme: macro_economy",
        "theme: macroeconomy",
        "theme: macroeconomy",
        "ECO-01.theme",
        "“macro_economy”",
    ),
    "unknown owner": (
        "owner: statistics_bureau\n    source",
        "owner: statistic_bureau\n    source",
        "owner: statistic_bureau",
        "ECO-01.owner",
        "“statistics_bureau”",
    ),
    "unknown helper": (
        "support: [ecology_bureau]",
        "support: [ecology]",
        "support: [ecology]",
        "themes.macro_economy.support[0]",
        "“ecology_bureau”",
    ),
    "unknown region": (
        'parent: "445185"',
        'parent: "445186"',
        'parent: "445186"',
        "regions.445103121.parent",
        "“445185”",
    ),
    "unknown kind": ("kind: mqtt", "kind: mqt", "kind: mqt", "sources.air_stations.kind", "“mqtt”"),
    # meaning
    "town under the city": (
        'parent: "445185"',
        'parent: "445100"',
        'parent: "445100"\n    division: "445103"\n    lon',
        "regions.445103121.parent",
        "应是 county",
    ),
    "zone that adds up": (
        "    kind: zone\n",
        '    kind: zone\n    parent: "445100"\n',
        'parent: "445100"\n\n  - code: "445103121"',
        "regions.4451-FQH.parent",
        "不写 parent",
    ),
    "county without parent": (
        '    kind: county\n    parent: "445100"\n\n',
        "    kind: county\n\n",
        '- code: "445103"',
        "regions.445103.parent",
        "缺少 parent",
    ),
    "two cities": (
        "    kind: zone",
        "    kind: city",
        'kind: city\n\n  - code: "445103121"',
        "regions.4451-FQH.kind",
        "只能是",
    ),
    "half a coordinate": ("    lat: 23.6636\n", "", '- code: "445103121"', "regions.445103121", "lon 和 lat"),
    "no such city": ('code: "445100"\n  name', 'code: "445200"\n  name', 'code: "445200"', "city.code", "没有“445200”"),
    "two promises": (
        "{every: 1h}",
        "{every: 1h, release: daily}",
        "{every: 1h, ",
        "sources.air_stations.cadence",
        "只能写一个",
    ),
    "calendar without use": (
        "{every: 1h}",
        "{release: daily, day: 3}",
        "{release: daily, day",
        "sources.air_stations.cadence.day",
        "不用写 day",
    ),
    "hour of an hourly release": (
        "{every: 1h}",
        '{release: hourly, at: "09:15"}',
        "{release: hourly",
        "sources.air_stations.cadence.at",
        "分钟",
    ),
    "key of a twin": (
        "key: bulletins",
        "key: demo_bulletins",
        "key: demo_bulletins",
        "sources.demo_bulletins.key",
        "专用前缀",
    ),
    "option of no use": (
        "    grace: 30m",
        "    options: {max_rowz: 3}\n    grace: 30m",
        "options: {max_rowz",
        "sources.air_stations.options.max_rowz",
        "“max_rows”",
    ),
    "option too small": (
        "    grace: 30m",
        "    options: {max_rows: 0}\n    grace: 30m",
        "options: {max_rows",
        "sources.air_stations.options.max_rows",
        "应大于 0",
    ),
    "target against its direction": ('op: ">="', 'op: "<="', 'op: "<="', "ENV-01.target.op", "应为 >="),
    "target with number and words": (
        "      due:",
        "      words: 越快越好\n      due:",
        "target:\n      op",
        "ENV-01.target",
        "只能取一种",
    ),
    "target without op": ('      op: ">="\n', "", "target:\n      value", "ENV-01.target", "只能取一种"),
    "target out of range": ("value: 95", "value: 120", "value: 120", "ENV-01.target.value", "不在 arrival 的范围"),
    "band out of range": (
        "attention_below: 80",
        "attention_below: -1",
        "attention_below: -1",
        "ENV-01.bands.attention_below",
        "不在 arrival 的范围",
    ),
    "bands the wrong way round": (
        "attention_below: 80",
        "attention_below: 80\n      attention_above: 60",
        "attention_below: 80",
        "ENV-01.bands.attention_below",
        "应小于",
    ),
    "band stricter than the target": (
        "attention_below: 80",
        "attention_below: 97",
        "attention_below: 97",
        "ENV-01.bands.attention_below",
        "还严",
    ),
    "band without an edge": ("      attention_below: 80\n", "", "bands:", "ENV-01.bands", "至少写一个"),
    "band without a reason": ("      reason: 提案\n", "", "bands:", "ENV-01.bands.reason", "必须填写"),
    "range the wrong way round": (
        "{low: 0, high: 100}",
        "{low: 100, high: 0}",
        "{low: 100",
        "ENV-01.arrival.low",
        "应小于",
    ),
    "per cent without scale": ("    scale: 100\n", "", "- code: ENV-01", "ENV-01.scale", "scale 应为 100"),
    "per cent added up": (
        "aggregation: ratio\n    scale: 100",
        "aggregation: sum",
        "aggregation: sum\n    levels: [city, county, town]",
        "ENV-01.aggregation",
        "不能相加",
    ),
    "ratio without formula": (
        "    formula: 分子（优良天数）÷ 分母（有效天数）\n",
        "",
        "- code: ENV-01",
        "ENV-01.formula",
        "缺少 formula",
    ),
    "scale of a sum": (
        "aggregation: sum",
        "aggregation: sum\n    scale: 10",
        "scale: 10\n",
        "ECO-01.scale",
        "不用 scale",
    ),
    "town without county": ("[city, county, town]", "[city, town]", "[city, town]", "ENV-01.levels", "就要有 county"),
    "no city": ("[city, county, town]", "[county, town]", "[county, town]", "ENV-01.levels", "要包括 city"),
    "faster than its source": (
        "source: air_stations\n    target:\n      words",
        "source: gdp_report\n    target:\n      words",
        "frequency: monthly",
        "ENV-02.frequency",
        "还密",
    ),
    "history in the headline": (
        "    headline: true\n",
        "    headline: true\n    historical: true\n",
        "headline: true",
        "ECO-01.headline",
        "历史指标",
    ),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_is_told_with_line_path_and_way_out(trouble: str) -> None:
    old, new, at, path, words = TROUBLES[trouble]
    text = edited(old, new)
    found = problems_of(text)
    matching = [p for p in found if words in p.message and (path is None or p.path == path)]
    assert matching, [str(p) for p in found]
    if path is not None:
        assert matching[0].line == line_of(text, at)
    assert all(re.match(r"indicators\.yaml:\d+: ", str(p)) for p in found)


def test_all_problems_come_at_once_in_the_order_of_the_file() -> None:
    text = (
        TEXT.replace("decimals: 2", "decimals: 9")
        .replace("source: air_stations\n    target:\n      op", "source: air_station\n    target:\n      op")
        .replace('due: "2025"', "due: soon")
        .replace("    unit: 类\n", "    unit: 类\n    unit: 级\n")
        .replace("lead: [ecology_bureau]", "lead: [ecologists]")
    )
    found = problems_of(text, DEPARTMENTS.replace("生态环境局\n".encode(), "生态环境保护管理局\n".encode()))
    assert [(p.file, p.path) for p in found] == [
        ("departments.yaml", "departments.ecology_bureau.short"),
        ("indicators.yaml", "themes.environment.lead[0]"),
        ("indicators.yaml", "ECO-01.decimals"),
        ("indicators.yaml", "ENV-01.source"),
        ("indicators.yaml", "ENV-01.target.due"),
        ("indicators.yaml", "ENV-02.unit"),
    ]


def test_a_wrong_source_does_not_make_its_indicators_wrong_too() -> None:
    found = problems_of(edited("kind: push", "kind: pushing"))
    assert [p.path for p in found] == ["sources.gdp_report.kind"]
    found = problems_of(edited("    kind: push\n", ""))
    assert [p.path for p in found] == ["sources.gdp_report.kind"]


def test_a_wrong_key_is_told_once_not_again_as_missing() -> None:
    assert [p.path for p in problems_of(edited("scale: 100", "scale: viel"))] == ["ENV-01.scale"]
    assert [p.path for p in problems_of(edited('parent: "445185"', "parent: 445185"))] == ["regions.445103121.parent"]


def test_a_misspelt_key_does_not_hide_what_else_is_wrong_with_the_entry() -> None:
    text = edited('op: ">="', 'op: "<="').replace("    scale: 100\n", "    scale: 100\n    headlin: true\n")
    assert [p.path for p in problems_of(text)] == ["ENV-01.headlin", "ENV-01.target.op"]


def test_a_flood_of_problems_is_counted_not_listed() -> None:
    entry = TEXT[TEXT.index("  - code: ENV-02") :]
    text = TEXT + "".join(entry.replace("ENV-02", f"ENV-{n}").replace("类", "级", 1) for n in range(100, 400))
    found = problems_of(text.replace("owner: ecology_bureau\n    source", "owner: nobody\n    source"))
    assert len(found) == MOST_PROBLEMS + 1
    assert "还有 102 个问题" in found[-1].message


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueErrors) as caught:
        load(tmp_path)
    assert [(p.file, p.line) for p in caught.value.problems] == [("departments.yaml", 1), ("indicators.yaml", 1)]


def test_one_file_is_checked_with_the_departments_beside_it_or_our_own(tmp_path: Path) -> None:
    copy = tmp_path / "draft.yaml"
    copy.write_text(TEXT.replace("unit: 类", "units: 类"), encoding="utf-8")
    with pytest.raises(CatalogueErrors) as caught:
        load(copy)
    assert {p.file for p in caught.value.problems} == {"draft.yaml"}
    shutil.copy(SMALL / "departments.yaml", tmp_path)
    copy.write_text(TEXT, encoding="utf-8")
    assert len(load(copy).departments) == 2


def test_the_check_command_prints_every_problem_and_fails(tmp_path: Path) -> None:
    copy = tmp_path / "indicators.yaml"
    copy.write_text(TEXT.replace("unit: 类", "units: 类").replace("kind: mqtt", "kind: mqt"), encoding="utf-8")
    shutil.copy(SMALL / "departments.yaml", tmp_path)
    done = subprocess.run(
        [sys.executable, "manage.py", "check", str(copy)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert f"indicators.yaml:{line_of(TEXT, 'kind: mqtt')}: sources.air_stations.kind: " in done.stdout
    assert f"indicators.yaml:{line_of(TEXT, 'unit: 类')}: ENV-02.units: " in done.stdout
