"""`manage.py channels check`: which ways to departments are set up, and which of them answer. Nothing is sent."""

from __future__ import annotations

import argparse
import socket
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from dispatch.outbox import channel, named_secret
from dispatch.rulebook import rulebook
from dispatch.service_call import must_be_allowed
from dispatch.undelivered import NotDelivered
from indicators.catalogue import load
from indicators.duties import Channel
from settings import Settings

Secrets = Callable[[str], str | None]
NAMED = ("secret", "sign", "phones")
"""Options that name environment variables."""
SECONDS = 3.0


def channels(settings: Settings, wish: argparse.Namespace) -> int:
    """Say of every channel in departments.yaml whether it is set up and its host answers; 1 if one is not."""
    rules = rulebook(load(settings.catalogue_folder), settings.catalogue_folder)
    if not rules.rules.channels:
        print("departments.yaml 没有写明收件箱以外的送达方式（rules.channels）")
        return 0
    bad = 0
    for one in rules.rules.channels:
        trouble = next(troubles(one, named_secret), None)
        print(f"{rules.department_name(one.department)} {one.kind}：{trouble or '已配置，可连通'}")
        bad += trouble is not None
    return 1 if bad else 0


def troubles(one: Channel, secret: Secrets) -> Iterator[str]:
    """What keeps a channel from working, the first thing first. No value of a secret is told."""
    try:
        spec = getattr(channel(one.kind), "Spec", None)
        if spec is not None:
            spec.model_validate(dict(one.options))
    except (NotDelivered, ValidationError) as wrong:
        yield f"设置有误：{wrong.errors()[0]['loc'] if isinstance(wrong, ValidationError) else wrong}"
        return
    lost = [one.options[name] for name in NAMED if one.options.get(name) and not secret(str(one.options[name]))]
    if lost:
        yield f"环境变量 {'、'.join(lost)} 未设置"
    address = address_of(one.options, secret)
    if one.kind not in {"webhook", "mail", "open311"}:
        try:
            must_be_allowed(address, secret)
        except NotDelivered as refused:
            yield str(refused)
    yield from _unreachable(address, one.options)


def address_of(options: Mapping[str, Any], secret: Secrets) -> str:
    """Where the channel sends: written, or held by the environment variable a robot's address stands in."""
    written = options.get("base") or options.get("url")
    if written:
        return str(written)
    if options.get("host"):
        return f"//{options['host']}:{options.get('port', 25)}"
    return secret(str(options.get("secret", ""))) or ""


def _unreachable(address: str, options: Mapping[str, Any]) -> Iterator[str]:
    """A connection is opened and closed; no request is made."""
    parts = urlsplit(address)
    port = parts.port or (80 if parts.scheme == "http" else 443)
    try:
        socket.create_connection((parts.hostname or "", port), timeout=SECONDS).close()
    except OSError as error:
        yield f"主机 {parts.hostname}:{port} 连不上（{type(error).__name__}）"
