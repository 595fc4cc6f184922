"""The audit record as lines of a table: headings and cells, the same for the command line and the web."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import orjson

from access.audit_rows import AuditRow

CITY_TIME = ZoneInfo("Asia/Shanghai")
HEADINGS = (
    "编号", "时间", "操作人", "账号", "角色", "区域", "来源地址", "操作", "对象", "结果", "请求编号", "详情", "摘要",
)  # fmt: skip
RESULT_WORDS = {"ok": "成功", "refused": "拒绝", "failed": "失败"}


def cells(row: AuditRow) -> list[str]:
    """One row under HEADINGS; the time is the city's, with its offset."""
    return [
        str(row.id),
        row.at.astimezone(CITY_TIME).isoformat(timespec="milliseconds"),
        row.actor,
        row.account,
        row.role,
        row.region,
        row.address,
        row.action,
        row.object,
        RESULT_WORDS.get(row.result, row.result),
        row.request_id,
        "" if not row.detail else orjson.dumps(row.detail, option=orjson.OPT_SORT_KEYS).decode(),
        row.hash,
    ]
