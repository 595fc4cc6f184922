"""A message in the department's WeCom (企业微信) group, by the address of its group robot; 20 a minute."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pydantic import Field, ValidationError

from dispatch.channel_terms import NAMED, Terms, plain
from dispatch.message_words import limit
from dispatch.service_call import Meaning, Refused, call, checked, judge
from dispatch.undelivered import NotDelivered

if TYPE_CHECKING:
    from dispatch.outbox import Delivery

NAME = "企业微信"
MEANINGS = {"93000": Meaning.NEVER, "45009": Meaning.LIMIT, "-1": Meaning.LATER, "40058": Meaning.NEVER,
            "40008": Meaning.NEVER}  # fmt: skip
"""93000: no such robot, or it was taken out of the group."""


class Spec(Terms):
    """Options of the channel. The robot's address holds its key, so it is named, not written."""

    secret: str = Field(pattern=NAMED, description="environment variable with the robot's address")


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
        checked(call(NAME, "POST", address, secret, seconds=spec.seconds, json=message(delivery)))
    except Refused as refused:
        raise judge(NAME, refused, MEANINGS) from refused


def message(delivery: Delivery) -> dict[str, object]:
    """What the group reads: number, title, place and time limit; no personal data."""
    told = delivery.payload
    lines = [
        f"**{told['action_name']}**　{plain(told['title'])}",
        f"> 编号：{told['number']}",
        f"> {told['region_name']} · {told['category_name']} · {plain(told['place'] or '')}",
        f"> 时限：{limit(told)}",
    ]
    return {"msgtype": "markdown", "markdown": {"content": "\n".join(lines)}}
