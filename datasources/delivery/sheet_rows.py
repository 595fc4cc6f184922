"""What kind of row this is: readings, or a footnote, total, repeated heading, section, blank line."""

from __future__ import annotations

import re

from datasources.delivery.cell import plain
from datasources.delivery.heading_path import tidy
from datasources.delivery.sheet_heading import Heading
from datasources.delivery.sheet_names import tidy_name

_TOTAL = re.compile(
    r"(?:全市|全县|全区|全镇|本市|本月|本年|当月|总)?(?:合计|总计|小计|共计|平均值?|均值|累计|总和|总数)|全市(?:平均)?"
)
_FOOTNOTE = re.compile(
    r"(?:注|备注|附注|说明|填表说明|数据来源|资料来源|来源)\d*[:、.]|\(?注\d*\)?[:、.]|[*※]|[①-⓿❶-➓]"
    r"|(?:单位负责人|统计负责人|负责人|填报人|填表人|制表人?|审核人?|联系人|联系电话|填报单位|报送单位|报出日期|填报日期|打印日期|第\d+页)"
)


class RowKinds:
    """Tells the kinds of rows below one heading apart."""

    def __init__(self, heading: Heading, known: set[str], *, is_wide: bool) -> None:
        """`known`: labels that are never totals or sections because the plan or the catalogue names them."""
        self._heading = heading
        self._known = known
        self._labels = [heading.roles[role] for role in ("region", "indicator", "period") if role in heading.roles]
        self._has_sections = is_wide and len(heading.columns) + len(self._labels) > 2

    def kind(self, cells: list[str], filled: int) -> str | None:
        """footnote, header, total or section; None for a row of readings. `filled` cells have text."""
        if filled <= 3:
            first = next(cell for cell in cells if cell and not cell.isspace())
            if _FOOTNOTE.match(first.strip()) or _FOOTNOTE.match(plain(first)):
                return "footnote"
            if filled == 1 and self._has_sections and tidy_name(first) not in self._known:
                return "section"
        for at in self._labels:
            if at < len(cells) and self._is_total(cells[at]):
                return "total"
        if filled > 1 and cells[0] == self._heading.first and tuple(map(tidy, cells)) in self._heading.cells:
            return "header"
        return None

    def _is_total(self, label: str) -> bool:
        if not label or label[-1:] not in "计均值累和数市" or len(label) > 12:
            return False
        name = tidy_name(label)
        return name not in self._known and bool(_TOTAL.fullmatch(name))
