"""The rules of early warning over the interface: as they are in force, as a file, and changes to them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from api.operation import Ask, Operation
from api.problem import Problem
from api.shapes import Query
from database.changes import CATALOGUE
from database.engine import reading, writing
from decisions import warning_acts as acts
from decisions.live_rules import at_hand
from decisions.warning_rule import Rule
from decisions.warning_rules import EditRefused, Rules, as_file, in_force

TAG = "预警"


class RulesQuery(Query):
    format: Literal["json", "yaml"] = Field(default="json", description="yaml：可直接用作 warnings.yaml 的文件")


class RuleShape(Rule):
    """A rule in force. `edited`: changed on screen, the file says otherwise."""

    edited: bool


class RuleList(BaseModel):
    """All rules in the order of the file."""

    version: str
    problems: list[str] = Field(description="规则文件的新改动有误时，沿用上一版，错误列在这里")
    items: list[RuleShape]


class Edit(BaseModel):
    """Bounds and times that shall differ from the file. Nothing given takes all changes back."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, populate_by_name=True)

    red: float | None = None
    orange: float | None = None
    yellow: float | None = None
    blue: float | None = None
    hysteresis: float | None = Field(default=None, ge=0)
    lasting: str | None = Field(default=None, max_length=6)
    calm: str | None = Field(default=None, max_length=6)
    lead: str | None = Field(default=None, max_length=6)
    no_data: Literal["keep", "lift"] | None = None
    event: Literal["offer", "red", "orange", "yellow"] | None = None
    advice: str | None = Field(default=None, max_length=300)
    reason: str = Field(max_length=300, validation_alias=AliasChoices("reason", "note"))


def rules_of(ask: Ask, connection: Any) -> Rules:
    """The rules in force, changes made on screen included."""
    return in_force(connection, at_hand(ask.cockpit.live_catalogue).current())


def _list(ask: Ask) -> RuleList:
    with reading(ask.cockpit.engine) as connection:
        rules = rules_of(ask, connection)
    problems = [str(one) for one in at_hand(ask.cockpit.live_catalogue).problems]
    items = [_shape(rule, key in rules.edited) for key, rule in rules.rules.items()]
    return RuleList(version=rules.version, problems=problems, items=items)


def _shape(rule: Rule, edited: bool) -> RuleShape:
    return RuleShape(**rule.model_dump(), edited=edited)


def _file(ask: Ask, form: str) -> bytes:
    with reading(ask.cockpit.engine) as connection:
        return as_file(rules_of(ask, connection)).encode()


def _edit(ask: Ask) -> RuleShape:
    key, wish = ask.path["key"], ask.body
    written = at_hand(ask.cockpit.live_catalogue).current()
    ask.known("规则", key, written.rules)
    given = wish.model_dump(exclude={"reason"}, exclude_unset=True)
    edits = {name: value for name, value in given.items() if value != getattr(written.rules[key], name)}
    try:
        with writing(ask.cockpit.engine) as connection:
            acts.edit_rule(connection, ask.by, written, rule=key, edits=edits, reason=wish.reason, now=ask.now)
            rules = in_force(connection, written)
    except (acts.ActRefused, EditRefused) as refused:
        raise Problem(422, str(refused), "misfit") from refused
    return _shape(rules.rules[key], key in rules.edited)


OPERATIONS = (
    Operation(
        "GET", "/warning-rules", "预警规则，含界面上的修改；可导出为 YAML", RuleList, _list, tag=TAG,
        right="warnings.view", query=RulesQuery, topics=lambda ask: [CATALOGUE], tables=_file,
    ),
    Operation(
        "POST", "/warning-rules/{key}/edits", "修改一条规则的界限和时长；不给任何一项则恢复文件原值", RuleShape, _edit,
        tag=TAG, right="rules.edit", body=Edit,
    ),
)  # fmt: skip
