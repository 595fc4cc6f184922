"""What the columns of a row feed: by the mapping of the source, or by the name of an indicator in the row."""

from __future__ import annotations

import re
from dataclasses import replace

from datasources.delivery.heading_path import parted, tidy
from datasources.delivery.sheet_heading import Column, Heading
from datasources.delivery.sheet_names import Names
from datasources.delivery.sheet_plan import Plan, Target

_ORDINAL = re.compile(r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d+[.、]|其中:|#)+")
Feed = tuple[Column, Target]


class Feeds:
    """Columns of values with their targets, for rows that name an indicator and for those that do not."""

    def __init__(self, heading: Heading, plan: Plan) -> None:
        self._columns = heading.columns
        self._names = Names("指标", plan.indicators)
        self._targets = {tidy(name): target for name, target in plan.targets.items()}
        self._composed = plan.layout == "wide" and plan.across == "indicators"
        self._by_name: dict[str, list[Feed]] = {}
        self.fixed = self._fixed(plan.fixed.get("indicator"))
        """What the columns feed where no row names an indicator."""

    def _fixed(self, code: str | None) -> list[Feed]:
        if code is None:
            return [(column, column.target) for column in self._columns]
        target = self._targets.get(tidy(code)) or Target(indicator=code)
        return [(column, target) for column in self._columns]

    def of(self, name: str) -> list[Feed]:
        """Feeds of a row called `name`; none if a mapping does not mention it. UnknownName without a mapping."""
        found = self._by_name.get(name)
        if found is None:
            found = self._by_name[name] = self._find(name)
        return found

    def _find(self, name: str) -> list[Feed]:
        unnumbered = _ORDINAL.sub("", tidy(name))
        bare, unit = parted(unnumbered)
        names = [tidy(name), unnumbered, bare]
        return [(_in_unit(column, unit), target) for column, target in self._paired(name, names)]

    def _paired(self, name: str, names: list[str]) -> list[Feed]:
        if self._composed:
            return [(column, target) for column in self._columns if (target := self._mapped(names, column))]
        target = next((self._targets[one] for one in names if one in self._targets), None)
        if target is None and self._targets:
            return []
        target = target or Target(self._names.code(name))
        return [(column, target) for column in self._columns]

    def _mapped(self, names: list[str], column: Column) -> Target | None:
        wished = [f"{name}/{heading}" for name in names for heading in column.names]
        if len(self._columns) == 1:
            wished += names
        return next((self._targets[one] for one in wished if one in self._targets), None)


def _in_unit(column: Column, unit: str | None) -> Column:
    return column if unit is None or column.unit else replace(column, unit=unit)
