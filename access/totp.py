"""The second factor: six digits from a shared secret and the clock (RFC 6238), each good once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
from datetime import datetime
from urllib.parse import quote, urlencode

STEP = 30
"""Seconds."""
DIGITS = 6
SLACK = 1
"""Steps before and after the present one that count as well: clocks of telephones differ."""


def new_secret() -> str:
    """160 random bits in base32, as authenticator programs take them (RFC 4226 recommends that length)."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def step_of(now: datetime) -> int:
    """The number of the present half minute."""
    return int(now.timestamp()) // STEP


def code_at(secret: str, step: int, *, digits: int = DIGITS) -> str:
    """The code of one step (RFC 4226, 5.3)."""
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[-1] & 0x0F
    number = int.from_bytes(mac[at : at + 4]) & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def matching_step(secret: str, code: str, now: datetime, *, last_used: int) -> int | None:
    """The step whose code this is; None if it is none, or not later than the one used last: no code works twice."""
    typed = "".join(letter for letter in code if not letter.isspace())
    if len(typed) != DIGITS or not typed.isascii() or not typed.isdigit():
        return None
    present = step_of(now)
    found = [
        step
        for step in range(present - SLACK, present + SLACK + 1)
        if hmac.compare_digest(code_at(secret, step), typed) and step > last_used
    ]
    return found[0] if found else None


def address_for(secret: str, account: str, issuer: str = "潮州市运行驾驶舱") -> str:
    """What an authenticator program reads from a QR code (otpauth key URI)."""
    label = quote(f"{issuer}:{account}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer, 'digits': DIGITS, 'period': STEP})}"
