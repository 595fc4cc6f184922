"""Files as departments send them, through the door that `manage.py import` uses."""

from __future__ import annotations

import csv
import io

import pytest

from datasources.delivery.observation import SourceFailed
from file_reading import FIXTURES, lines_accounted_for, take, take_fixture, told

pytestmark = pytest.mark.feature(49)

NASTY_WIDE = {
    "layout": "wide",
    "region": {"column": "地区"},
    "period": {"title": True},
    "regions": {"全市": "445100"},
    "columns": {
        "规模以上工业增加值/{ytd}": {"indicator": "ECO-07", "basis": "ytd"},
        "规模以上工业增加值/同比增长": {"indicator": "ECO-08", "basis": "ytd"},
        "规模以上工业总产值/{period}": {"indicator": "ECO-06", "basis": "period"},
        "企业数": {"indicator": "IND-01", "basis": "point"},
        "固定资产投资增速": {"indicator": "ECO-09", "unit": "%"},
    },
}


def test_the_plain_template_is_taken_whole() -> None:
    delivery = take_fixture("good.csv")
    assert told(delivery) == [
        ("ECO-06", "445102", "2026-09", 41.2),
        ("ECO-06", "445103", "2026-09", 52.31),
        ("ECO-06", "445122", "2026-09", 12.8),
        ("IND-01", "445185", "2026-09", 310.0),
        ("ECO-08", "445100", "2026-09", 5.6),
        ("ECO-01", "445100", "2026-Q3", 1034.7),
    ]
    assert [one.basis for one in delivery.observations] == [None, None, None, None, "ytd", "ytd"]
    assert delivery.observations[3].observed_at.isoformat() == "2026-10-12T09:00:00+08:00"
    assert (delivery.unreadable, delivery.skipped, delivery.read_as) == ([], {"header": 1}, "UTF-8")


def test_the_same_template_as_a_workbook() -> None:
    delivery = take_fixture("good.xlsx")
    assert told(delivery) == told(take_fixture("good.csv"))[:3]
    assert delivery.read_as == "XLSX，Sheet"


@pytest.mark.feature(44)
def test_every_line_of_the_nasty_gbk_file_is_accounted_for() -> None:
    content = (FIXTURES / "nasty_gbk.csv").read_bytes()
    delivery = take_fixture("nasty_gbk.csv")
    reader = csv.reader(io.StringIO(content.decode("gb18030"), newline=""))
    begins, at = set(), 1
    for _ in reader:
        begins.add(at)
        at = reader.line_num + 1
    assert lines_accounted_for(delivery) == begins
    assert delivery.rows == len(delivery.observations) + len(delivery.unreadable) == 20
    assert delivery.skipped == {"title": 2, "header": 2, "blank": 2, "total": 1, "missing": 2, "footnote": 3}
    assert delivery.skipped_lines["missing"] == [14, 15]


def test_the_nasty_gbk_file_is_understood() -> None:
    delivery = take_fixture("nasty_gbk.csv")
    assert told(delivery) == [
        ("ECO-01", "445100", "2026-Q3", 1034.7),
        ("ECO-01", "445102", "2026-Q3", 287.1),
        ("ECO-01", "445103", "2026-Q3", 412.6),
        ("ECO-01", "445122", "2026-Q3", 251.3),
        ("ECO-01", "445185", "2026-Q3", 83.7),
        ("ECO-08", "445100", "2026-09", 5.6),
        ("ECO-08", "445102", "2026-09", -1.2),
        ("ECO-08", "445103", "2026-09", 6.1),
        ("ECO-06", "445100", "2026-09", 98.4),
        ("ECO-06", "445102", "2026-09", 36.1),
        ("IND-01", "445102", "2026-09", 412.0),
        ("IND-01", "445185", "2026-09", 310.0),
        ("IND-01", "4451-FQH", "2026-09", 57.0),
    ]
    assert {one.basis for one in delivery.observations[:8]} == {"ytd"}
    assert [(one.line, one.check) for one in delivery.unreadable] == [
        (20, "ragged"), (21, "unit"), (22, "unknown_name"), (23, "unknown_name"),
        (25, "period"), (26, "unreadable"), (30, "unknown_name"),
    ]  # fmt: skip
    assert "您是否想填“枫溪区”？" in delivery.unreadable[2].message
    assert delivery.unreadable[0].raw == "规模以上工业总产值,潮安区,2026.9,523,100,千位逗号没有加引号"


def test_the_nasty_workbook_with_a_merged_heading_of_two_rows() -> None:
    delivery = take_fixture("nasty.xlsx", **NASTY_WIDE)
    by_place = {(one.line, one.indicator): one.value for one in delivery.observations}
    assert by_place == {
        (5, "ECO-07"): 236.4, (5, "ECO-08"): 5.6, (5, "ECO-06"): 98.4, (5, "IND-01"): 1520.0, (5, "ECO-09"): 3.1,
        (6, "ECO-07"): 61.2, (6, "ECO-08"): -1.2, (6, "ECO-06"): 36.1, (6, "IND-01"): 412.0, (6, "ECO-09"): -2.5,
        (7, "ECO-07"): 128.9, (7, "ECO-08"): 6.1, (7, "ECO-06"): 52.31, (7, "IND-01"): 688.0,
        (8, "ECO-07"): 30.1,
        (9, "ECO-07"): 21.5, (9, "IND-01"): 130.0, (9, "ECO-09"): 4.2,
        (10, "ECO-08"): 9.0, (10, "ECO-06"): 8.8, (10, "IND-01"): 310.0,
    }  # fmt: skip
    assert {one.period for one in delivery.observations} == {"2026-09"}
    assert {one.indicator: one.basis for one in delivery.observations} == {
        "ECO-07": "ytd", "ECO-08": "ytd", "ECO-06": "period", "IND-01": "point", "ECO-09": "ytd",
    }  # fmt: skip
    assert [(one.line, one.check) for one in delivery.unreadable] == [
        (9, "unreadable"),
        (9, "unit"),
        (10, "unreadable"),
    ]
    assert lines_accounted_for(delivery) == set(range(1, 15))
    assert delivery.skipped_lines["missing"] == [7, 8, 8, 8, 8, 10]


def test_a_damaged_file_loses_only_its_damaged_lines() -> None:
    delivery = take_fixture("malformed.csv")
    assert [one.line for one in delivery.observations] == [2, 11]
    assert [(one.line, one.check) for one in delivery.unreadable] == [
        (3, "encoding"), (4, "encoding"), (5, "quotes"), (6, "ragged"), (7, "ragged"),
        (8, "period"), (9, "unreadable"), (10, "unknown_name"),
    ]  # fmt: skip
    assert "像是 UTF-8" in delivery.unreadable[0].message
    assert "乱码" in delivery.unreadable[-1].message


def test_a_file_with_nothing_but_its_heading_has_no_rows() -> None:
    assert take_fixture("empty.csv").rows == 0


@pytest.mark.parametrize("name", ["empty.xlsx", "malformed.xlsx"])
def test_a_workbook_without_a_table_is_refused_with_a_reason(name: str) -> None:
    with pytest.raises(SourceFailed, match=f"^{name}：.*[。]$") as refusal:
        take_fixture(name)
    assert refusal.value.permanent


def test_missing_is_never_zero() -> None:
    rows = "".join(
        f"ECO-06,湘桥区,2026-0{n},{cell}\n" for n, cell in enumerate(["—", "--", "", "/", "…", "0"], start=1)
    )
    delivery = take(f"指标编码,地区,时期,数值\n{rows}")
    assert told(delivery) == [("ECO-06", "445102", "2026-06", 0.0)]
    assert delivery.skipped["missing"] == 5


def test_numerator_and_denominator_travel_without_a_value() -> None:
    delivery = take(
        '指标编码,地区,时期,分子,分母\nGOV-01,湘桥区,2026-09-01,"1,180",0.12万\nGOV-01,潮安区,2026-09-01,5,\n'
    )
    only = delivery.observations[0]
    assert (only.value, only.numerator, only.denominator) == (None, 1180.0, 1200.0)
    assert delivery.skipped == {"header": 1, "missing": 1}


def test_an_unknown_unit_is_not_guessed() -> None:
    delivery = take("指标编码,地区,时期,数值,单位\nECO-06,湘桥区,2026-09,3,箩\nECO-06,湘桥区,2026-08,3,\n")
    assert [one.check for one in delivery.unreadable] == ["unit"]
    assert told(delivery) == [("ECO-06", "445102", "2026-08", 3.0)]


def test_october_that_excel_shortened_is_not_taken_for_january() -> None:
    months = "".join(f"ECO-06,湘桥区,2026.{n},{n}\n" for n in ("8", "9", "1", "11"))
    delivery = take(f"指标编码,地区,时期,数值\n{months}")
    assert [one.period for one in delivery.observations] == ["2026-08", "2026-09", "2026-11"]
    assert "分不清是 1 月还是 10 月" in delivery.unreadable[0].message


def test_the_origin_is_a_bare_file_name() -> None:
    assert take("指标,地区,时期,数值\n", "../../etc/pass\nwd.csv").origin == "passwd.csv"


def test_a_region_column_in_other_words_is_named_in_the_refusal() -> None:
    with pytest.raises(
        SourceFailed, match="需要的列：指标编码、地区、时期、数值；文件里看到的：指标、片区、时期、数值"
    ):
        take("指标,片区,时期,数值\nECO-06,湘桥区,2026-09,1\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end_gives_identical_rows(encoding: str, ends: str) -> None:
    table = "指标,地区,时期,数值\nECO-06,湘桥区,2026-09,1.5\nECO-06,潮安区,2026-09,2.5\n"
    delivery = take(table.replace("\n", ends).encode(encoding))
    assert told(delivery) == [("ECO-06", "445102", "2026-09", 1.5), ("ECO-06", "445103", "2026-09", 2.5)]


def test_text_garbled_before_it_came_is_noticed() -> None:
    rows = [f"ECO-06,{name},2026-09,1" for name in ("潮安区".encode().decode("latin-1"), "锟斤拷锟斤拷", "婀樻ˉ鍖�")]
    delivery = take("\n".join(["指标,地区,时期,数值", *rows]) + "\n")
    assert delivery.observations == []
    assert all("乱码" in one.message for one in delivery.unreadable)
    assert "原文可能是“潮安区”" in delivery.unreadable[0].message


def test_two_files_in_one_encoding_each_are_not_mixed_up() -> None:
    """A few damaged bytes must not make a whole UTF-8 file pass as GBK nonsense."""
    rows = "".join(f"ECO-06,湘桥区,2026-{n:02d},{n}\n" for n in range(1, 10)).encode()
    delivery = take("指标,地区,时期,数值\n".encode() + rows + b"ECO-06,\xe6\xb9,2026-10,1\n" + rows[:0])
    assert len(delivery.observations) == 9
    assert [(one.line, one.check) for one in delivery.unreadable] == [(11, "encoding")]


@pytest.mark.parametrize("rows_below", [3, 60])
def test_an_open_quote_loses_its_own_line_only(rows_below: int) -> None:
    rows = "".join(f"ECO-06,湘桥区,{1990 + n}-01,{n}\n" for n in range(rows_below))
    delivery = take(f'指标,地区,时期,数值\nECO-06,"湘桥区,2026-09,1\n{rows}')
    assert len(delivery.observations) == rows_below
    assert [(one.line, one.check) for one in delivery.unreadable] == [(2, "quotes")]
