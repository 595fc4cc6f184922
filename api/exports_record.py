"""The row an export leaves in the audit record: which file, of what, how large."""

from __future__ import annotations

from access.audit import record
from api.operation import Ask
from database.engine import writing

FILE_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "yaml": "application/yaml; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def record_export(ask: Ask, path: str, form: str, size: int) -> int:
    """The number of the row, written in a transaction of its own."""
    wishes = ask.query.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    told = {"path": path, "form": form, "bytes": size, "query": wishes}
    region = str(getattr(ask.query, "region", None) or "")
    named = " ".join(("file", path.strip("/").partition("/")[0], *ask.path.values()))
    with writing(ask.cockpit.engine) as connection:
        return record(
            connection, by=ask.by, action="exports.make", object=named, region=region, detail=told, now=ask.now
        )
