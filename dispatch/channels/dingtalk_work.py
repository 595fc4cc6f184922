"""A work notice (工作通知) of a DingTalk application to named members."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pydantic import Field, ValidationError

from dispatch.channel_terms import NAMED, Terms
from dispatch.message_words import lines
from dispatch.service_call import Meaning, Refused, call, checked, judge, named, with_token
from dispatch.undelivered import NotDelivered

if TYPE_CHECKING:
    from dispatch.outbox import Delivery

NAME = "钉钉工作通知"
MEANINGS = {
    "40014": Meaning.RENEW, "42001": Meaning.RENEW, "-1": Meaning.LATER, "90018": Meaning.LIMIT,
    "143106": Meaning.LIMIT, "88": Meaning.NEVER, "33012": Meaning.NEVER, "40035": Meaning.NEVER,
    "40089": Meaning.NEVER, "41": Meaning.NEVER,
}  # fmt: skip


class Spec(Terms):
    """Options of the channel. `secret`: environment variable with the application's secret."""

    base: str = Field(pattern=r"^https?://[^\s/]+$")
    app: str = Field(min_length=2, max_length=64, description="AppKey of the application")
    agent: int = Field(ge=1)
    secret: str = Field(pattern=NAMED)
    users: tuple[str, ...] = Field(min_length=1, max_length=100)


def send(delivery: Delivery, secret: Callable[[str], str | None]) -> None:
    """Hand the notice over; the service sends it by itself and drops a repetition of the same day."""
    try:
        spec = Spec.model_validate(dict(delivery.options))
    except ValidationError as wrong:
        raise NotDelivered(f"dingtalk_work 设置有误：{wrong.errors()[0]['loc']}", permanent=True) from wrong
    key = named(secret, spec.secret)
    body = {
        "agent_id": spec.agent,
        "userid_list": ",".join(spec.users),
        "msg": {"msgtype": "text", "text": {"content": "\n".join(lines(delivery.payload))}},
    }
    with_token(
        NAME, f"{spec.base} {spec.app}", lambda: _token(spec, key, secret),
        lambda token: call(
            NAME, "POST", f"{spec.base}/topapi/message/corpconversation/asyncsend_v2", secret, seconds=spec.seconds,
            json=body, params={"access_token": token},
        ),
        MEANINGS,
    )  # fmt: skip


def _token(spec: Spec, key: str, secret: Callable[[str], str | None]) -> tuple[str, float]:
    told = call(
        NAME, "GET", f"{spec.base}/gettoken", secret, seconds=spec.seconds,
        params={"appkey": spec.app, "appsecret": key},
    )  # fmt: skip
    try:
        checked(told)
        return str(told["access_token"]), float(told.get("expires_in", 7200))
    except Refused as refused:
        raise judge(NAME, refused, MEANINGS) from refused
    except (KeyError, TypeError, ValueError) as error:
        raise NotDelivered(f"{NAME}没有给出令牌") from error
