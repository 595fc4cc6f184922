"""GET /indicators/{code}/proof: the chain behind one number, from the value to the person who brought it."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, Field

from api.indicators import topics_of_indicator
from api.operation import Ask, Operation
from api.quarantine import HeldShape, held_shape
from api.readings import PERIOD
from api.shapes import Query, ReadingShape, reading_shape
from api.sources import CallShape
from database.engine import reading
from indicators.proof import Printed, Proof, proof
from indicators.reading import World


class ProofQuery(Query):
    region: str | None = Field(default=None, description="区域代码，缺省为全市", max_length=16)
    period: str | None = Field(default=None, pattern=PERIOD, description="时期；缺省为最新")
    world: World | None = Field(default=None, description="缺省两个世界都给")
    dim: str = Field(default="", max_length=120)
    known_at: AwareDatetime | None = Field(default=None, description="只用此刻之前已获知的数据，带时区")


class EnteredShape(BaseModel):
    """Who entered and who reviewed a figure."""

    id: int
    entered_by: str
    note: str
    reviewed_by: str | None
    review_note: str | None


class PrintedShape(BaseModel):
    """Where a published figure stands in print."""

    title: str
    publisher: str
    source_title: str
    source_url: str
    fragment: str


class ChainShape(BaseModel):
    """value → formula → rows → call → who and when."""

    reading: ReadingShape
    formula: str
    calculation: str | None = Field(description="代入数字的算式；直接报送的数值为 null")
    parts: list[ReadingShape] = Field(description="汇总所用的下级读数")
    call: CallShape | None
    line: int | None = Field(description="在该次取数中的行号")
    raw: str | None = Field(description="原样的行")
    released: HeldShape | None = Field(description="如曾被隔离，放行的决定")
    entered: EnteredShape | None = Field(description="如为人工填报，填报与审核")
    printed: PrintedShape | None = Field(description="如为公开发布，原文出处")
    vintages: list[ReadingShape] = Field(description="此时期先后获知的全部数值")


class ProofShape(BaseModel):
    """The chain in each world that has a value; empty if none has."""

    chains: list[ChainShape]


def _check(ask: Ask) -> None:
    ask.known("指标", ask.path["code"], ask.catalogue.indicators)
    ask.known_region(ask.query.region)


def _proof(ask: Ask) -> ProofShape:
    wish: ProofQuery = ask.query
    with reading(ask.cockpit.engine) as connection:
        found = [
            proof(
                connection,
                ask.catalogue,
                ask.by,
                world=world,
                code=ask.path["code"],
                region=wish.region or ask.catalogue.city.code,
                period=wish.period,
                dim=wish.dim,
                known_at=wish.known_at,
                now=ask.now,
            )
            for world in ask.worlds
        ]
    return ProofShape(chains=[_chain(ask, one) for one in found if one])


def _chain(ask: Ask, one: Proof) -> ChainShape:
    catalogue, entered = ask.catalogue, one.entered
    return ChainShape(
        reading=reading_shape(catalogue, one.reading),
        formula=one.formula,
        calculation=one.calculation,
        parts=[reading_shape(catalogue, part) for part in one.parts],
        call=CallShape.model_validate(one.call, from_attributes=True) if one.call else None,
        line=one.line,
        raw=one.raw,
        released=held_shape(ask, one.released) if one.released else None,
        entered=EnteredShape.model_validate(entered, from_attributes=True) if entered else None,
        printed=_printed(one.printed),
        vintages=[reading_shape(catalogue, vintage) for vintage in one.vintages],
    )


def _printed(printed: Printed | None) -> PrintedShape | None:
    return PrintedShape.model_validate(printed, from_attributes=True) if printed else None


OPERATIONS = (
    Operation(
        "GET",
        "/indicators/{code}/proof",
        "一个数值背后的依据链",
        ProofShape,
        _proof,
        tag="读数",
        right="indicators.view",
        query=ProofQuery,
        check=_check,
        topics=topics_of_indicator,
    ),
)
