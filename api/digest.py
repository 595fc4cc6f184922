"""GET /digest, /digest.html, /digest.txt and POST /digest: 今日要点 of a day, with the facts of every sentence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.digest_file import as_page, as_text
from api.exports_record import record_export
from api.map_values import world_of
from api.operation import WRITTEN, Ask, File, Operation
from api.problem import Problem
from api.shapes import SIMULATED_MARK, Query
from database.engine import reading
from decisions import digests
from decisions.digest import RULES, SECTION_NAMES, Digest, Subject, as_body
from decisions.digest_round import issue_now
from decisions.digest_score import share
from indicators.reading import World

TAG = "预测与研判"
NONE = "这一天没有要点。每日 07:30 自动生成。"


class DigestQuery(Query):
    world: World | None = Field(default=None, description="缺省：演示城市有数据时为 demo，否则为 real")
    region: str | None = Field(default=None, max_length=16, description="全市或县区代码，缺省为全市")
    theme: str | None = Field(default=None, max_length=63, description="主题；有主题时 region 恒为全市")
    day: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}$", description="缺省为最近一日")
    edition: int | None = Field(default=None, ge=1, le=99_999, description="缺省为当日最后一版")


class Wish(BaseModel):
    """Whose text is to be issued anew."""

    model_config = WRITTEN

    world: World
    region: str | None = Field(default=None, max_length=16)
    theme: str | None = Field(default=None, max_length=63)


class SentenceShape(BaseModel):
    """One sentence with what it is made of."""

    model_config = ConfigDict(extra="forbid")

    section: str
    kind: str
    key: str
    text: str
    right: str = Field(description="看到这一句所需的权限")
    verdict: str | None = Field(description="上期提示的核对结果：came、passed、waiting")
    facts: dict[str, dict[str, Any]] = Field(description="每个数和名称：写法、数值、单位、时间、性质、时效、来源、去处")


class DigestShape(BaseModel):
    """The text of one day."""

    world: World
    mark: str | None = Field(description=f"模拟数据恒为“{SIMULATED_MARK}”")
    region: str
    theme: str
    day: str
    edition: int
    editions: int
    issued_at: datetime | None
    reason: str | None = Field(default=None, description="没有要点时的说明；此时 edition 为 0")
    rules: str = Field(description="句式版本：同样的事实、同一版本，写出的文字相同")
    came_true: int
    known: int = Field(description="上期提示中已有结果的项数")
    text: str = Field(description="全文")
    sentences: list[SentenceShape]


def _digest(ask: Ask) -> DigestShape:
    found = _looked_up(ask)
    return _none(ask) if found is None else _shape(found, ask)


def _looked_up(ask: Ask) -> Digest | None:
    query: DigestQuery = ask.query
    with reading(ask.cockpit.engine) as connection:
        return digests.edition(connection, ask.by, _subject(ask, query), day=query.day, number=query.edition)


def _none(ask: Ask) -> DigestShape:
    subject = _subject(ask, ask.query)
    return DigestShape(
        world=World(subject.world), mark=SIMULATED_MARK if subject.world == "demo" else None, region=subject.region,
        theme=subject.theme, day=ask.query.day or "", edition=0, editions=0, issued_at=None, reason=NONE, rules=RULES,
        came_true=0, known=0, text="", sentences=[],
    )  # fmt: skip


def _subject(ask: Ask, wish: DigestQuery | Wish) -> Subject:
    city = ask.catalogue.city.code
    region = city if wish.theme else ask.known_region(wish.region) or city
    if not ask.by.scope.allows(region):
        raise Problem(404, "没有这个区域，或无权查看。", "unknown")
    world = wish.world.value if wish.world else world_of(ask).value
    return Subject(world, region, wish.theme or "")


def _shape(found: Digest, ask: Ask) -> DigestShape:
    came, known = share(found)
    subject = found.subject
    return DigestShape(
        world=World(subject.world), mark=SIMULATED_MARK if found.is_simulated else None, region=subject.region,
        theme=subject.theme, day=found.day, edition=found.edition, editions=found.editions, issued_at=found.issued_at,
        rules=found.rules, came_true=came, known=known, text=as_text(found, _title(ask, subject)),
        sentences=[
            SentenceShape.model_validate(one | {"section": SECTION_NAMES[item.section]})
            for item, one in zip(found.items, as_body(found.items), strict=True)
        ],
    )  # fmt: skip


def _title(ask: Ask, subject: Subject) -> str:
    theme = ask.catalogue.themes.get(subject.theme)
    return ask.catalogue.regions[subject.region].name + (f"{theme.name}主题" if theme else "")


def _page(ask: Ask) -> File:
    return _file(ask, "html")


def _text(ask: Ask) -> File:
    return _file(ask, "txt")


def _file(ask: Ask, form: str) -> File:
    """The text as it leaves the house: with who took it in the audit record."""
    found = _looked_up(ask)
    if found is None:
        raise Problem(404, NONE, "unknown")
    made = (as_page if form == "html" else as_text)(found, _title(ask, found.subject)).encode()
    record_export(ask, f"/digest.{form}", form, len(made))
    media = "text/html; charset=utf-8" if form == "html" else "text/plain; charset=utf-8"
    return File(made, media, f"digest-{found.day}.{form}")


def _issue(ask: Ask) -> DigestShape:
    found = issue_now(ask.cockpit.engine, ask.catalogue, ask.by, _subject(ask, ask.body), now=ask.now)
    if found is None:
        raise Problem(404, "这个范围还没有任何数据，写不出要点。", "unknown")
    return _shape(found, ask)


def _check(ask: Ask) -> None:
    ask.known_region(ask.query.region)
    if ask.query.theme is not None:
        ask.known("主题", ask.query.theme, ask.catalogue.themes)


def _check_wish(ask: Ask) -> None:
    ask.known_region(ask.body.region)
    if ask.body.theme:
        ask.known("主题", ask.body.theme, ask.catalogue.themes)


OPERATIONS = (
    Operation(
        "GET", "/digest", "今日要点：变化、原因、关注，及上期提示的核对；每句附依据", DigestShape, _digest, tag=TAG,
        right="indicators.view", query=DigestQuery, check=_check, problems=(404,), soft_seconds=120,
        topics=lambda ask: [digests.topic_of(world_of(ask).value)],
    ),
    Operation(
        "GET", "/digest.html", "今日要点的网页文件，可用文字处理软件打开", DigestShape, _digest, tag=TAG,
        right="exports.make", query=DigestQuery, check=_check, problems=(404,), media="text/html", file=_page,
    ),
    Operation(
        "GET", "/digest.txt", "今日要点的文本文件", DigestShape, _digest, tag=TAG, right="exports.make",
        query=DigestQuery, check=_check, problems=(404,), media="text/plain", file=_text,
    ),
    Operation(
        "POST", "/digest", "按现在的数据重出一版今日要点；与上一版相同时不另出", DigestShape, _issue, tag=TAG,
        right="exports.make", body=Wish, check=_check_wish, problems=(404,),
    ),
)  # fmt: skip
