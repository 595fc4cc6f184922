"""Photos and papers of an event: sent as a file, kept by content hash, given back to whoever sees the event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flask import request
from pydantic import BaseModel, Field

from api.event_refusals import told
from api.events import TAG, AttachmentShape, both_topics, file_shape, rules_of, wanted_event
from api.operation import Ask, File, Operation
from api.problem import Fault, Problem
from api.shapes import Query
from database.engine import reading, writing
from dispatch import attachments, records

MULTIPART = "multipart/form-data"
ROOM = 64 * 1024
"""Bytes a form may need around its file."""


@dataclass(frozen=True)
class Sent:
    """A file as it came."""

    content: bytes
    name: str


class AttachQuery(Query):
    kind: Literal["report", "before", "after"] = Field(default="report", description="上报、处置前、处置后")
    name: str = Field(default="", max_length=200, description="文件名；表单中已有的不必写")
    lon: float | None = Field(default=None, ge=-180, le=180, description="拍摄地点")
    lat: float | None = Field(default=None, ge=-90, le=90)


class Files(BaseModel):
    """The files of an event, oldest first."""

    items: list[AttachmentShape]


def _sent() -> Sent:
    """The one file of a form, or the body itself."""
    if request.mimetype != MULTIPART:
        return Sent(request.get_data(), "")
    given = list(request.files.values())
    if len(given) != 1:
        raise Problem(422, "请用表单字段 file 发送一个文件。", "misfit", (Fault("file", "恰好一个文件"),))
    return Sent(given[0].read(), given[0].filename or "")


def _attach(ask: Ask) -> AttachmentShape:
    sent: Sent = ask.body
    wish: AttachQuery = ask.query
    with told(), writing(ask.cockpit.engine) as connection:
        number = records.load(connection, wanted_event(ask), ask.by).event.number
        made = attachments.attach(
            connection, rules_of(ask), ask.cockpit.attachments, number, sent.content, name=wish.name or sent.name,
            kind=wish.kind, by=ask.by, now=ask.now, lon=wish.lon, lat=wish.lat,
        )  # fmt: skip
    return file_shape(made)


def _list(ask: Ask) -> Files:
    return Files(items=[file_shape(one) for one in _of_event(ask)])


def _of_event(ask: Ask) -> tuple[attachments.Attachment, ...]:
    with told(), reading(ask.cockpit.engine) as connection:
        number = records.load(connection, wanted_event(ask), ask.by).event.number
        return attachments.of_event(connection, number, ask.by)


def _file(ask: Ask) -> File:
    """The content, of the type it was found to have; never run by a browser."""
    found = next((one for one in _of_event(ask) if one.sha256 == ask.path["hash"]), None)
    content = None if found is None else attachments.read(ask.cockpit.attachments, found.sha256)
    if found is None or content is None:
        raise Problem(404, "没有这个附件，或无权查看。", "unknown")
    return File(content, found.mime, "" if found.mime.startswith("image/") else found.name)


OPERATIONS = (
    Operation(
        "POST", "/events/{id}/attachments", "添加照片或文件（JPEG、PNG、WebP、PDF，至多 10 MB）", AttachmentShape,
        _attach, tag=TAG, right="events.report", query=AttachQuery, read_body=_sent, body_media=MULTIPART, status=201,
        largest_body=attachments.MOST_BYTES + ROOM,
    ),
    Operation(
        "GET", "/events/{id}/attachments", "事件的附件", Files, _list, tag=TAG, right="events.view",
        topics=both_topics,
    ),
    Operation(
        "GET", "/events/{id}/attachments/{hash}", "附件内容", Files, _list, tag=TAG, right="events.view", file=_file,
        media="application/octet-stream",
    ),
)  # fmt: skip
