"""How hot issues, surges, proposals and their record are told over the interface."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from api.shapes import SIMULATED_MARK
from decisions.issues import HotIssue
from decisions.message import Member, Place
from decisions.proposals import STANDINGS, Proposal
from decisions.routing_record import CrewRecord, RoutingRecord, Share
from dispatch.rulebook import Rulebook
from dispatch.state import STATE_NAMES


class MemberShape(BaseModel):
    """One message of an issue or surge; texts are masked."""

    number: str
    title: str
    state: str
    state_name: str
    reported_at: datetime


class IssueShape(BaseModel):
    """A hot issue."""

    key: str
    place: str
    topics: str
    category: str
    category_name: str
    people: int = Field(description="反映人数")
    heat: float = Field(description="热度，只用于排序，没有单位")
    usual_week: float = Field(description="此前四周平均每周提到该地点的件数")
    start: datetime
    end: datetime
    open: int = Field(description="尚未办结也未并入他件的件数")
    course: list[int] = Field(description="等分时段的件数")
    course_since: datetime
    course_until: datetime
    mark: str | None
    members: list[MemberShape]


class SurgeShape(BaseModel):
    """A place with more reports than usual."""

    place: str
    sentence: str
    hours: int
    count: int
    expected: float = Field(description="往周同一星期几、同时段的期望件数")
    chance: float = Field(description="偶然出现的概率，已按查看的全部地点和时段校正")
    weeks: int = Field(description="期望依据的周数")
    since: datetime
    lon: float | None
    lat: float | None
    mark: str | None
    members: list[MemberShape]


class JointShape(BaseModel):
    """A joint event. `is_new` false: it was there already."""

    number: str
    is_new: bool
    merged: list[str] = Field(description="这次并入的事件")
    apart: list[dict[str, str]] = Field(description="未能并入的事件和原因")


class ProposalShape(BaseModel):
    """What the router proposed for an event, and what became of it."""

    number: str
    version: int
    title: str
    state: str
    model: str = Field(description="模型版本；power-list 为权责清单词语")
    category: str
    category_name: str
    runner_up: str
    department: str | None
    department_name: str
    confidence: float
    bar: float = Field(description="达到它才自动填写")
    words: list[str] = Field(description="起决定作用的词")
    standing: str = Field(
        description="filled 已自动填写，waiting 待人工确认，confirmed 人工确认，changed 人工改类，late 只作对照"
    )
    standing_name: str
    now_category: str
    reported_at: datetime
    routed_at: datetime
    settled_by: str | None
    settled_at: datetime | None
    mark: str | None


class RoutingShape(BaseModel):
    """The category of an event, and what the router proposed for it."""

    number: str
    version: int
    category: str = Field(description="现在的类别")
    proposal: ProposalShape | None = Field(description="上报方自选类别的、尚未处理到的没有建议")


class ShareShape(BaseModel):
    """So many of so many, with the 95 % interval."""

    good: int
    of: int
    value: float | None
    low: float | None
    high: float | None


class RecordShape(BaseModel):
    """How routing and the suggestion of crews did since `since`."""

    since: datetime
    proposed: int
    waiting: int
    corrected: int
    kept_right: ShareShape = Field(description="自动填写且后来没有被人改的")
    to_person: ShareShape = Field(description="交人工确认的")
    agreed: ShareShape = Field(description="人工确认时同意建议的")
    compared: ShareShape = Field(description="人已先行办理、只作对照的，与人的判断一致的")
    followed: ShareShape = Field(description="派遣采纳建议主办单位的")
    on_time_followed: ShareShape
    on_time_overridden: ShareShape


def issue_shape(one: HotIssue, rules: Rulebook) -> IssueShape:
    """A hot issue as it is told."""
    plain = ("key", "place", "topics", "category", "people", "heat", "usual_week", "start", "end", "open")
    return IssueShape(
        **{name: getattr(one, name) for name in plain}, category_name=rules.category_name(one.category),
        course=list(one.course), course_since=one.course_since, course_until=one.course_until,
        mark=_mark(one.members), members=[member_shape(each) for each in one.members],
    )  # fmt: skip


def surge_shape(one: Place) -> SurgeShape:
    """A surge as it is told."""
    found = one.surge
    return SurgeShape(
        place=one.name, sentence=one.sentence, hours=found.hours, count=found.count,
        expected=round(found.expected, 3), chance=found.chance, weeks=found.weeks, since=found.since, lon=one.lon,
        lat=one.lat, mark=_mark(one.members), members=[member_shape(each) for each in one.members],
    )  # fmt: skip


def member_shape(one: Member) -> MemberShape:
    """A member as it is told."""
    return MemberShape(
        number=one.number, title=one.title, state=str(one.state), state_name=STATE_NAMES[one.state],
        reported_at=one.at,
    )  # fmt: skip


def proposal_shape(one: Proposal, rules: Rulebook) -> ProposalShape:
    """A proposal as it is told."""
    same = (set(ProposalShape.model_fields) & set(vars(one))) - {"words", "state"}
    return ProposalShape(
        **{name: getattr(one, name) for name in same}, state=str(one.state), words=list(one.words),
        category_name=rules.category_name(one.category), department_name=rules.department_name(one.department),
        standing_name=STANDINGS[one.standing], mark=SIMULATED_MARK if one.number.startswith("MN") else None,
    )  # fmt: skip


def record_shape(routing: RoutingRecord, crews: CrewRecord) -> RecordShape:
    """Both records as they are told."""
    return RecordShape(
        since=routing.since, proposed=routing.proposed, waiting=routing.waiting, corrected=routing.corrected,
        kept_right=_share(routing.kept_right), to_person=_share(routing.to_person), agreed=_share(routing.agreed),
        compared=_share(routing.compared),
        followed=_share(crews.followed), on_time_followed=_share(crews.on_time_followed),
        on_time_overridden=_share(crews.on_time_overridden),
    )  # fmt: skip


def _share(one: Share) -> ShareShape:
    low, high = one.interval or (None, None)
    return ShareShape(good=one.good, of=one.of, value=one.value, low=low, high=high)


def _mark(found: tuple[Member, ...]) -> str | None:
    return SIMULATED_MARK if any(one.is_simulated for one in found) else None
