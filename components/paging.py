"""Long tables in pages; the page number stands in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.place import Place

T = TypeVar("T")


@dataclass(frozen=True)
class Sheet(Generic[T]):
    """The rows of one page, and how many pages there are."""

    rows: Sequence[T]
    page: int
    pages: int


def pages_of(rows: Sequence[T], size: int, wanted: str | None) -> Sheet[T]:
    """Page `wanted` (text from the address) of `rows`; anything that is no such page is the first."""
    pages = max(-(-len(rows) // size), 1)
    page = int(wanted) if wanted and wanted.isascii() and wanted.isdigit() and 1 <= int(wanted) <= pages else 1
    return Sheet(rows[(page - 1) * size : page * size], page, pages)


def page_links(sheet: Sheet[T], path: str, place: Place) -> Component:
    """A link per page, the present one filled; nothing if there is only one."""
    if sheet.pages == 1:
        return html.Span()
    links = [
        html.A(
            str(number),
            href=place.to(path, page=str(number) if number > 1 else None),
            **attributes(aria_current="page" if number == sheet.page else None),
        )
        for number in range(1, sheet.pages + 1)
    ]
    return html.Nav(["页", *links], className="seg", **attributes(aria_label="分页"))
