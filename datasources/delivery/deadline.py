"""A deadline of our own around a call that may hang: frozen backends, name servers, drip-fed answers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

Answer = TypeVar("Answer")


class Overdue(Exception):
    """The call did not come back in time. It was told to give up; what it still returns is dropped."""


def within(seconds: float, call: Callable[[], Answer], give_up: Callable[[], object]) -> Answer:
    """The answer of `call`, run on a thread of its own; after `seconds` runs `give_up` and raises Overdue.

    `give_up` must make `call` return soon (close its socket, interrupt its statement), or the thread stays behind.
    """
    answer: Future[Answer] = Future()
    Thread(target=_settle, args=(answer, call), name="source-call", daemon=True).start()
    try:
        return answer.result(seconds)
    except TimeoutError as late:
        if answer.done():  # it came at the last moment, or TimeoutError is its own error
            return answer.result()
        give_up()
        raise Overdue from late


def _settle(answer: Future[Answer], call: Callable[[], Answer]) -> None:
    try:
        answer.set_result(call())
    except BaseException as error:
        answer.set_exception(error)
