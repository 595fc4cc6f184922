"""GET /events/suggest: what a report looks like while it is typed: category and level, each with its reason."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.events import TAG, rules_of
from api.operation import Ask, Operation
from api.shapes import Query
from dispatch.power_list import matches, prioritise
from dispatch.report import Report
from dispatch.stage import LEVEL_NAMES


class SuggestQuery(Query):
    title: str = Field(default="", max_length=120)
    description: str = Field(default="", max_length=1000)
    category: str | None = Field(default=None, max_length=16, description="已选定的类别")


class CategoryHint(BaseModel):
    """A category whose words stand in the text."""

    code: str
    name: str
    reason: str


class Suggested(BaseModel):
    """The likeliest categories, best first, and the level by the matrix."""

    categories: list[CategoryHint]
    level: int
    level_name: str
    impact: int
    urgency: int
    level_reason: str


def _suggest(ask: Ask) -> Suggested:
    wish: SuggestQuery = ask.query
    rules = rules_of(ask)
    found = matches(wish.title, wish.description, rules)
    hints = [CategoryHint(code=one.code, name=rules.category_name(one.code), reason=one.reason) for one in found]
    category = wish.category or (found[0].code if found else "")
    draft = Report(wish.title, "desk", "draft", ask.now, description=wish.description)
    priority = prioritise(draft, category, rules)
    return Suggested(
        categories=hints, level=priority.level, level_name=LEVEL_NAMES[priority.level], impact=priority.impact,
        urgency=priority.urgency, level_reason=priority.reason,
    )  # fmt: skip


OPERATIONS = (
    Operation(
        "GET", "/events/suggest", "按文字建议类别和级别", Suggested, _suggest, tag=TAG, right="events.report",
        query=SuggestQuery,
    ),
)  # fmt: skip
