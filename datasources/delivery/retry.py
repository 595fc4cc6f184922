"""How long to wait for a source and how often to ask again: one shared policy, tries spread by jitter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from random import Random
from time import sleep as wait
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

from datasources.delivery.observation import SourceFailed

Answer = TypeVar("Answer")


class Patience(BaseModel):
    """The part of a Spec that says when to give up."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seconds: float = Field(default=10.0, gt=0, le=300, description="time limit of one try, in seconds")
    tries: int = Field(default=3, ge=1, le=6, description="how often to ask in all")
    pause: float = Field(
        default=0.5, ge=0, le=30, description="seconds before the second try, doubled for each further"
    )
    longest: float = Field(default=8.0, ge=0, le=120, description="no pause is longer, in seconds")

    def pauses(self, rng: Random) -> Iterator[float]:
        """Seconds before each further try: doubling, then spread over ±50 % so that sources do not march in step."""
        for further in range(self.tries - 1):
            yield min(self.longest, self.pause * 2**further) * rng.uniform(0.5, 1.5)


def persist(
    patience: Patience,
    attempt: Callable[[], Answer],
    *,
    rng: Random,
    pause: Callable[[float], object] = wait,
) -> Answer:
    """The first answer of `attempt`. A permanent SourceFailed ends at once, others after the last try."""
    failed: SourceFailed | None = None
    for seconds in chain([0.0], patience.pauses(rng)):
        if failed is not None:
            pause(seconds)
        try:
            return attempt()
        except SourceFailed as failure:
            if failure.permanent or patience.tries == 1:
                raise
            failed = failure
    raise SourceFailed(f"{failed}（已尝试 {patience.tries} 次）") from failed
