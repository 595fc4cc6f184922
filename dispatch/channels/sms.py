"""A short message by the HTTP gateway of a carrier: approved template and signature, counted in segments.

The text holds number, level, region, kind and limit alone: titles and places are written by citizens and stay inside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError

from dispatch.channel_terms import NAMED, Terms
from dispatch.message_words import limit
from dispatch.service_call import BUSY, call, named
from dispatch.stage import LEVEL_NAMES
from dispatch.undelivered import NotDelivered

if TYPE_CHECKING:
    from dispatch.outbox import Delivery

NAME = "短信网关"
ONE, MORE = 70, 67
"""Characters of a message in Chinese, and of each part of a longer one (GSM 03.38 with UCS-2)."""


class Spec(Terms):
    """Options of the channel. Telephone numbers of people are not written here: `phones` names the variable."""

    url: str = Field(pattern=r"^https?://[^\s]+$", description="where the gateway takes messages")
    account: str = Field(min_length=1, max_length=64)
    secret: str = Field(pattern=NAMED, description="environment variable with the gateway's key")
    phones: str = Field(pattern=NAMED, description="environment variable with the numbers on duty, by blanks")
    template: str = Field(min_length=1, max_length=64, description="number of the approved template")
    signature: str = Field(min_length=2, max_length=20, description="approved signature, without brackets")
    segments: int = Field(default=2, ge=1, le=10, description="longer texts are cut to so many parts")
    fine: tuple[str, ...] = ("0", "000000", "OK")
    limited: tuple[str, ...] = Field(default=("LIMIT",), description="codes that mean: too fast")
    never: tuple[str, ...] = Field(default=(), description="codes that no second try helps")
    levels: tuple[int, ...] = (1, 2)
    per_minute: int = Field(default=60, ge=1, le=600)


def send(delivery: Delivery, secret: Callable[[str], str | None]) -> None:
    """Hand it to the gateway; NotDelivered unless its code is one of `fine`. Every try has the same `clientId`."""
    try:
        spec = Spec.model_validate(dict(delivery.options))
    except ValidationError as wrong:
        raise NotDelivered(f"sms 设置有误：{wrong.errors()[0]['loc']}", permanent=True) from wrong
    key, phones = named(secret, spec.secret), named(secret, spec.phones).split()
    body = message(delivery, spec, phones, key, datetime.now(UTC))
    told = call(NAME, "POST", spec.url, secret, seconds=spec.seconds, json=body)
    code = str(told.get("code", ""))
    if code not in spec.fine:
        words = str(told.get("msg") or "")[:80]
        for phone in phones:
            words = words.replace(phone, f"{phone[:3]}****{phone[-2:]}")
        raise NotDelivered(
            f"{NAME}返回 {code or '空'} {words}".strip(), permanent=code in spec.never,
            after=BUSY if code in spec.limited else None,
        )  # fmt: skip


def message(delivery: Delivery, spec: Spec, phones: list[str], key: str, at: datetime) -> dict[str, Any]:
    """The request: who, template with its parameters, the text as it will read, proof of the sender."""
    stamp = f"{int(at.timestamp())}"
    content = text(delivery.payload, spec)
    return {
        "account": spec.account,
        "timestamp": stamp,
        "sign": sha256(f"{spec.account}{stamp}{key}".encode()).hexdigest(),
        "clientId": delivery.key,
        "templateId": spec.template,
        "signName": spec.signature,
        "mobiles": phones,
        "params": parameters(delivery.payload),
        "content": content,
        "segments": segments(content),
    }


def parameters(told: Mapping[str, Any]) -> dict[str, str]:
    """What the template is filled with."""
    return {
        "level": LEVEL_NAMES[told["level"]], "action": told["action_name"], "number": told["number"],
        "region": told["region_name"], "category": told["category_name"], "limit": limit(told),
    }  # fmt: skip


def text(told: Mapping[str, Any], spec: Spec) -> str:
    """The message as it reads, at most so many segments."""
    known = parameters(told)
    words = (
        f"【{spec.signature}】{known['level']}{known['action']}：{known['region']}{known['category']}，"
        f"编号{known['number']}，时限{known['limit']}，请登录系统办理。"
    )
    most = ONE if spec.segments == 1 else MORE * spec.segments
    return words if len(words) <= most else words[: most - 1] + "…"


def segments(content: str) -> int:
    """How many messages the carrier counts."""
    return 1 if len(content) <= ONE else -(-len(content) // MORE)
