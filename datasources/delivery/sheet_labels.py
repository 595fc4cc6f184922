"""What stands beside the values of a row: region, period, unit, instant, breakdown, basis."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from datasources.delivery.cell import NotANumber, is_missing
from datasources.delivery.chinese_period import NotAPeriod, Written, read_period
from datasources.delivery.fitted_period import fitted
from datasources.delivery.period import CITY_TIME, Frequency, start
from datasources.delivery.sheet import Sheet
from datasources.delivery.sheet_heading import Column, Heading
from datasources.delivery.sheet_names import Names, likely_meant
from datasources.delivery.sheet_plan import Plan

_BASES = {"period": "period", "ytd": "ytd", "point": "point"} | {
    "当期": "period", "本期": "period", "累计": "ytd", "时点": "point",
}  # fmt: skip
_EXTRA = ("unit", "observed_at", "dim", "basis")


class Labels:
    """Reads labels, each distinct text once."""

    def __init__(self, sheet: Sheet, heading: Heading, plan: Plan) -> None:
        self._sheet, self._plan = sheet, plan
        self._regions = Names("地区", plan.regions)
        self._region_at, self._period_at = heading.roles.get("region"), heading.roles.get("period")
        self._extra = [(role, heading.roles[role]) for role in _EXTRA if role in heading.roles]
        self._titled = heading.period
        self._year = int(heading.period.label[:4]) if heading.period else None
        self._frequencies = {code: Frequency(frequency) for code, frequency in plan.frequencies.items()}
        self._written: dict[str, Written] = {}
        self._fitted: dict[tuple[Written, Frequency], Written] = {}
        self._instants: dict[str, str] = {}
        self._above: dict[int, str] = {}
        self._dotted: tuple[object, str] = ("", "")

    def text(self, line: int, cells: list[str], at: int) -> str:
        """A label cell; merged cells, and blanks under `fill_down`, repeat the one above."""
        text = cells[at] if at < len(cells) else ""
        if text and not text.isspace():
            self._above[at] = text
        elif self._plan.fill_down or self._sheet.merges.hides(line, at):
            return self._above.get(at, "")
        return text

    def region(self, line: int, cells: list[str]) -> str:
        """Code of the row's region; UnknownName if there is no such name."""
        if self._region_at is None:
            return self._plan.fixed.get("region", "")
        return self._regions.code(self.text(line, cells, self._region_at))

    def period_text(self, line: int, cells: list[str]) -> str:
        """The row's period as written; empty if it is not the row that tells it."""
        return "" if self._period_at is None else self.text(line, cells, self._period_at)

    def period(self, column: Column, text: str, code: str, region: str) -> Written:
        """The period of one value, in the frequency of its indicator; NotAPeriod if it is nowhere to be found."""
        written = column.period
        if written is None:
            written = self._titled if self._period_at is None else self._read(text, code, region)
        if written is None:
            raise NotAPeriod("标题、表名和文件名里都没有时期。请在标题写明，如“2026年9月”。")
        frequency = self._frequencies.get(code)
        return written if frequency is None else self._fit(written, frequency)

    def _fit(self, written: Written, frequency: Frequency) -> Written:
        found = self._fitted.get((written, frequency))
        if found is None:
            found = self._fitted[(written, frequency)] = fitted(written, frequency)
        return found

    def _read(self, text: str, code: str, region: str) -> Written:
        if not text or text.isspace():
            raise NotAPeriod("没有填写时期。请补填后再导入。")
        if len(text) == 6 and text[4] == ".":
            self._check_october(text, (code, region))
        found = self._written.get(text)
        if found is None:
            found = self._written[text] = read_period(text, year=self._year, date1904=self._sheet.date1904)
        return found

    def _check_october(self, text: str, series: object) -> None:
        """Excel shortens 2026.10 to 2026.1: after 2026.9 it cannot be told from January."""
        if text.endswith(".1") and self._dotted == (series, f"{text[:4]}.9"):
            raise NotAPeriod(f"“{text}”排在“{text[:4]}.9”之后，分不清是 1 月还是 10 月。请写成 {text[:4]}-10。")
        self._dotted = (series, text)

    def beside(self, cells: list[str]) -> dict[str, str]:
        """Unit, instant (ISO), breakdown and basis of the row, those that it has."""
        extra: dict[str, str] = {}
        for role, at in self._extra:
            text = cells[at].strip() if at < len(cells) else ""
            if text and not is_missing(text):
                extra[role] = self._understood(role, text)
        return extra

    def _understood(self, role: str, text: str) -> str:
        match role:
            case "observed_at":
                return self._instant(text)
            case "basis":
                return _basis(text)
            case _:
                return _ungarbled(text)

    def _instant(self, text: str) -> str:
        found = self._instants.get(text)
        if found is None:
            found = self._instants[text] = _instant(text, date1904=self._sheet.date1904)
        return found


def _instant(text: str, *, date1904: bool) -> str:
    """ISO text of an instant; without a zone it is city time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = start(read_period(text, date1904=date1904).label)
    return (moment if moment.tzinfo else moment.replace(tzinfo=CITY_TIME)).isoformat()


def _basis(text: str) -> str:
    if text.lower() not in _BASES:
        raise NotANumber(f"口径“{text[:20]}”看不懂。请填：当期、累计 或 时点。")
    return _BASES[text.lower()]


@lru_cache(maxsize=4096)
def _ungarbled(text: str) -> str:
    garbled = likely_meant(text)
    if garbled:
        raise NotANumber(f"“{text[:30]}”是乱码，原文可能是“{garbled[:30]}”。请用 UTF-8 或 GBK 编码重新保存文件。")
    return text[:120]
