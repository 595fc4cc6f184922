"""The forecast to draw behind a series: the newest that was issued, if the model still speaks."""

from __future__ import annotations

from components.chart import Forecast
from decisions.forecast_ledger import newest
from indicators.definition import Indicator
from pages.view import View

MOST = 6
"""Periods ahead that are drawn."""


def forecast_of(view: View, indicator: Indicator, last: str, region: str | None = None) -> Forecast | None:
    """None without a forecast made from `last`, or where the ledger lets only the naive values speak."""
    found = (
        None
        if view.as_of
        else newest(view.connection, view.by, (view.world.value, indicator.code, region or view.region))
    )
    if found is None or found.reason is not None or found.origin != last or not found.steps:
        return None
    steps = found.steps[:MOST]
    return Forecast(
        [step.period for step in steps], [step.mean for step in steps], [step.lo80 for step in steps],
        [step.hi80 for step in steps], wide=([step.lo95 for step in steps], [step.hi95 for step in steps]),
        naive=[step.naive for step in steps],
    )  # fmt: skip
