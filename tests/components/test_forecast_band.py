"""A forecast in a chart: both bands and the baseline find room, are joined to the last value and stand in the table."""

from __future__ import annotations

import json

import pytest

from components.chart import Forecast, Trend, trend
from components.markup import markup

AHEAD = Forecast(
    ["2026-11", "2026-12"], [3.0, 3.5], [2.0, 2.2], [4.0, 4.8], wide=([1.0, -6.0], [5.0, 9.0]), naive=[2.5, 2.5]
)


def made(ahead: Forecast):
    return trend(Trend("增速", "%", ["2026-09", "2026-10"], [2.4, 2.5], forecast=ahead))


@pytest.mark.feature(85)
@pytest.mark.feature(87)
def test_the_wide_band_and_the_baseline_are_drawn_and_told() -> None:
    figure = made(AHEAD)
    spec = json.loads(figure.to_plotly_json()["props"]["data-chart"])
    assert spec["ahead"]["low95"] == [2.5, 1.0, -6.0] and spec["ahead"]["naive"] == [2.5, 2.5, 2.5]
    assert spec["axis"]["low"] <= -6.0 and spec["axis"]["high"] >= 9.0
    table = markup(figure)
    assert "95% 区间" in table and "基准" in table and "−6.0–9.0" in table


def test_without_them_nothing_is_promised() -> None:
    spec = json.loads(made(Forecast(["2026-11"], [3.0], [2.0], [4.0])).to_plotly_json()["props"]["data-chart"])
    assert "naive" not in spec["ahead"] and "low95" not in spec["ahead"]
    with pytest.raises(ValueError, match="every period or none"):
        Forecast(["2026-11", "2026-12"], [3.0, 3.0], [2.0, 2.0], [4.0, 4.0], naive=[2.5])
