"""An application message of WeCom (企业微信应用消息) to named members or parties of the unit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pydantic import ValidationError

from dispatch.message_words import lines
from dispatch.undelivered import NotDelivered
from dispatch.wecom_api import AppSpec, send_text

if TYPE_CHECKING:
    from dispatch.outbox import Delivery

NAME = "企业微信应用"


class Spec(AppSpec):
    """Options of the channel."""


def send(delivery: Delivery, secret: Callable[[str], str | None]) -> None:
    """Send the text; NotDelivered unless somebody gets it."""
    try:
        spec = Spec.model_validate(dict(delivery.options))
    except ValidationError as wrong:
        raise NotDelivered(f"wecom_app 设置有误：{wrong.errors()[0]['loc']}", permanent=True) from wrong
    send_text(NAME, spec, "\n".join(lines(delivery.payload)), secret)
