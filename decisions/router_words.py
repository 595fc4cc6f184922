"""What of an event the router reads: its title without the place, which says where and not what."""

from __future__ import annotations

_SHORTEST_PLACE = 2


def words_of(title: str, place: str, description: str = "") -> str:
    """The title without the name of the place; a title that is nothing else is read whole, then the description."""
    name = place.strip()
    rest = title.replace(name, "") if len(name) >= _SHORTEST_PLACE else title
    plain = rest.strip(" ，,。：:-—") or title.strip()
    return plain if len(plain) >= 4 or not description.strip() else f"{plain}，{description.strip()[:60]}"
