"""The published figures: every one accounted for, cumulative where the publisher meant it, doubts kept."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from datasources import published
from datasources.delivery.observation import Delivery, Observation, SourceFailed
from datasources.delivery.period import Frequency

HEAD = "indicator_zh,region_code,period,value,unit,source_title,source_url,fragment,basis,publisher,note\n"
FIGURE = "地区生产总值,445100,2024-Q3,1008.9,亿元,通报,address,原文,ytd,统计局,\n"
MEANING = "title,indicator,dim,printed_unit,factor,frequency,basis,note\n地区生产总值,ECO-01,,亿元,1,quarterly,ytd,\n"


@pytest.fixture
def shipped(now: datetime) -> Delivery:
    return published.read(published.Spec(), source="bulletins", now=now)


def found(delivery: Delivery, indicator: str, period: str, dim: str = "") -> Observation:
    (one,) = [o for o in delivery.observations if (o.indicator, o.period, o.dim) == (indicator, period, dim)]
    return one


def written(folder: Path, figures: str = HEAD + FIGURE, mapping: str = MEANING) -> published.Spec:
    (folder / "figures.csv").write_text(figures, encoding="utf-8")
    (folder / "mapping.csv").write_text(mapping, encoding="utf-8")
    return published.Spec(folder=folder, figures="figures.csv")


def test_every_figure_is_a_reading_or_stays_a_figure(shipped: Delivery) -> None:
    figures = published.load_figures(published.Spec().path("chaozhou_stats.csv"))
    lines = {observation.line for observation in shipped.observations}
    assert len(figures) == 428
    assert shipped.unreadable == []
    assert len(lines) + shipped.skipped["figure_only"] == 428


def test_no_reading_is_told_twice(shipped: Delivery) -> None:
    told = Counter((o.indicator, o.region, o.period, o.dim) for o in shipped.observations)
    assert max(told.values()) == 1


@pytest.mark.parametrize(
    ("indicator", "period", "value"),
    [
        ("ECO-01", "2021-Q3", 882.14),
        ("ECO-01", "2025-Q4", 1452.17),
        ("ECO-07", "2021-09", 211.85),
        ("ECO-08", "2025-04", 2.7),
        ("ECO-08", "2025-12", 1.2),
        ("AGR-04", "2025-Q4", 23.97),
        ("IND-04", "2021-09", 122.7),
    ],
)
def test_a_year_or_quarter_counts_from_january_to_its_end(
    shipped: Delivery, indicator: str, period: str, value: float
) -> None:
    reading = found(shipped, indicator, period)
    assert reading.value == value
    assert reading.basis == ("point" if indicator == "AGR-04" else "ytd")


def test_an_industry_stands_beside_the_total(shipped: Delivery) -> None:
    assert found(shipped, "IND-05", "2025-12").value == 2.9
    assert found(shipped, "IND-05", "2025-12", "industry=陶瓷").value == 3.9
    assert found(shipped, "IND-06", "2025-12").value == 3.9


def test_doubts_of_the_publisher_travel_with_the_value(shipped: Delivery) -> None:
    assert found(shipped, "ECO-01", "2017-Q4").quality == (published.ESTIMATE,)
    assert found(shipped, "ECO-02", "2024-Q4").quality == (published.INFERRED_YEAR,)
    assert found(shipped, "ECO-01", "2025-Q4").quality == ()


def test_neighbouring_cities_and_air_days_are_no_readings_of_the_city(shipped: Delivery) -> None:
    assert {o.region for o in shipped.observations} == {"445100"}
    assert not [o for o in shipped.observations if o.indicator.startswith("ENV")]


def test_the_mapping_agrees_with_the_catalogue(catalogue: Any) -> None:
    meanings = published.load_mapping(published.Spec().path("mapping.csv"))
    for meaning in (one for several in meanings.values() for one in several):
        indicator = catalogue.indicators[meaning.indicator]
        assert (indicator.unit, indicator.frequency, indicator.basis) == (
            meaning.printed_unit,
            meaning.frequency,
            meaning.basis,
        )
        assert meaning.factor == 1
        assert not meaning.dim or meaning.dim.partition("=")[0] in indicator.dims


def test_the_mapping_names_only_printed_figures() -> None:
    printed = {figure.title for figure in published.load_figures(published.Spec().path("chaozhou_stats.csv"))}
    assert set(published.load_mapping(published.Spec().path("mapping.csv"))) <= printed


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (("亿元", "万元"), "单位是“万元”"),
        (("ytd", "monthly"), "口径“monthly”"),
        (("2024-Q3", "2024-08"), "时期“2024-08”"),
        (("2024-Q3", "去年"), "时期“去年”"),
        (("1008.9", "约1009"), "数值不是数字"),
        (("1008.9", "nan"), "数值不是数字"),
    ],
)
def test_a_figure_that_does_not_fit_is_given_up_with_its_reason(
    tmp_path: Path, now: datetime, changed: tuple[str, str], words: str
) -> None:
    delivery = published.read(written(tmp_path, HEAD + FIGURE.replace(*changed)), source="bulletins", now=now)
    assert delivery.observations == []
    assert [row.line for row in delivery.unreadable] == [2]
    assert words in delivery.unreadable[0].message


def test_a_factor_converts_the_printed_unit(tmp_path: Path, now: datetime) -> None:
    spec = written(tmp_path, mapping=MEANING.replace("亿元,1,", "亿元,10000,"))
    assert published.read(spec, source="bulletins", now=now).observations[0].value == pytest.approx(10_089_000)


def test_a_wrong_line_of_the_mapping_is_named(tmp_path: Path, now: datetime) -> None:
    spec = written(tmp_path, mapping=MEANING.replace("quarterly", "seasonal"))
    with pytest.raises(SourceFailed, match=r"mapping.csv 第 2 行“frequency”"):
        published.read(spec, source="bulletins", now=now)


def test_a_missing_file_is_told(tmp_path: Path, now: datetime) -> None:
    with pytest.raises(SourceFailed, match=r"mapping.csv"):
        published.read(published.Spec(folder=tmp_path, figures="figures.csv"), source="bulletins", now=now)


def test_a_missing_column_is_named_and_a_ragged_line_survives(tmp_path: Path, now: datetime) -> None:
    with pytest.raises(SourceFailed, match="缺少“basis”一列"):
        published.read(written(tmp_path, HEAD.replace("basis", "kind") + FIGURE), source="bulletins", now=now)
    ragged = HEAD + FIGURE.replace(",ytd,统计局,\n", "\n") + FIGURE.replace("\n", ",more,still more\n")
    delivery = published.read(written(tmp_path, ragged), source="bulletins", now=now)
    assert (len(delivery.observations), [row.line for row in delivery.unreadable]) == (1, [2])


@pytest.mark.parametrize(
    ("printed", "frequency", "period"),
    [
        ("2024", Frequency.QUARTERLY, "2024-Q4"),
        ("2024", Frequency.MONTHLY, "2024-12"),
        ("2024", Frequency.YEARLY, "2024"),
        ("2024-Q1", Frequency.MONTHLY, "2024-03"),
        ("2024-06", Frequency.QUARTERLY, "2024-Q2"),
        ("2024-05", Frequency.QUARTERLY, ""),
        ("2024-Q1", Frequency.YEARLY, ""),
        ("2024-05-06", Frequency.MONTHLY, ""),
        ("十三五", Frequency.YEARLY, ""),
    ],
)
def test_only_periods_that_end_together_are_the_same(printed: str, frequency: Frequency, period: str) -> None:
    assert published.period_in(printed, frequency) == period
