"""Rows of a sheet into readings: long and wide tables by one engine, every row accounted for."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import chain, islice

from datasources.delivery.cell import Amount, NotANumber, amount_or_nothing
from datasources.delivery.chinese_period import NotAPeriod
from datasources.delivery.heading_path import tidy
from datasources.delivery.sheet import Broken, Refused, Row, Sheet
from datasources.delivery.sheet_feeds import Feeds
from datasources.delivery.sheet_heading import LOOKED_AT, Column, Heading, find_heading, refuse_without_heading
from datasources.delivery.sheet_labels import Labels
from datasources.delivery.sheet_names import UnknownName, tidy_name
from datasources.delivery.sheet_outcome import Outcome
from datasources.delivery.sheet_plan import Plan, Target, template_of
from datasources.delivery.sheet_rows import RowKinds
from datasources.delivery.sheet_units import UnitPuzzle, Units
from datasources.delivery.unit import is_magnitude, scaled

_CHECKS = {UnknownName: "unknown_name", NotAPeriod: "period", UnitPuzzle: "unit", NotANumber: "unreadable"}
_Parts = tuple["int | None", "int | None"]


def read_sheets(sheets: list[Sheet], plan: Plan, outcome: Outcome) -> list[str]:
    """The first sheet with a table, or every one if the plan says `*`; their names. Refused if there is none."""
    read: list[str] = []
    looked: list[Row] = []
    for sheet in sheets:
        rows = iter(sheet.rows)
        first = list(islice(rows, LOOKED_AT + 3))
        for used in (plan, template_of(plan)):
            heading = find_heading(first, sheet.merges, used, sheet.name)
            if heading is not None:
                break
        else:
            looked += first
            continue
        _read_sheet(sheet, heading, chain(first, rows), used, outcome)
        read.append(sheet.name)
        if plan.sheet != "*":
            break
    if not read:
        raise refuse_without_heading(looked, plan)
    return read


def _read_sheet(sheet: Sheet, heading: Heading, rows: Iterable[Row], plan: Plan, outcome: Outcome) -> None:
    """The rows of the heading and above are counted, those below are read."""
    for kind, lines in (("title", heading.titles), ("header", heading.lines), ("blank", heading.blanks)):
        for line in lines:
            outcome.skip(kind, line)
    for lost in heading.lost:
        outcome.unreadable(heading.lines[-1], "、".join(heading.names), lost.message, "column_missing")
    reader = _RowReader(sheet, heading, plan, outcome)
    for line, cells in rows:
        if isinstance(cells, Broken):
            outcome.unreadable(line, cells.raw, cells.message, cells.check)
        elif line > heading.lines[-1]:
            reader.take(line, cells)


class _RowReader:
    """Reads the rows below one heading. Every row ends as readings, as unreadable or as a counted kind of row."""

    def __init__(self, sheet: Sheet, heading: Heading, plan: Plan, outcome: Outcome) -> None:
        self._heading, self._plan, self._outcome = heading, plan, outcome
        self._is_ragged = sheet.ragged
        self._labels, self._feeds = Labels(sheet, heading, plan), Feeds(heading, plan)
        self._units = Units(plan.units, heading.units)
        known = {tidy_name(name) for name in (*plan.regions, *plan.indicators, *plan.targets)}
        self._kinds = RowKinds(heading, known, is_wide=plan.layout == "wide")
        self._indicator_at = heading.roles.get("indicator")
        self._parts: dict[Target, _Parts | None] = {}
        self._parts_of_row = _parts_by_role(heading) if plan.layout == "long" else None
        self._furthest = max([*heading.roles.values(), *(column.index for column in heading.columns)], default=0)
        self._seen = 0

    def take(self, line: int, cells: list[str]) -> None:
        """One row."""
        filled = sum(map(bool, map(str.strip, cells)))
        if not filled:
            self._outcome.skip("blank", line)
            return
        self._seen += 1
        if self._seen > self._plan.max_rows:
            raise Refused(f"文件超过 {self._plan.max_rows} 行。请分成几个文件上传，或请管理员调高上限。")
        kind = self._kinds.kind(cells, filled)
        if kind:
            self._outcome.skip(kind, line)
            return
        raw = ",".join(cells)[:500]
        damage = self._damage(cells)
        if damage:
            self._outcome.unreadable(line, raw, damage, "ragged")
            return
        self._read(line, cells, raw)

    def _damage(self, cells: list[str]) -> str | None:
        """Why the cells of a text file's row do not stand under their headings."""
        width, has = self._heading.width, len(cells)
        if has == width or not self._is_ragged:
            return None
        if has > width and not any(cell.strip() for cell in cells[width:]):
            return None
        if self._furthest < has < width:
            return None
        comma = "数字里的千位逗号可能没有加引号，" if has > width else ""
        return f"本行有 {has} 列，表头有 {width} 列，无法对应。{comma}请补齐或删去多余的分隔符后再导入。"

    def _read(self, line: int, cells: list[str], raw: str) -> None:
        try:
            feeds = self._feeds.fixed
            if self._indicator_at is not None:
                feeds = self._feeds.of(self._labels.text(line, cells, self._indicator_at))
            region = self._labels.region(line, cells)
            period = self._labels.period_text(line, cells)
            extra = self._labels.beside(cells)
        except (UnknownName, NotAPeriod, NotANumber) as problem:
            self._outcome.unreadable(line, raw, str(problem), _CHECKS[type(problem)])
            return
        if not feeds:
            self._outcome.skip("unmapped", line)
        for column, target in feeds:
            self._read_cell(line, cells, raw, column, target, region, period, extra)

    def _read_cell(
        self, line: int, cells: list[str], raw: str, column: Column, target: Target, region: str, period: str,
        extra: dict[str, str],
    ) -> None:  # fmt: skip
        at = column.index
        text = cells[at].strip() if 0 <= at < len(cells) else ""
        code, place = target.indicator or "", column.region or target.region or region
        try:
            numerator, denominator = self._read_parts(cells, target)
            amount = amount_or_nothing(text)
            value = None if amount is None else self._value(amount, text, column, target, extra.get("unit"))
            if value is None and (numerator is None or denominator is None):
                self._outcome.skip("missing", line)
                return
            written = self._labels.period(column, period, code, place)
        except (NotANumber, NotAPeriod, UnitPuzzle) as problem:
            where = f"“{column.heading}”列：" if self._plan.layout == "wide" else ""
            self._outcome.unreadable(line, raw, f"{where}{problem}", _CHECKS[type(problem)])
            return
        self._outcome.reading(
            code, place, written.label, value, extra.get("observed_at"), numerator, denominator,
            extra.get("dim") or target.dim, target.basis or extra.get("basis") or written.basis, line, raw=raw,
        )  # fmt: skip

    def _value(self, amount: Amount, text: str, column: Column, target: Target, row_unit: str | None) -> float:
        by = self._units.factor(target.indicator or "", amount.unit, target.unit, column.unit, row_unit)
        return _number(amount.digits, by, text)

    def _read_parts(self, cells: list[str], target: Target) -> tuple[float | None, float | None]:
        parts = self._parts_of_row
        if parts is None and self._plan.layout != "long":
            if target not in self._parts:
                self._parts[target] = self._parts_of(target)
            parts = self._parts[target]
        return (None, None) if parts is None else (self._part(cells, parts[0]), self._part(cells, parts[1]))

    def _part(self, cells: list[str], at: int | None) -> float | None:
        """A numerator or denominator, 万 and 亿 multiplied out."""
        text = cells[at].strip() if at is not None and at < len(cells) else ""
        amount = amount_or_nothing(text)
        if amount is None:
            return None
        digits, unit = amount
        if unit == "%":
            raise NotANumber(f"分子或分母写成了百分数“{text[:40]}”。请填写个数或数量。")
        return _number(digits, self._units.plain(unit if is_magnitude(unit) else ""), text)

    def _parts_of(self, target: Target) -> _Parts | None:
        """Columns of numerator and denominator in a wide table: by heading."""
        found = (self._named(target.numerator), self._named(target.denominator))
        return None if found == (None, None) else found

    def _named(self, heading: str | None) -> int | None:
        wished = tidy(heading) if heading else None
        names = self._heading.names
        return next((at for at, name in enumerate(names) if wished and wished in (name, name.rpartition("/")[2])), None)


def _parts_by_role(heading: Heading) -> _Parts | None:
    """Columns of numerator and denominator in a long table."""
    found = (heading.roles.get("numerator"), heading.roles.get("denominator"))
    return None if found == (None, None) else found


def _number(digits: str, by: Fraction, text: str) -> float:
    try:
        return scaled(digits, by)
    except (OverflowError, ArithmeticError) as problem:
        raise NotANumber(f"“{text[:40]}”太大，不是合理的数值。请核对后重填。") from problem
