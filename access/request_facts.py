"""Where a request came from and how it is called: what the record of an action says beside who did what."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{8,64}")


@dataclass(frozen=True)
class RequestFacts:
    """`address`: the network address it came from; `request_id`: one name for it in the record and in every log."""

    address: str = ""
    request_id: str = ""


NOT_A_REQUEST = RequestFacts()
"""What the product does by itself, and what is done on the command line."""

_present: ContextVar[RequestFacts] = ContextVar("request_facts", default=NOT_A_REQUEST)


def facts_of(address: str | None, request_id: str | None = None) -> RequestFacts:
    """The facts of one request. A request id that is missing or not a plain word is replaced by a new one."""
    named = request_id if request_id and _REQUEST_ID.fullmatch(request_id) else new_request_id()
    return RequestFacts((address or "")[:45], named)


def new_request_id() -> str:
    """A name no other request has."""
    return secrets.token_hex(8)


def note(facts: RequestFacts) -> None:
    """From here on the present thread works for this request. The web side says so before each one."""
    _present.set(facts)


def present() -> RequestFacts:
    """The request the present thread works for; NOT_A_REQUEST outside of any."""
    return _present.get()


@contextmanager
def working_for(facts: RequestFacts) -> Iterator[None]:
    """For the length of the block the present thread works for this request: for threads that work for others."""
    before = _present.set(facts)
    try:
        yield
    finally:
        _present.reset(before)
