"""Which unit a value is written in, and what it makes in the unit of its indicator; in doubt nothing."""

from __future__ import annotations

from fractions import Fraction

from datasources.delivery.unit import UnitsDiffer, factor, is_magnitude, of_magnitude, parse_unit

_ONE = Fraction(1)


class UnitPuzzle(ValueError):
    """The unit is unknown, contradictory or measures something else; the message gives the way out, in Chinese."""


class Units:
    """Units of the indicators, and those named in the title of the sheet."""

    def __init__(self, own: dict[str, str], title: list[str]) -> None:
        self._own = own
        self._title = title
        self._made: dict[tuple[str, str, str | None, str | None, str | None], Fraction] = {}

    def factor(self, code: str, cell: str, declared: str | None, heading: str | None, row: str | None) -> Fraction:
        """What to multiply by: unit in the cell, else row, mapping or heading, else title, else own."""
        key = (code, cell, declared, heading, row)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._work_out(*key)
        return found

    def _work_out(self, code: str, cell: str, declared: str | None, heading: str | None, row: str | None) -> Fraction:
        own = self._own.get(code)
        if own is None:
            return _ONE
        try:
            column = self._column(own, declared, heading, row)
            return factor(self._in_cell(cell, column, own) if cell else column or own, own)
        except UnitsDiffer as problem:
            raise UnitPuzzle(f"{problem}。请改用“{own}”，或在数据源的映射中写明单位。") from problem

    def _column(self, own: str, declared: str | None, heading: str | None, row: str | None) -> str | None:
        named = row or declared or heading
        for other in (declared, heading):
            if named and other and parse_unit(named) != parse_unit(other):
                raise UnitPuzzle(f"单位前后不一致：一处是“{named}”，另一处是“{other}”。请核对表头和映射后再导入。")
        return named or self._titled(own)

    def _titled(self, own: str) -> str | None:
        """The unit in the title (“单位：万元、%”) that measures what the indicator measures, if any."""
        fitting = {one for one in self._title if parse_unit(one).base == parse_unit(own).base}
        if len({parse_unit(one) for one in fitting}) > 1:
            raise UnitPuzzle(
                f"标题写了几种单位（{'、'.join(sorted(fitting))}），无法确定用哪一种。请在映射中写明单位。"
            )
        return next(iter(fitting), None)

    @staticmethod
    def _in_cell(cell: str, column: str | None, own: str) -> str:
        if not is_magnitude(cell):
            return cell
        if column and parse_unit(of_magnitude(cell, column)) != parse_unit(cell + column):
            raise UnitPuzzle(f"数值写了“{cell}”，这一列的单位又是“{column}”，无法确定数量级。请只写一处。")
        return of_magnitude(cell, column or own)

    @staticmethod
    def plain(magnitude: str) -> Fraction:
        """How many ones 万 or 亿 are; 1 for nothing."""
        return parse_unit(f"{magnitude}个").factor if magnitude else _ONE
