"""Tables of every shape, mapped by the source's entry in the catalogue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from datasources.file import Spec
from file_reading import take, take_fixture, told

pytestmark = pytest.mark.feature(49)


def test_indicators_down_and_regions_across() -> None:
    """The monthly bulletin: one row per indicator, one column per county."""
    delivery = take(
        "2026年1-9月主要指标\n指标,计量单位,全市,湘桥区,潮安区\n"
        "一、规模以上工业增加值,亿元,236.4,61.2,1289000万\n（二）固定资产投资,%,3.1,-2.5,—\n"
        "三、社会消费品零售总额,亿元,1,2,3\n",
        layout="wide", across="regions", indicator={"column": "指标"}, period={"title": True},
        regions={"全市": "445100"},
        columns={"规模以上工业增加值": "ECO-07", "固定资产投资": "ECO-09"},
    )  # fmt: skip
    assert told(delivery) == [
        ("ECO-07", "445100", "2026-09", 236.4),
        ("ECO-07", "445102", "2026-09", 61.2),
        ("ECO-09", "445100", "2026-09", 3.1),
        ("ECO-09", "445102", "2026-09", -2.5),
    ]
    assert delivery.unreadable[0].check == "unit"  # 1289000万 beside 亿元: one magnitude too many
    assert delivery.skipped_lines["unmapped"] == [5]


def test_months_across_with_one_indicator_for_the_whole_file() -> None:
    delivery = take(
        "2026年规模以上工业总产值（单位：万元）\n地区,1月,2月,合计,3月\n湘桥,10000,20000,30000,\n潮安,1,2,3,x\n",
        layout="wide", across="periods", indicator={"fixed": "ECO-06"},
    )  # fmt: skip
    assert told(delivery) == [
        ("ECO-06", "445102", "2026-01", 1.0),
        ("ECO-06", "445102", "2026-02", 2.0),
        ("ECO-06", "445103", "2026-01", 0.0001),
        ("ECO-06", "445103", "2026-02", 0.0002),
    ]
    assert delivery.skipped["missing"] == 1
    assert delivery.unreadable[0].message.startswith("“3月”列：")


def test_indicators_down_with_measure_columns() -> None:
    delivery = take(
        "2026年9月统计月报\n指标名称,单位,本月,累计,累计增长%\n规模以上工业增加值,万元,300000,2364000,5.6\n",
        layout="wide", indicator={"column": "指标名称"}, region={"fixed": "445100"}, period={"title": True},
        columns={
            "规模以上工业增加值/累计": {"indicator": "ECO-07", "basis": "ytd"},
            "规模以上工业增加值/累计增长": {"indicator": "ECO-08", "basis": "ytd", "unit": "%"},
        },
    )  # fmt: skip
    assert told(delivery) == [("ECO-07", "445100", "2026-09", 236.4)]
    assert delivery.unreadable[0].check == "unit"  # the row says 万元, the column says %


def test_days_down_and_indicators_across() -> None:
    delivery = take(
        "日期,PM2.5(μg/m³),备注\n2026-09-01,35,\n46267,0.036mg/m3,\n9月3日,—,停电\n平均,35,\n",
        "空气质量2026年.csv",
        layout="wide", region={"fixed": "445100"}, period={"column": "日期"}, columns={"PM2.5": "ENV-01"},
    )  # fmt: skip
    assert told(delivery) == [("ENV-01", "445100", "2026-09-01", 35.0), ("ENV-01", "445100", "2026-09-02", 36.0)]
    assert delivery.skipped == {"header": 1, "missing": 1, "total": 1}


def test_rates_with_their_parts() -> None:
    delivery = take(
        "地区,日期,应办结,按时办结,按时办结率\n湘桥区,2026-09-01,120,118,98.3%\n潮安区,2026-09-01,0,0,—\n",
        layout="wide", period={"column": "日期"},
        columns={"按时办结率": {"indicator": "GOV-01", "numerator": "按时办结", "denominator": "应办结"}},
    )  # fmt: skip
    assert [(one.value, one.numerator, one.denominator) for one in delivery.observations] == [
        (98.3, 118.0, 120.0),
        (None, 0.0, 0.0),
    ]


def test_fractions_declared_as_such_become_per_cent() -> None:
    delivery = take(
        "地区,日期,办结率\n湘桥区,2026-09-01,0.983\n潮安区,2026-09-01,97.1%\n",
        layout="wide", period={"column": "日期"}, columns={"办结率": {"indicator": "GOV-01", "unit": "小数"}},
    )  # fmt: skip
    assert [one.value for one in delivery.observations] == [98.3, 97.1]


@pytest.mark.feature(44)
def test_a_renamed_column_is_reported_and_the_others_are_taken() -> None:
    delivery = take(
        "地区,时期,工业增加值,企业个数\n湘桥区,2026-09,61.2,412\n",
        layout="wide", columns={"工业增加值": "ECO-07", "企业数": "IND-01"},
    )  # fmt: skip
    assert told(delivery) == [("ECO-07", "445102", "2026-09", 61.2)]
    assert (delivery.unreadable[0].line, delivery.unreadable[0].check) == (1, "column_missing")
    assert "您是否想填“企业个数”？" in delivery.unreadable[0].message


@pytest.mark.feature(44)
def test_a_heading_that_changed_its_unit_is_not_believed() -> None:
    delivery = take(
        "地区,时期,工业增加值（万元）\n湘桥区,2026-09,61.2\n",
        layout="wide", columns={"工业增加值": {"indicator": "ECO-07", "unit": "亿元"}},
    )  # fmt: skip
    assert delivery.observations == []
    assert "单位前后不一致：一处是“亿元”，另一处是“万元”" in delivery.unreadable[0].message


def test_two_columns_of_the_same_name_need_the_full_heading() -> None:
    table = "地区,时期,产值,,增加值,\n,,本月,累计,本月,累计\n湘桥区,2026-09,1,2,3,4\n"
    doubtful = take(table, layout="wide", columns={"累计": "ECO-07"})
    assert doubtful.observations == []
    assert "不止一列叫“累计”" in doubtful.unreadable[0].message
    exact = take(table, layout="wide", columns={"增加值/累计": "ECO-07"})
    assert told(exact) == [("ECO-07", "445102", "2026-09", 4.0)]


@pytest.mark.parametrize("name", ["good.csv", "good.xlsx"])
def test_every_source_takes_the_plain_template_besides_its_own_layout(name: str) -> None:
    mapped = take_fixture(name, layout="wide", header_rows=2, period={"title": True}, columns={"增加值/累计": "ECO-07"})
    assert told(mapped) == told(take_fixture(name))


def test_blank_labels_repeat_the_one_above_only_if_told_so() -> None:
    table = "指标,地区,时期,数值\nECO-06,湘桥区,2026-08,1\n,,2026-09,2\n"
    assert len(take(table).unreadable) == 1
    assert told(take(table, fill_down=True))[1] == ("ECO-06", "445102", "2026-09", 2.0)


def test_the_examples_of_the_manual_are_valid_settings() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "file-layouts.md").read_text(encoding="utf-8")
    examples = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", manual, re.DOTALL)]
    assert len(examples) >= 3
    for example in examples:
        Spec.model_validate(example.get("options") or {"layout": "wide", **example})


@pytest.mark.parametrize(
    "settings",
    [
        {"layout": "wide"},
        {"layout": "wide", "across": "regions"},
        {"region": {"column": "a", "fixed": "b"}},
        {"colums": {}},
        {"max_rows": 0},
    ],
)
def test_settings_that_cannot_work_are_refused(settings: dict) -> None:
    with pytest.raises(ValidationError):
        Spec.model_validate(settings)
