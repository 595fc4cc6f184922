"""A message in the department's WeCom (企业微信) group, by the address of its group robot."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dispatch.undelivered import NotDelivered

if TYPE_CHECKING:
    from dispatch.outbox import Delivery


class Spec(BaseModel):
    """Options of the channel. The robot's address holds its key, so it is named, not written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    secret: str = Field(pattern=r"^[A-Z][A-Z0-9_]{2,60}$", description="environment variable with the robot's address")
    seconds: float = Field(default=5.0, gt=0, le=30)


def send(delivery: Delivery, secret: Callable[[str], str | None]) -> None:
    """Post a markdown message; NotDelivered unless the robot answers errcode 0."""
    try:
        spec = Spec.model_validate(dict(delivery.options))
    except ValidationError as wrong:
        raise NotDelivered(f"wecom 设置有误：{wrong.errors()[0]['loc']}", permanent=True) from wrong
    address = secret(spec.secret)
    if not address:
        raise NotDelivered(f"没有设置机器人地址 {spec.secret}", permanent=True)
    try:
        answer = httpx.post(address, json=message(delivery), timeout=spec.seconds, trust_env=False)
        told = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise NotDelivered(f"企业微信不可用：{type(error).__name__}") from error
    if told.get("errcode") != 0:
        raise NotDelivered(f"企业微信返回 {told.get('errcode')}")


def message(delivery: Delivery) -> dict[str, object]:
    """What the group reads: number, title, place and time limit; no personal data."""
    told = delivery.payload
    lines = [
        f"**{told['action_name']}**　{_plain(told['title'])}",
        f"> 编号：{told['number']}",
        f"> {told['region_name']} · {told['category_name']} · {_plain(told['place'] or '')}",
        f"> 时限：{told['due_at'] or '—'}",
    ]
    return {"msgtype": "markdown", "markdown": {"content": "\n".join(lines)}}


def _plain(text: str) -> str:
    """Without what markdown or a mention would read into it."""
    return "".join(" " if sign in "*_`[]()<>@#\n" else sign for sign in text)
