"""Cursor paging: a page begins after the last key of the one before, so rows added meanwhile shift nothing."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Any, ClassVar, Generic, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, Field

from api.problem import Problem

Item = TypeVar("Item")
Key = tuple[str | int, ...]

LARGEST_PAGE = 1000


class Paged(BaseModel):
    """The paging parameters every list understands."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    key_types: ClassVar[tuple[type, ...]] = (str,)
    """What the key of this list consists of."""

    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE, description="每页条数")] = 200
    cursor: Annotated[str | None, Field(max_length=400, description="上一页给出的 next，原样传回")] = None


class Numbered(Paged):
    """The same for lists sorted by a number."""

    key_types: ClassVar[tuple[type, ...]] = (int,)


class Page(BaseModel, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next: str | None = Field(default=None, description="下一页的 cursor；没有下一页时为 null")


def cut(rows: Sequence[Item], wish: Paged, key: Callable[[Item], Key]) -> tuple[list[Item], str | None]:
    """The wanted page of `rows`, which are sorted by `key`, and the cursor of the next one."""
    after = position(wish)
    rest = [row for row in rows if after is None or key(row) > after]
    page = list(rest[: wish.limit])
    return page, cursor_after(key(page[-1])) if len(rest) > wish.limit else None


def position(wish: Paged) -> Key | None:
    """The key after which the page begins; Problem 400 if the cursor is not one of this list."""
    if wish.cursor is None:
        return None
    try:
        padded = wish.cursor + "=" * (-len(wish.cursor) % 4)
        found: Any = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        found = None
    if not isinstance(found, list) or tuple(map(type, found)) != wish.key_types or not _can_be_stored(found):
        raise Problem(400, "cursor 无效：请原样使用本列表上一页的 next，或去掉它从第一页开始。", kind="cursor")
    return tuple(found)


def numbered(wish: Paged) -> int | None:
    """The same for lists sorted by a number."""
    after = position(wish)
    return None if after is None else int(after[0])


def cursor_after(key: Key) -> str:
    """The text that stands for `key`."""
    return base64.urlsafe_b64encode(orjson.dumps(list(key))).decode().rstrip("=")


def _can_be_stored(parts: list[Any]) -> bool:
    return all(abs(part) < 2**63 for part in parts if isinstance(part, int))
