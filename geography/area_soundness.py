"""Whether an area can be watched: its lines cross nowhere, its holes lie inside, its size is one of a city's."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from geography.areas import Area, NoArea, Polygon
from geography.coordinates import Point
from geography.regions import contains
from geography.shapes import Ring, Shape

SMALLEST_KM2, LARGEST_KM2 = 0.0005, 5_000.0
"""500 m², a yard; 5,000 km², more than the city and its bays."""
Corner = tuple[float, float]
Edge = tuple[Corner, Corner]


def require_sound(area: Area) -> None:
    """NoArea with the reason in words."""
    if isinstance(area, Polygon):
        for name, ring in _named(area):
            _require_simple(name, _without_repeats(ring))
        _require_holes_inside(area)
    if not SMALLEST_KM2 <= area.square_km <= LARGEST_KM2:
        raise NoArea("区域太小（不足 500 平方米）或太大（超过 5,000 平方公里），请重新圈选")


def _named(area: Polygon) -> Iterator[tuple[str, Ring]]:
    for number, ring in enumerate(area.rings):
        yield f"第 {number} 个内孔" if number else "边界", ring


def _without_repeats(ring: Ring) -> Ring:
    """Two clicks on one spot make an edge without length: it is none."""
    return (ring[0], *(b for a, b in pairwise(ring) if a != b))


def _require_simple(name: str, ring: Ring) -> None:
    """No two edges meet, but neighbours in the corner they share."""
    edges = list(pairwise(ring))
    for (i, one), (j, other) in combinations(enumerate(edges), 2):
        is_next = j == i + 1 or (i == 0 and j == len(edges) - 1)
        if _folds_back(one, other, i + 1 == j) if is_next else _meet(one, other):
            raise NoArea(f"{name}自相交：第 {i + 1} 条边与第 {j + 1} 条边相交，请沿一个方向依次点击顶点")


def _require_holes_inside(area: Polygon) -> None:
    outer, *holes = area.rings
    shape = Shape((), "", ((outer,),))
    for number, hole in enumerate(holes, 1):
        if not all(contains(shape, Point(*corner)) for corner in hole) or _rings_meet(outer, hole):
            raise NoArea(f"第 {number} 个内孔应完全在边界之内，不与边界相接")
    for (i, one), (j, other) in combinations(enumerate(holes, 1), 2):
        if _rings_meet(one, other) or _lies_in(one, other) or _lies_in(other, one):
            raise NoArea(f"第 {i} 个内孔与第 {j} 个内孔相接或重叠")


def _lies_in(inner: Ring, outer: Ring) -> bool:
    return contains(Shape((), "", ((outer,),)), Point(*inner[0]))


def _rings_meet(one: Ring, other: Ring) -> bool:
    return any(_meet(a, b) for a in pairwise(one) for b in pairwise(other))


def _meet(one: Edge, other: Edge) -> bool:
    """True if the two have a point in common, their ends included."""
    (a, b), (c, d) = one, other
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    ends = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(turn == 0 and _between(*end) for turn, end in zip(turns, ends, strict=True))


def _folds_back(one: Edge, other: Edge, is_onward: bool) -> bool:
    """True if an edge runs back along the one it starts from."""
    before, after = (one, other) if is_onward else (other, one)
    (a, b), (_, c) = before, after
    ahead = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1])
    return _turn(a, b, c) == 0 and ahead < 0


def _turn(a: Corner, b: Corner, c: Corner) -> float:
    """Positive if c lies to the left of the line from a to b, 0 on it."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _between(a: Corner, b: Corner, c: Corner) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])
