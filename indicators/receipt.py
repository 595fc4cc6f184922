"""What becomes of a delivery: a sheet while it is on its way in, a receipt in the end."""

from __future__ import annotations

from dataclasses import dataclass, field

from datasources.delivery.observation import Delivery
from indicators.calls import Newest
from indicators.held import Held, Hold, unreadable
from indicators.weighing import Candidate, Claim, Outcome


@dataclass(frozen=True)
class Receipt:
    """What became of a delivery: `rows == taken + unchanged + len(held)`, always."""

    call_id: int
    rows: int
    taken: int
    unchanged: int
    held: tuple[Held, ...]
    skipped: dict[str, int]
    outcomes: tuple[Outcome, ...]
    """One per observation, in the order delivered."""


@dataclass
class Sheet:
    """One delivery on its way in."""

    delivery: Delivery
    claim: Claim
    call_id: int
    candidates: list[Candidate] = field(default_factory=list)
    holds: dict[int, Hold] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    newest: Newest | None = None

    def see(self, period: str, observed_at: int) -> None:
        """Remember the newest data among what was taken or known already."""
        if self.newest is None or observed_at >= self.newest.observed_at:
            self.newest = Newest(period, observed_at)

    @property
    def all_holds(self) -> list[Hold]:
        """Held rows in delivered order, then the unreadable ones."""
        return [*(self.holds[n] for n in sorted(self.holds)), *map(unreadable, self.delivery.unreadable)]

    @property
    def receipt(self) -> Receipt:
        """What the sender is told."""
        holds = self.all_holds
        return Receipt(
            call_id=self.call_id,
            rows=self.delivery.rows,
            taken=self.outcomes.count(Outcome.TAKEN),
            unchanged=self.outcomes.count(Outcome.UNCHANGED),
            held=tuple(held.told for held in holds),
            skipped=self.delivery.skipped,
            outcomes=tuple(self.outcomes),
        )
