"""GET /audit: the record of who did what, for the auditor; as a file it is stamped and recorded itself."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, Field

from access.anchor import reviews, rows_so_far
from access.audit_rows import AuditRow, Wanted, audit_rows, every
from access.audit_sheet import HEADINGS, cells
from api.export import sheet_of
from api.operation import Ask, Operation
from api.paging import Numbered, Page, cursor_after, numbered
from database.engine import reading

Text = Annotated[str, Field(max_length=80)]


class AuditQuery(Numbered):
    actor: Text = Field(default="", description="操作人姓名（可只写开头）或账号")
    action: Text = Field(default="", description="操作，可只写开头，如 entries.")
    leave_out: Text = Field(default="", description="不要的操作，如 readings.push")
    object: Text = Field(default="", description="对象，可只写开头，如 entry 12")
    region: Annotated[str, Field(max_length=16)] = Field(default="", description="区域代码")
    result: Literal["", "ok", "refused", "failed"] = Field(default="", description="ok 成功，refused 拒绝，failed 失败")
    since: AwareDatetime | None = Field(default=None, alias="from", description="自此刻（含），带时区")
    until: AwareDatetime | None = Field(default=None, alias="to", description="至此刻（不含）")
    format: Literal["json", "csv", "xlsx"] = Field(default="json", description="csv 与 xlsx 不分页，至多 10 万条")


class AuditShape(BaseModel):
    """One row of the record."""

    id: int
    at: datetime
    actor: str
    account: str
    role: str
    region: str
    address: str
    action: str
    object: str
    result: str
    request_id: str
    detail: dict[str, Any]
    hash: str = Field(description="本条摘要，与前一条相连")


class ReviewShape(BaseModel):
    """The last look at the whole record."""

    at: datetime
    rows: int
    finding: str = Field(description="未发现问题时为空")


class AuditPage(Page[AuditShape]):
    """Rows, newest first, and how the record as a whole stands."""

    rows_so_far: int = Field(description="建立以来的总条数")
    anchored: ReviewShape | None = Field(description="最近一次库外锚定")
    verified: ReviewShape | None = Field(description="最近一次全链校验")


def _page(ask: Ask) -> AuditPage:
    wish: AuditQuery = ask.query
    with reading(ask.cockpit.engine) as connection:
        found = audit_rows(connection, ask.by, _wanted(wish), limit=wish.limit + 1, before=numbered(wish))
        looks, total = reviews(connection), rows_so_far(connection)
    shown = found[: wish.limit]
    following = cursor_after((shown[-1].id,)) if len(found) > wish.limit else None
    told = {kind: ReviewShape(at=one.at, rows=one.rows, finding=one.finding) for kind, one in looks.items()}
    return AuditPage(
        items=[_shape(row) for row in shown],
        next=following,
        rows_so_far=total,
        anchored=told.get("anchor"),
        verified=told.get("verify"),
    )


def _file(ask: Ask, form: str) -> bytes:
    with reading(ask.cockpit.engine) as connection:
        return sheet_of(
            form, HEADINGS, (cells(row) for row in every(connection, ask.by, _wanted(ask.query))), "审计记录"
        )


def _wanted(wish: AuditQuery) -> Wanted:
    return Wanted(
        wish.actor, wish.action, wish.object, wish.region, wish.result, wish.since, wish.until, wish.leave_out
    )


def _shape(row: AuditRow) -> AuditShape:
    return AuditShape(**{name: getattr(row, name) for name in AuditShape.model_fields})


OPERATIONS = (
    Operation(
        "GET",
        "/audit",
        "审计记录，新的在前",
        AuditPage,
        _page,
        tag="审计",
        right="audit.view",
        query=AuditQuery,
        tables=_file,
        file_right="audit.view",
    ),
)
