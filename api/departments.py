"""GET /departments: the units that own figures, with what they answer for."""

from __future__ import annotations

from pydantic import Field

from api.operation import Ask, Operation
from api.paging import Page, Paged, cut
from api.shapes import Unit, unit_shape


class DepartmentShape(Unit):
    """A unit and what it answers for."""

    indicators: list[str] = Field(description="由其负责的指标")
    sources: list[str] = Field(description="由其负责的数据源")


def _departments(ask: Ask) -> Page[DepartmentShape]:
    shapes = [_shape(ask, key) for key in sorted(ask.catalogue.departments)]
    items, following = cut(shapes, ask.query, key=lambda unit: (unit.key,))
    return Page[DepartmentShape](items=items, next=following)


def _shape(ask: Ask, key: str) -> DepartmentShape:
    catalogue = ask.catalogue
    return DepartmentShape(
        **unit_shape(catalogue, key).model_dump(),
        indicators=[indicator.code for indicator in catalogue.indicators.values() if indicator.owner == key],
        sources=[source.key for source in catalogue.sources.values() if source.owner == key],
    )


OPERATIONS = (
    Operation(
        "GET",
        "/departments",
        "责任单位",
        Page[DepartmentShape],
        _departments,
        tag="目录",
        right="indicators.view",
        query=Paged,
        topics=lambda ask: [],
        soft_seconds=3600,
    ),
)
