"""A signed POST to a department's own system: JSON, HMAC-SHA256 over time and body, the same key for every try."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dispatch.undelivered import NotDelivered

if TYPE_CHECKING:
    from dispatch.outbox import Delivery


class Spec(BaseModel):
    """Options of the channel. `secret`: name of the environment variable that holds the key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(pattern=r"^https?://[^\s]+$")
    secret: str = Field(pattern=r"^[A-Z][A-Z0-9_]{2,60}$")
    seconds: float = Field(default=5.0, gt=0, le=30)


def send(delivery: Delivery, secret: Callable[[str], str | None]) -> None:
    """POST the delivery; NotDelivered for anything but 2xx, for good where the other side says 4xx."""
    spec = _spec(delivery)
    key = secret(spec.secret)
    if not key:
        raise NotDelivered(f"没有设置密钥 {spec.secret}", permanent=True)
    import httpx  # pages check signatures too and send nothing

    body = orjson.dumps(dict(delivery.payload), option=orjson.OPT_SORT_KEYS)
    headers = signed(body, key, delivery.key, datetime.now(UTC))
    try:
        answer = httpx.post(spec.url, content=body, headers=headers, timeout=spec.seconds, trust_env=False)
    except httpx.HTTPError as error:
        raise NotDelivered(f"连接失败：{type(error).__name__}") from error
    if not answer.is_success:
        lasting = 400 <= answer.status_code < 500 and answer.status_code not in (408, 425, 429)
        raise NotDelivered(f"对方返回 {answer.status_code}", permanent=lasting)


def signed(body: bytes, key: str, delivery_key: str, at: datetime) -> dict[str, str]:
    """Headers of a delivery; the signature is over '<unix seconds>.<body>', so that old messages cannot be replayed."""
    moment = str(int(at.timestamp()))
    proof = hmac.new(key.encode(), moment.encode() + b"." + body, sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "Idempotency-Key": delivery_key,
        "X-Cockpit-Time": moment,
        "X-Cockpit-Signature": f"sha256={proof}",
    }


def is_genuine(body: bytes, key: str, moment: str, signature: str, now: datetime, *, seconds: int = 300) -> bool:
    """True if `signature` is ours over this body and not older than five minutes; for webhooks that come in."""
    if not moment.isdecimal() or abs(now.timestamp() - int(moment)) > seconds:
        return False
    proof = hmac.new(key.encode(), moment.encode() + b"." + body, sha256).hexdigest()
    return hmac.compare_digest(f"sha256={proof}", signature)


def _spec(delivery: Delivery) -> Spec:
    try:
        return Spec.model_validate(dict(delivery.options))
    except ValidationError as wrong:
        raise NotDelivered(f"webhook 设置有误：{wrong.errors()[0]['loc']}", permanent=True) from wrong
