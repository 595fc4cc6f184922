"""A work message in 粤政易, a WeCom of the province's government under its own host inside the government network."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pydantic import Field, ValidationError

from dispatch.message_words import lines
from dispatch.undelivered import NotDelivered
from dispatch.wecom_api import AppSpec, send_text

if TYPE_CHECKING:
    from dispatch.outbox import Delivery

NAME = "粤政易"


class Spec(AppSpec):
    """Options of the channel. `page`: the address of the product as phones in the government network open it."""

    page: str = Field(default="", pattern=r"^(https?://[^\s]+)?$", description="put below the text; '' leaves it out")


def send(delivery: Delivery, secret: Callable[[str], str | None]) -> None:
    """Send the text; NotDelivered unless somebody gets it."""
    try:
        spec = Spec.model_validate(dict(delivery.options))
    except ValidationError as wrong:
        raise NotDelivered(f"yuezhengyi 设置有误：{wrong.errors()[0]['loc']}", permanent=True) from wrong
    text = [*lines(delivery.payload), *([f"{spec.page.rstrip('/')}/m"] if spec.page else [])]
    send_text(NAME, spec, "\n".join(text), secret)
