"""Where the table begins: titles above it, a heading of one or several rows, and which column means what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple

from datasources.delivery.chinese_period import Written, period_in
from datasources.delivery.heading_path import Path, paths_of, period_of, tidy
from datasources.delivery.sheet import Broken, Merges, Refused, Row
from datasources.delivery.sheet_plan import Plan, Target

LOOKED_AT = 40
"""The heading must begin within so many lines."""
_TALLEST = 3
_TITLE_UNIT = re.compile(r"(?:计量)?单位[:：]\s*([^\s)）]+(?:\s*[、,，]\s*[^\s)）]+)*)")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of values: what it feeds, with what its heading says about unit, region and period."""

    index: int
    heading: str
    target: Target
    unit: str | None = None
    region: str | None = None
    period: Written | None = None
    names: tuple[str, ...] = ()
    """Ways to call it, the most exact first."""


class Lost(NamedTuple):
    """A mapped column that cannot be read: not in the file, or there more than once."""

    message: str
    is_doubtful: bool


@dataclass
class Heading:
    """The found heading. `roles`: role -> column; `lost`: mapped headings that the file does not have."""

    lines: list[int]
    names: list[str]
    roles: dict[str, int]
    columns: list[Column]
    titles: list[int] = field(default_factory=list)
    blanks: list[int] = field(default_factory=list)
    period: Written | None = None
    units: list[str] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    cells: set[tuple[str, ...]] = field(default_factory=set)
    first: str = ""
    width: int = 0


def find_heading(rows: Sequence[Row], merges: Merges, plan: Plan, sheet_name: str) -> Heading | None:
    """The best heading among the first rows, or None if no row has the columns that the plan needs."""
    best: tuple[int, Heading] | None = None
    heights = [plan.header_rows] if plan.header_rows else list(range(1, _TALLEST + 1))
    for at in range(min(len(rows), LOOKED_AT)):
        for height in heights:
            if at + height > len(rows) or not _is_start(rows[at]):
                continue
            judged = _judged(rows, at, height, merges, plan, sheet_name)
            if judged is not None and (best is None or judged[0] > best[0]):
                best = judged
    return best[1] if best else None


def _is_start(row: Row) -> bool:
    cells = row[1]
    return not isinstance(cells, Broken) and sum(bool(cell.strip()) for cell in cells) >= 1


def _judged(
    rows: Sequence[Row], at: int, height: int, merges: Merges, plan: Plan, sheet_name: str
) -> tuple[int, Heading] | None:
    taken = rows[at : at + height]
    if any(isinstance(cells, Broken) for _, cells in taken):
        return None
    paths = paths_of(taken, merges, frozenset(plan.units.values()))
    period, units = _told(rows[:at], plan, sheet_name)
    year = int(period.label[:4]) if period else None
    roles = _roles(paths, plan)
    columns, lost = _value_columns(paths, plan, year, roles)
    if not (columns or any(one.is_doubtful for one in lost)) or not _suffices(roles, columns, plan):
        return None
    heading = Heading([line for line, _ in taken], [path.full for path in paths], roles, columns, lost=lost)
    heading.period, heading.units = period, units
    heading.titles = [line for line, cells in rows[:at] if not _is_blank(cells)]
    heading.blanks = [line for line, cells in rows[:at] if _is_blank(cells)]
    heading.cells = {tuple(tidy(cell) for cell in cells) for _, cells in taken}
    heading.first = next((cells[0] for _, cells in taken if cells), "")
    heading.width = max(len(cells) for _, cells in taken)
    return (len(roles) + len(columns)) * 10 - height, heading


def _is_blank(cells: list[str] | Broken) -> bool:
    return not isinstance(cells, Broken) and not any(cell.strip() for cell in cells)


def _told(rows: Sequence[Row], plan: Plan, sheet_name: str) -> tuple[Written | None, list[str]]:
    """Period and units named above the table; the period also in the names of sheet and file."""
    above = [" ".join(cells) for _, cells in rows if not isinstance(cells, Broken)]
    places = [*above, sheet_name, plan.filename]
    if "period" in plan.fixed:
        places.insert(0, plan.fixed["period"])
    period = next((found for place in places if (found := period_in(place))), None)
    named = _TITLE_UNIT.search(" ".join(above))
    return period, re.split(r"\s*[、,，]\s*", named[1]) if named else []


def _roles(paths: list[Path], plan: Plan) -> dict[str, int]:
    roles: dict[str, int] = {}
    for role, headings in plan.headings.items():
        wished = [tidy(heading).lower() for heading in headings]
        found = [
            (wished.index(name), at)
            for at, path in enumerate(paths)
            for name in {path.full.lower(), path.bare.lower()}
            if name in wished
        ]
        if found:
            roles[role] = min(found)[1]
    return roles


def _value_columns(
    paths: list[Path], plan: Plan, year: int | None, roles: dict[str, int]
) -> tuple[list[Column], list[Lost]]:
    if plan.layout == "long":
        at = roles.get("value")
        unit = paths[at].unit if at is not None else None
        return ([Column(-1 if at is None else at, "数值", Target(), unit)] if _has_value(roles) else []), []
    labels = set(roles.values())
    free = [(at, path) for at, path in enumerate(paths) if at not in labels and path.parts]
    return {"indicators": _by_indicator, "regions": _by_region, "periods": _by_period}[plan.across](
        free, plan, year, roles
    )


def _has_value(roles: dict[str, int]) -> bool:
    return "value" in roles or {"numerator", "denominator"} <= roles.keys()


def _by_indicator(
    free: list[tuple[int, Path]], plan: Plan, year: int | None, roles: dict[str, int]
) -> tuple[list[Column], list[Lost]]:
    """Columns the plan maps. With an indicator column the rows are mapped too, as `row name/heading`."""
    if "indicator" in roles:
        return [_rowwise(at, path, year) for at, path in free], []
    wished = {tidy(heading): target for heading, target in plan.targets.items()}
    columns: dict[str, Column] = {}
    doubtful: set[str] = set()
    for rank in range(8):
        called: dict[str, list[tuple[int, Path, Written | None]]] = {}
        for at, path in free:
            names = path.names(year)
            if rank < len(names) and names[rank][0] in wished and names[rank][0] not in columns:
                called.setdefault(names[rank][0], []).append((at, path, names[rank][1]))
        for name, found in called.items():
            if len(found) > 1:
                doubtful.add(name)
                continue
            at, path, written = found[0]
            if all(column.index != at for column in columns.values()):
                columns[name] = Column(at, path.bare, wished[name], path.unit, wished[name].region, written)
    lost = [_lost(name, [path.full for _, path in free], name in doubtful) for name in wished if name not in columns]
    return sorted(columns.values(), key=lambda column: column.index), lost


def _rowwise(at: int, path: Path, year: int | None) -> Column:
    names = tuple(name for name, _ in path.names(year))
    return Column(at, path.bare, Target(), path.unit, period=period_of(path, year), names=names)


def _lost(name: str, present: list[str], is_doubtful: bool) -> Lost:
    if is_doubtful:
        return Lost(f"表头里不止一列叫“{name}”，无法确定取哪一列。请在映射中写全两级表头，如“大类/小类”。", True)
    near = get_close_matches(name, present, n=1, cutoff=0.5)
    hint = f"您是否想填“{near[0]}”？" if near else "请核对表头或修改数据源的列映射。"
    return Lost(f"表头里没有“{name}”这一列。{hint}", False)


def _by_region(
    free: list[tuple[int, Path]], plan: Plan, year: int | None, roles: dict[str, int]
) -> tuple[list[Column], list[Lost]]:
    columns = []
    for at, path in free:
        region = next((plan.regions[name] for name, _ in path.names(year) if name in plan.regions), None)
        if region:
            columns.append(Column(at, path.bare, Target(), path.unit, region, period_of(path, year)))
    return columns, []


def _by_period(
    free: list[tuple[int, Path]], plan: Plan, year: int | None, roles: dict[str, int]
) -> tuple[list[Column], list[Lost]]:
    columns = [Column(at, path.bare, Target(), path.unit, None, period_of(path, year)) for at, path in free]
    return [column for column in columns if column.period], []


def _suffices(roles: dict[str, int], columns: list[Column], plan: Plan) -> bool:
    """Every part of a reading has a place: a column of labels, the heading, the title or a fixed value."""
    needed = {"indicator", "region", "period"} - plan.fixed.keys()
    if plan.layout == "wide":
        needed -= {{"indicators": "indicator", "regions": "region", "periods": "period"}[plan.across]}
        needed |= {"indicator"} & plan.headings.keys() - plan.fixed.keys()
        if columns and all(column.region for column in columns):
            needed -= {"region"}
    if plan.period_from_title or (columns and all(column.period for column in columns)):
        needed -= {"period"}
    return needed <= roles.keys()


def refuse_without_heading(rows: Sequence[Row], plan: Plan) -> Refused:
    """The refusal for a file in which no heading was found, with the columns that were looked for and those seen."""
    wanted = list(plan.targets)[:6] if plan.targets else [headings[0] for headings in plan.headings.values()][:4]
    seen = max(
        ([tidy(cell) for cell in cells if cell.strip()] for _, cells in rows if not isinstance(cells, Broken)),
        key=len, default=[],
    )  # fmt: skip
    shown = "、".join(seen[:8])[:160] or "（没有文字）"
    wants, cure = "、".join(wanted), "请核对表头和文件编码，或改用标准模板（指标编码、地区、时期、数值）。"
    return Refused(f"找不到表头。需要的列：{wants}；文件里看到的：{shown}。{cure}")
