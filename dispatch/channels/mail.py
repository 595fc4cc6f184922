"""A mail to a department's mailbox over its own mail server."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dispatch.undelivered import NotDelivered

if TYPE_CHECKING:
    from dispatch.outbox import Delivery


class Spec(BaseModel):
    """Options of the channel. `secret` names the environment variable with the password, if the server wants one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(min_length=1)
    port: int = Field(default=25, ge=1, le=65535)
    to: str = Field(pattern=r"^[^\s@]+@[^\s@]+$")
    sender: str = Field(pattern=r"^[^\s@]+@[^\s@]+$")
    user: str = ""
    secret: str = ""
    tls: bool = False
    seconds: float = Field(default=10.0, gt=0, le=60)


def send(delivery: Delivery, secret: Callable[[str], str | None]) -> None:
    """Hand the mail to the server; NotDelivered if it does not take it."""
    try:
        spec = Spec.model_validate(dict(delivery.options))
    except ValidationError as wrong:
        raise NotDelivered(f"mail 设置有误：{wrong.errors()[0]['loc']}", permanent=True) from wrong
    try:
        with smtplib.SMTP(spec.host, spec.port, timeout=spec.seconds) as server:
            if spec.tls:
                server.starttls()
            if spec.user:
                server.login(spec.user, secret(spec.secret) or "")
            server.send_message(message(delivery, spec))
    except smtplib.SMTPResponseException as refused:
        raise NotDelivered(f"邮件服务器返回 {refused.smtp_code}", permanent=refused.smtp_code >= 500) from refused
    except (smtplib.SMTPException, OSError) as error:
        raise NotDelivered(f"邮件服务器不可用：{type(error).__name__}") from error


def message(delivery: Delivery, spec: Spec) -> EmailMessage:
    """The mail; the same Message-ID for every try, so that mailboxes drop repetitions."""
    told = delivery.payload
    made = EmailMessage()
    made["From"], made["To"] = spec.sender, spec.to
    made["Subject"] = f"[{told['number']}] {told['action_name']}：{told['title']}".replace("\n", " ")
    made["Date"] = format_datetime(delivery.made_at)
    made["Message-ID"] = f"<{delivery.key.replace('/', '.')}@{spec.sender.partition('@')[2]}>"
    lines = [
        f"事件编号：{told['number']}",
        f"动作：{told['action_name']}",
        f"类别：{told['category_name']}    区域：{told['region_name']}",
        f"地点：{told['place']}",
        f"时限：{told['due_at'] or '—'}",
        "请登录城市运行管理中心办理。",
    ]
    made.set_content("\n".join(lines))
    return made
