"""Where the table begins: titles above it, a heading of one or several rows, and which column means what."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from datasources.delivery.chinese_period import NotAPeriod, Written, period_in, read_period
from datasources.delivery.sheet import Broken, Merges, Refused, Row
from datasources.delivery.sheet_plan import Plan, Target
from datasources.delivery.unit import is_known

LOOKED_AT = 40
"""The heading must begin within so many lines."""
_TALLEST = 3
_UNIT = re.compile(r"^(.*?)[（(]\s*(?:单位[:：])?\s*([^()（）]{1,14})\s*[)）]$")
_TRAILING_PERCENT = re.compile(r"^(.*?)[,:、]?(±?%|‰)$")
_TITLE_UNIT = re.compile(r"(?:计量)?单位[:：]\s*([^\s)）]+(?:\s*[、,，]\s*[^\s)）]+)*)")
_MARKS = re.compile(r"[①-⓿*＊※†]+$")


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
    lost: list[str] = field(default_factory=list)
    cells: set[tuple[str, ...]] = field(default_factory=set)
    first: str = ""
    width: int = 0


def tidy(text: str) -> str:
    """A heading or label without spaces, line breaks, footnote marks and full-width letters."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", _MARKS.sub("", text.strip())))


def parted(heading: str) -> tuple[str, str | None]:
    """Name and unit of one heading: 增加值（万元） -> 增加值, 万元; brackets that hold no unit stay in the name."""
    shown = tidy(heading)
    found = _UNIT.match(shown)
    if found and (is_known(found[2]) or shown[found.start(2) - 1 :].startswith("单位")):
        return found[1], found[2]
    found = _TRAILING_PERCENT.match(shown)
    if found and found[1]:
        return found[1], found[2]
    return shown, None


@dataclass(frozen=True)
class _Path:
    """The heading of one column from top to bottom."""

    parts: tuple[str, ...]

    @property
    def full(self) -> str:
        return "/".join(tidy(part) for part in self.parts)

    @property
    def bare(self) -> str:
        return "/".join(parted(part)[0] for part in self.parts)

    @property
    def unit(self) -> str | None:
        return next((unit for part in reversed(self.parts) if (unit := parted(part)[1])), None)

    def names(self, year: int | None) -> list[tuple[str, Written | None]]:
        """Ways to call this column, the most exact first; `{period}` and `{ytd}` stand for a period."""
        named: list[tuple[str, Written | None]] = [(self.full, None), (self.bare, None)]
        for at, part in enumerate(self.parts):
            written = _as_period(parted(part)[0], year)
            if written is not None:
                bare = [parted(one)[0] for one in self.parts]
                bare[at] = "{ytd}" if written.basis else "{period}"
                named.append(("/".join(bare), written))
        if len(self.parts) > 1:
            named += [(tidy(self.parts[-1]), None), (parted(self.parts[-1])[0], None)]
        return named


def _as_period(text: str, year: int | None) -> Written | None:
    try:
        return read_period(text, year=year) if any(one.isdigit() or one in "年月季度" for one in text) else None
    except NotAPeriod:
        return None


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
    paths = _paths(taken, merges)
    period, units = _told(rows[:at], plan, sheet_name)
    year = int(period.label[:4]) if period else None
    roles = _roles(paths, plan)
    columns, lost = _value_columns(paths, plan, year, roles)
    if not _suffices(roles, columns, plan):
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


def _paths(taken: Sequence[Row], merges: Merges) -> list[_Path]:
    """One path per column; merged cells, and cells right of a group heading, take the text they are shown under."""
    width = max(len(cells) for _, cells in taken)
    grid = [[*cells, *[""] * (width - len(cells))] for _, cells in taken if not isinstance(cells, Broken)]
    for height, (line, _) in enumerate(taken):
        for column in range(width):
            if not grid[height][column].strip():
                grid[height][column] = _inherited(grid, taken, merges, height, column, line)
    return [_Path(_distinct([row[column] for row in grid])) for column in range(width)]


def _inherited(grid: list[list[str]], taken: Sequence[Row], merges: Merges, height: int, column: int, line: int) -> str:
    anchor = merges.hidden.get((line, column))
    if anchor is not None:
        above = anchor[0] - taken[0][0]
        return grid[above][anchor[1]] if 0 <= above < len(grid) and anchor[1] < len(grid[above]) else ""
    last = height == len(grid) - 1
    under = not last and any(row[column].strip() for row in grid[height + 1 :])
    return grid[height][column - 1] if under and column and grid[height][column - 1].strip() else ""


def _distinct(parts: list[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for part in parts:
        if part.strip() and (not kept or tidy(part) != tidy(kept[-1])):
            kept.append(part)
    return tuple(kept)


def _told(rows: Sequence[Row], plan: Plan, sheet_name: str) -> tuple[Written | None, list[str]]:
    """Period and units named above the table; the period also in the names of sheet and file."""
    above = [" ".join(cells) for _, cells in rows if not isinstance(cells, Broken)]
    places = [*above, sheet_name, plan.filename]
    if "period" in plan.fixed:
        places.insert(0, plan.fixed["period"])
    period = next((found for place in places if (found := period_in(place))), None)
    named = _TITLE_UNIT.search(" ".join(above))
    return period, re.split(r"\s*[、,，]\s*", named[1]) if named else []


def _roles(paths: list[_Path], plan: Plan) -> dict[str, int]:
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
    paths: list[_Path], plan: Plan, year: int | None, roles: dict[str, int]
) -> tuple[list[Column], list[str]]:
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
    free: list[tuple[int, _Path]], plan: Plan, year: int | None, roles: dict[str, int]
) -> tuple[list[Column], list[str]]:
    """Columns the plan maps. With an indicator column the rows are mapped too, as `row name/heading`."""
    if "indicator" in roles:
        return [_rowwise(at, path, year) for at, path in free], []
    wished = {tidy(heading): target for heading, target in plan.targets.items()}
    columns: dict[str, Column] = {}
    doubtful: set[str] = set()
    for rank in range(8):
        called: dict[str, list[tuple[int, _Path, Written | None]]] = {}
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


def _rowwise(at: int, path: _Path, year: int | None) -> Column:
    names = tuple(name for name, _ in path.names(year))
    return Column(at, path.bare, Target(), path.unit, period=_period_of(path, year), names=names)


def _lost(name: str, present: list[str], is_doubtful: bool) -> str:
    if is_doubtful:
        return f"表头里不止一列叫“{name}”，无法确定取哪一列。请在映射中写全两级表头，如“大类/小类”。"
    near = get_close_matches(name, present, n=1, cutoff=0.5)
    hint = f"您是否想填“{near[0]}”？" if near else "请核对表头或修改数据源的列映射。"
    return f"表头里没有“{name}”这一列。{hint}"


def _by_region(
    free: list[tuple[int, _Path]], plan: Plan, year: int | None, roles: dict[str, int]
) -> tuple[list[Column], list[str]]:
    columns = []
    for at, path in free:
        region = next((plan.regions[name] for name, _ in path.names(year) if name in plan.regions), None)
        if region:
            columns.append(Column(at, path.bare, Target(), path.unit, region, _period_of(path, year)))
    return columns, []


def _by_period(
    free: list[tuple[int, _Path]], plan: Plan, year: int | None, roles: dict[str, int]
) -> tuple[list[Column], list[str]]:
    columns = [Column(at, path.bare, Target(), path.unit, None, _period_of(path, year)) for at, path in free]
    return [column for column in columns if column.period], []


def _period_of(path: _Path, year: int | None) -> Written | None:
    return next((written for part in path.parts if (written := _as_period(parted(part)[0], year))), None)


def _suffices(roles: dict[str, int], columns: list[Column], plan: Plan) -> bool:
    """Every part of a reading has a place: a column of labels, the heading, the title or a fixed value."""
    if not columns:
        return False
    needed = {"indicator", "region", "period"} - plan.fixed.keys()
    if plan.layout == "wide":
        needed -= {{"indicators": "indicator", "regions": "region", "periods": "period"}[plan.across]}
        needed |= {"indicator"} & plan.headings.keys() - plan.fixed.keys()
        if all(column.region for column in columns):
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
    return Refused(
        f"找不到表头。需要的列：{'、'.join(wanted)}；文件里看到的：{shown}。请核对表头，或检查文件编码是否正确。"
    )
