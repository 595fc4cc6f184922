"""Forecast and record on the indicator page: the newest forecast, errors by lead beside the baseline, coverage."""

from __future__ import annotations

from components.faces import empty, panel_head
from components.forecast_record import AheadLine, RecordLine, outlook, record, standing
from components.markup import Tree
from components.numbers import unit_words
from components.times import period
from datasources.delivery.period import Frequency
from decisions import forecast_ledger as ledger
from indicators.definition import Indicator
from indicators.reading import World
from pages.view import View

SHOWN = 6
STEPS = {
    Frequency.YEARLY: "年",
    Frequency.QUARTERLY: "季",
    Frequency.MONTHLY: "月",
    Frequency.DAILY: "日",
    Frequency.HOURLY: "时",
    Frequency.MINUTE: "时",
    Frequency.REALTIME: "时",
}
LEADS = 12
"""Leads of the record that are listed."""


def draw(view: View, indicator: Indicator) -> Tree:
    """The panel; an indicator that is never forecast says so."""
    series = (view.world.value, indicator.code, view.region)
    newest = ledger.newest(view.connection, view.by, series)
    head = panel_head("预测与记录", "基准值始终并列")
    if newest is None:
        return [head, empty("没有预测", "每日凌晨对全市和各县区有足够历史的序列预测；历史不足的不作预测")]
    stands = ledger.standing(view.connection, view.by, series)
    steps = [
        AheadLine(period(one.period, indicator.basis), one.mean, one.lo80, one.hi80, one.lo95, one.hi95, one.naive)
        for one in newest.steps[:SHOWN]
    ]
    told = outlook(
        steps, model=newest.model, issued_at=newest.issued_at, origin=period(newest.origin, indicator.basis),
        reason=newest.reason, unit=unit_words(indicator.unit), decimals=indicator.decimals,
        is_simulated=view.world is World.DEMO,
    )  # fmt: skip
    scored = [
        RecordLine(one.lead, one.outcomes, one.error, one.naive_error, one.skill, one.inside80, one.inside95)
        for one in ledger.scores(view.connection, view.by, series)[:LEADS]
    ]
    return [
        head,
        *told,
        standing(stands.switched_off, stands.since, stands.recent),
        record(scored, indicator.decimals, STEPS[indicator.frequency]),
    ]
