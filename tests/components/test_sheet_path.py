"""Lines are drawn whether they come as the catalogue's pairs or as the lists of GeoJSON."""

from __future__ import annotations

from components.county_map import Sheet


def test_lists_and_pairs_are_one_line() -> None:
    sheet = Sheet(116.0, 23.0, 117.0, 24.0)
    pairs = [(116.1, 23.1), (116.5, 23.5), (116.9, 23.2)]
    assert sheet.path([list(one) for one in pairs], closed=True) == sheet.path(pairs, closed=True)  # type: ignore[arg-type]
