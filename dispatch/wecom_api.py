"""The application message of WeCom and of what is built like it (政务微信, 粤政易) under a host of its own."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from dispatch.channel_terms import NAMED, Terms
from dispatch.service_call import Meaning, Secrets, call, checked, judge, named, with_token
from dispatch.service_call import Refused as _Refused
from dispatch.undelivered import NotDelivered

MEANINGS = {
    "40014": Meaning.RENEW, "42001": Meaning.RENEW, "41001": Meaning.RENEW,
    "-1": Meaning.LATER, "45009": Meaning.LIMIT, "45033": Meaning.LIMIT,
    "40001": Meaning.NEVER, "40013": Meaning.NEVER, "40056": Meaning.NEVER, "40058": Meaning.NEVER,
    "48002": Meaning.NEVER, "60011": Meaning.NEVER, "60020": Meaning.NEVER, "81013": Meaning.NEVER,
    "82001": Meaning.NEVER, "301002": Meaning.NEVER,
}  # fmt: skip
"""Global error codes of the service: token old, system busy, too often, wrong corp, secret, agent, address, nobody."""


class AppSpec(Terms):
    """Options of an application message. `secret`: environment variable with the secret of the application."""

    base: str = Field(pattern=r"^https?://[^\s/]+$", description="scheme and host, without path")
    corp: str = Field(min_length=2, max_length=64, description="id of the corporation")
    agent: int = Field(ge=1, description="id of the application")
    secret: str = Field(pattern=NAMED)
    users: tuple[str, ...] = Field(default=(), max_length=1000)
    parties: tuple[str, ...] = Field(default=(), max_length=100)
    per_minute: int = Field(default=30, ge=1, le=600)


def send_text(service: str, spec: AppSpec, text: str, secret: Secrets) -> dict[str, Any]:
    """Send a text; NotDelivered unless at least somebody gets it. The service drops the same text within 30 minutes."""
    key = named(secret, spec.secret)
    body = {
        "touser": "|".join(spec.users), "toparty": "|".join(spec.parties), "msgtype": "text", "agentid": spec.agent,
        "text": {"content": text}, "safe": 0, "enable_duplicate_check": 1, "duplicate_check_interval": 1800,
    }  # fmt: skip
    told = with_token(
        service, f"{spec.base} {spec.corp} {spec.agent}", lambda: token(service, spec, key, secret),
        lambda found: call(
            service, "POST", f"{spec.base}/cgi-bin/message/send", secret, seconds=spec.seconds, json=body,
            params={"access_token": found},
        ),
        MEANINGS,
    )  # fmt: skip
    lost = [one for one in str(told.get("invaliduser") or "").split("|") if one]
    if spec.users and len(lost) >= len(spec.users) and not spec.parties:
        raise NotDelivered(f"{service}：接收人都不在应用可见范围内", permanent=True)
    return told


def token(service: str, spec: AppSpec, key: str, secret: Secrets) -> tuple[str, float]:
    """A new access token and its seconds of life."""
    told = call(
        service, "GET", f"{spec.base}/cgi-bin/gettoken", secret, seconds=spec.seconds,
        params={"corpid": spec.corp, "corpsecret": key},
    )  # fmt: skip
    try:
        checked(told)
        return str(told["access_token"]), float(told["expires_in"])
    except _Refused as refused:
        raise judge(service, refused, MEANINGS) from refused
    except (KeyError, TypeError, ValueError) as error:
        raise NotDelivered(f"{service}没有给出令牌") from error
