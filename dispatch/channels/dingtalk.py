"""A message in a DingTalk (钉钉) group by its robot, signed with the robot's secret; 20 a minute."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from pydantic import Field, ValidationError

from dispatch.channel_terms import NAMED, Terms
from dispatch.message_words import lines
from dispatch.service_call import Meaning, Refused, call, checked, judge, named
from dispatch.undelivered import NotDelivered

if TYPE_CHECKING:
    from dispatch.outbox import Delivery

NAME = "钉钉"
MEANINGS = {
    "-1": Meaning.LATER, "130101": Meaning.LIMIT, "410100": Meaning.LIMIT, "90030": Meaning.LIMIT,
    "300001": Meaning.NEVER, "310000": Meaning.NEVER, "400013": Meaning.NEVER, "400101": Meaning.NEVER,
    "400102": Meaning.NEVER, "40035": Meaning.NEVER, "43004": Meaning.NEVER,
}  # fmt: skip
"""Too fast; token, signature, keyword or address wrong; group gone; robot stopped; no content."""


class Spec(Terms):
    """Options of the channel. `secret` names the robot's address, `sign` its signing key (加签)."""

    secret: str = Field(pattern=NAMED, description="environment variable with the robot's address")
    sign: str = Field(pattern=NAMED, description="environment variable with the signing key, SEC…")


def send(delivery: Delivery, secret: Callable[[str], str | None]) -> None:
    """Post the text with a fresh signature; NotDelivered unless the robot answers errcode 0."""
    try:
        spec = Spec.model_validate(dict(delivery.options))
    except ValidationError as wrong:
        raise NotDelivered(f"dingtalk 设置有误：{wrong.errors()[0]['loc']}", permanent=True) from wrong
    address, key = named(secret, spec.secret), named(secret, spec.sign)
    proof = signature(key, int(datetime.now(UTC).timestamp() * 1000))
    joint = "&" if "?" in address else "?"
    body = {"msgtype": "text", "text": {"content": "\n".join(lines(delivery.payload))}}
    url = address + joint + "&".join(f"{name}={value}" for name, value in proof.items())
    try:
        checked(call(NAME, "POST", url, secret, seconds=spec.seconds, json=body))
    except Refused as refused:
        raise judge(NAME, refused, MEANINGS) from refused


def signature(key: str, millis: int) -> dict[str, str]:
    """timestamp and sign as the robot wants them: HMAC-SHA256 of both with the key, base64, quoted for addresses."""
    proof = hmac.new(key.encode(), f"{millis}\n{key}".encode(), sha256).digest()
    return {"timestamp": str(millis), "sign": quote_plus(b64encode(proof))}
