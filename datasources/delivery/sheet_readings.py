"""Rows of a sheet into readings: long and wide tables by one engine, every row accounted for."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import chain, islice

from datasources.delivery.cell import NotANumber, is_missing, read_amount
from datasources.delivery.chinese_period import NotAPeriod, Written, read_period
from datasources.delivery.fitted_period import fitted
from datasources.delivery.period import CITY_TIME, Frequency, start
from datasources.delivery.sheet import Broken, Refused, Row, Sheet
from datasources.delivery.sheet_heading import LOOKED_AT, Column, Heading, find_heading, parted, refuse_without_heading, tidy
from datasources.delivery.sheet_names import Names, UnknownName, likely_meant, tidy_name
from datasources.delivery.sheet_outcome import Outcome
from datasources.delivery.sheet_plan import Plan, Target
from datasources.delivery.sheet_rows import RowKinds
from datasources.delivery.sheet_units import UnitPuzzle, Units
from datasources.delivery.unit import is_magnitude, scaled

_ORDINAL = re.compile(r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d+[.、]|其中:|#)+")
_BASES = {"period": "period", "ytd": "ytd", "point": "point", "当期": "period", "本期": "period", "累计": "ytd", "时点": "point"}
_CHECKS = {UnknownName: "unknown_name", NotAPeriod: "period", UnitPuzzle: "unit", NotANumber: "unreadable"}
FROM_PARTS = "from_parts"
"""Quality of a reading without value whose numerator and denominator were delivered."""
Pair = tuple[Column, Target]


def read_sheets(sheets: list[Sheet], plan: Plan, outcome: Outcome) -> list[str]:
    """The first sheet with a table, or every one if the plan says `*`; their names. Refused if there is none."""
    read: list[str] = []
    looked: list[Row] = []
    for sheet in sheets:
        rows = iter(sheet.rows)
        first = list(islice(rows, LOOKED_AT + 3))
        heading = find_heading(first, sheet.merges, plan, sheet.name)
        if heading is None:
            looked += first
            continue
        read_sheet(sheet, heading, chain(first, rows), plan, outcome)
        read.append(sheet.name)
        if plan.sheet != "*":
            break
    if not read:
        raise refuse_without_heading(looked, plan)
    return read


def read_sheet(sheet: Sheet, heading: Heading, rows: chain[Row], plan: Plan, outcome: Outcome) -> None:
    """All rows of one sheet: those of the heading and above are counted, those below are read."""
    for kind, lines in (("title", heading.titles), ("header", heading.lines), ("blank", heading.blanks)):
        for line in lines:
            outcome.skip(kind, line)
    for message in heading.lost:
        outcome.unreadable(heading.lines[-1], "、".join(heading.names)[:300], message, "column_missing")
    reader = RowReader(sheet, heading, plan, outcome)
    for line, cells in rows:
        if isinstance(cells, Broken):
            outcome.unreadable(line, cells.raw, cells.message, cells.check)
        elif line > heading.lines[-1]:
            reader.take(line, cells)


class RowReader:
    """Reads the rows below one heading. Every row ends as readings, as unreadable or as a counted kind of row."""

    def __init__(self, sheet: Sheet, heading: Heading, plan: Plan, outcome: Outcome) -> None:
        self._sheet, self._heading, self._plan, self._outcome = sheet, heading, plan, outcome
        self._regions, self._indicators = Names("地区", plan.regions), Names("指标", plan.indicators)
        self._units = Units(plan.units, heading.units)
        self._targets = {tidy(name): target for name, target in plan.targets.items()}
        known = {tidy_name(name) for name in (*plan.regions, *plan.indicators, *plan.targets)}
        self._kinds = RowKinds(heading, known, is_wide=plan.layout == "wide")
        self._year = int(heading.period.label[:4]) if heading.period else None
        roles = heading.roles.get
        self._indicator_at, self._region_at, self._period_at = roles("indicator"), roles("region"), roles("period")
        self._extra = {role: at for role, at in heading.roles.items() if role in ("unit", "observed_at", "dim", "basis")}
        self._pairs: dict[str, list[Pair]] = {}
        self._parts = {column.index: self._parts_of(column.target) for column in heading.columns}
        self._fixed_pairs = self._fixed()
        self._written: dict[str, Written] = {}
        self._instants: dict[str, str] = {}
        self._above: dict[int, str] = {}
        self._dotted: tuple[object, str] = ("", "")
        self._furthest = max([*heading.roles.values(), *(column.index for column in heading.columns)])
        self._seen = 0

    def take(self, line: int, cells: list[str]) -> None:
        """One row."""
        filled = sum(1 for cell in cells if cell and not cell.isspace())
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
        damage = self._damage(cells)
        if damage:
            self._outcome.unreadable(line, ",".join(cells), damage, "ragged")
            return
        self._read(line, cells)

    def _damage(self, cells: list[str]) -> str | None:
        """Why the cells of a text file's row do not stand under their headings."""
        width, has = self._heading.width, len(cells)
        if has == width or not self._sheet.ragged:
            return None
        if has > width and not any(cell.strip() for cell in cells[width:]):
            return None
        if self._furthest < has < width:
            return None
        comma = "数字里的千位逗号可能没有加引号，" if has > width else ""
        return f"本行有 {has} 列，表头有 {width} 列，无法对应。{comma}请补齐或删去多余的分隔符后再导入。"

    def _read(self, line: int, cells: list[str]) -> None:
        try:
            pairs = self._row_pairs(line, cells)
            region = self._row_region(line, cells)
            period = "" if self._period_at is None else self._label(line, cells, self._period_at)
            extra = self._row_extra(cells)
        except (UnknownName, NotAPeriod, NotANumber) as problem:
            self._outcome.unreadable(line, ",".join(cells), str(problem), _CHECKS[type(problem)])
            return
        if not pairs:
            self._outcome.skip("unmapped", line)
        for column, target in pairs:
            self._read_cell(line, cells, column, target, region, period, extra)

    def _read_cell(
        self, line: int, cells: list[str], column: Column, target: Target, region: str, period: str, extra: dict[str, str]
    ) -> None:
        at = column.index
        text = cells[at].strip() if 0 <= at < len(cells) else ""
        parts = self._parts[at]
        numerator = denominator = None
        try:
            if parts is not None:
                numerator, denominator = self._part(cells, parts[0]), self._part(cells, parts[1])
            value = None if is_missing(text) else self._value(text, column, target, extra.get("unit"))
            if value is None and (numerator is None or denominator is None):
                self._outcome.skip("missing", line)
                return
            code = target.indicator or ""
            place = column.region or target.region or region
            written = self._period(column, period, code, place)
        except (NotANumber, NotAPeriod, UnitPuzzle) as problem:
            raw = f"{column.heading}：{text}" if self._plan.layout == "wide" else ",".join(cells)
            self._outcome.unreadable(line, raw, str(problem), _CHECKS[type(problem)])
            return
        self._outcome.reading(
            code, place, written.label, value, extra.get("observed_at"), numerator, denominator,
            extra.get("dim") or target.dim, target.basis or extra.get("basis") or written.basis,
            [FROM_PARTS] if value is None else [], line, text[:500],
        )  # fmt: skip

    def _value(self, text: str, column: Column, target: Target, row_unit: str | None) -> float:
        amount = read_amount(text)
        by = self._units.factor(target.indicator or "", amount.unit, target.unit, column.unit, row_unit)
        try:
            return scaled(amount.digits, by)
        except (OverflowError, ArithmeticError) as problem:
            raise NotANumber(f"“{text[:40]}”太大，不是合理的数值。请核对后重填。") from problem

    def _part(self, cells: list[str], at: int | None) -> float | None:
        """A numerator or denominator, 万 and 亿 multiplied out."""
        text = cells[at].strip() if at is not None and at < len(cells) else ""
        if is_missing(text):
            return None
        amount = read_amount(text)
        if amount.unit == "%":
            raise NotANumber(f"分子或分母写成了百分数“{text[:40]}”。请填写个数或数量。")
        return scaled(amount.digits, self._units.plain(amount.unit if is_magnitude(amount.unit) else ""))

    def _parts_of(self, target: Target) -> tuple[int | None, int | None] | None:
        """Columns of numerator and denominator: by role in long tables, by heading in wide ones."""
        if self._plan.layout == "long":
            pair = (self._heading.roles.get("numerator"), self._heading.roles.get("denominator"))
        else:
            pair = (self._named(target.numerator), self._named(target.denominator))
        return None if pair == (None, None) else pair

    def _named(self, heading: str | None) -> int | None:
        wished = tidy(heading) if heading else None
        names = self._heading.names
        return next((at for at, name in enumerate(names) if wished and wished in (name, name.rpartition("/")[2])), None)

    def _fixed(self) -> list[Pair]:
        """Columns with what they feed, if that is the same in every row."""
        code = self._plan.fixed.get("indicator")
        given = self._targets.get(tidy(code)) if code else None
        same = given or (Target(indicator=code) if code else None)
        return [(column, same or column.target) for column in self._heading.columns]

    def _row_pairs(self, line: int, cells: list[str]) -> list[Pair]:
        if self._indicator_at is None:
            return self._fixed_pairs
        text = self._label(line, cells, self._indicator_at)
        found = self._pairs.get(text)
        if found is None:
            found = self._pairs[text] = self._paired(text)
        return found

    def _paired(self, text: str) -> list[Pair]:
        """What the columns of a row called `text` feed. Rows that a mapping does not name are none of our business."""
        bare, unit = parted(_ORDINAL.sub("", tidy(text)))
        names = [tidy(text), _ORDINAL.sub("", tidy(text)), bare]
        columns = self._heading.columns
        if self._plan.layout == "wide" and self._plan.across == "indicators":
            pairs = [(column, target) for column in columns if (target := self._mapped(names, column, len(columns) == 1))]
        else:
            target = next((self._targets[name] for name in names if name in self._targets), None)
            if target is None and self._targets:
                return []
            pairs = [(column, target or Target(self._indicators.code(text))) for column in columns]
        return [(_with_unit(column, unit), target) for column, target in pairs]

    def _mapped(self, names: list[str], column: Column, is_only: bool) -> Target | None:
        wished = [f"{name}/{heading}" for name in names for heading in column.names] + (names if is_only else [])
        return next((self._targets[one] for one in wished if one in self._targets), None)

    def _row_region(self, line: int, cells: list[str]) -> str:
        if self._region_at is None:
            return self._plan.fixed.get("region", "")
        return self._regions.code(self._label(line, cells, self._region_at))

    def _label(self, line: int, cells: list[str], at: int) -> str:
        """The text of a label cell; merged cells, and blanks under `fill_down`, repeat the one above."""
        text = cells[at] if at < len(cells) else ""
        if text and not text.isspace():
            self._above[at] = text
        elif self._plan.fill_down or self._sheet.merges.hides(line, at):
            return self._above.get(at, "")
        return text

    def _row_extra(self, cells: list[str]) -> dict[str, str]:
        extra: dict[str, str] = {}
        for role, at in self._extra.items():
            text = cells[at].strip() if at < len(cells) else ""
            if text and not (role != "dim" and is_missing(text)):
                extra[role] = _EXTRA.get(role, _as_is)(self, text)
        return extra

    def _basis(self, text: str) -> str:
        if text.lower() not in _BASES:
            raise NotANumber(f"口径“{text[:20]}”看不懂。请填：当期、累计 或 时点。")
        return _BASES[text.lower()]

    def _instant(self, text: str) -> str:
        found = self._instants.get(text)
        if found is None:
            found = self._instants[text] = _instant(text, date1904=self._sheet.date1904)
        return found

    def _period(self, column: Column, text: str, code: str, region: str) -> Written:
        written = column.period
        if written is None:
            written = self._read_period(text, code, region) if self._period_at is not None else self._heading.period
        if written is None:
            raise NotAPeriod("标题、表名和文件名里都没有时期。请在标题写明，如“2026年9月”。")
        frequency = self._plan.frequencies.get(code)
        return fitted(written, Frequency(frequency)) if frequency else written

    def _read_period(self, text: str, code: str, region: str) -> Written:
        if not text.strip():
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


def _with_unit(column: Column, unit: str | None) -> Column:
    if unit is None or column.unit:
        return column
    return Column(column.index, column.heading, column.target, unit, column.region, column.period, column.names)


def _instant(text: str, *, date1904: bool) -> str:
    """ISO text of an instant; without a zone it is city time."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=CITY_TIME)).isoformat()
    except ValueError:
        return start(read_period(text, date1904=date1904).label).isoformat()


def _as_is(_: RowReader, text: str) -> str:
    garbled = likely_meant(text)
    if garbled:
        raise NotANumber(f"“{text[:30]}”是乱码，原文可能是“{garbled[:30]}”。请用 UTF-8 或 GBK 编码重新保存文件。")
    return text[:120]


_EXTRA = {"basis": RowReader._basis, "observed_at": RowReader._instant}
