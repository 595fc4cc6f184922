"""The storm: everything that answers is enumerated from the running application and asked as everybody.

A program of its own, because Dash registers pages and callbacks once per process. `python tests/attack/storm.py` reads
COCKPIT_DATA (a demo city with canaries), STORM_CANARY (its seed), STORM_FULL=1 (every actor, not one of each kind) and
STORM_HANDS (processes that share the crowd; each is one more worker of the product on the same database), and prints
what it found as JSON: lists of leaks, doors that are not listed, answers that tell too much.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(os.environ.get("STORM_ROOT") or Path(__file__).resolve().parents[2])
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "attack")]

from addresses import Addresses  # noqa: E402
from crowd import ABSENT, Crowd, Visitor  # noqa: E402
from findings import Findings  # noqa: E402


class Storm:
    """One application, everybody who may knock, everything there is to ask."""

    def __init__(self) -> None:
        import app
        from settings import from_environment

        self.dash = app.create_app(from_environment())
        self.server = self.dash.server
        self.cockpit = self.server.extensions["cockpit"]
        self.client = self.server.test_client(use_cookies=False)
        self.client.get("/sign-in")  # the first request has Dash register its router
        self.addresses = Addresses(self.dash, self.cockpit)
        self.crowd = Crowd(self.cockpit, self.server.extensions["entrance"])
        self.found = Findings(self.crowd.canaries)
        self.calls = Counter[str]()

    def run(self, part: int = 0, parts: int = 1) -> dict[str, Any]:
        """All of it, or this part of the crowd; what was found, by kind. What is about nobody in particular: part 0."""
        if part == 0:
            self.listed()
            self.strangers()
        for visitor in self.crowd.visitors(os.environ.get("STORM_FULL") == "1", part, parts):
            self.looks_around(visitor)
            self.writes(visitor)
        if part == 0:
            self.order_of_the_cache()
            self.revoked()
        self.cockpit.hub.stop()
        cpu = {"processor": round(time.process_time())}
        return {"calls": sum(self.calls.values()), **self.found.told(), "statuses": dict(self.calls), "seconds of": cpu}

    def ask(self, visitor: Visitor | None, method: str, path: str, **more: object):
        """One request; every answer is searched for what its reader may not know."""
        headers = {**(visitor.headers if visitor else {}), **more.pop("headers", {})}  # type: ignore[dict-item]
        answer = self.client.open(path, method=method, headers=headers, buffered=not path.startswith("/live?"), **more)  # type: ignore[arg-type]
        self.calls[f"{answer.status_code // 100}xx"] += 1
        if answer.status_code >= 500 and answer.status_code != 503:
            self.found.add("faults", f"{visitor and visitor.name} {method} {path}: {answer.status_code}")
        if visitor:
            self.found.search(visitor, f"{method} {path}", answer)
        return answer

    def listed(self) -> None:
        """Every route, page, panel, operation and callback is in the policy with a right that exists."""
        for wrong in self.addresses.unlisted():
            self.found.add("unlisted", wrong)

    def strangers(self) -> None:
        """Whoever is nobody gets 401, 403 or the way to the sign-in page, and nothing else."""
        for method, path in self.addresses.everything(own="445102", other="445103"):
            answer = self.ask(None, method, path, json={} if method == "POST" else None)
            is_led = answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in")
            if not (is_led or answer.status_code in {401, 403}) and path not in self.addresses.public:
                self.found.add("open", f"{method} {path}: {answer.status_code}")

    def looks_around(self, visitor: Visitor) -> None:
        """Every address with what is the visitor's own, another's and nobody's; the last two are told alike."""
        for address in self.addresses.readable():
            own = self.ask(visitor, "GET", address.of(visitor.own))
            if own.status_code == 403 and address.template.startswith("/panel/"):
                self.found.add("half open", f"{visitor.name} {address.template}: {own.get_data(as_text=True)[:120]}")
            if (narrow := address.of(visitor.own, wide=False)) != address.of(visitor.own):
                self.ask(visitor, "GET", narrow)
            if visitor.other:
                other = self.ask(visitor, "GET", address.of(visitor.other))
                absent = self.ask(visitor, "GET", address.of(ABSENT))
                self.found.compare(visitor, address.template, other, absent)
        for path in self.addresses.offices():
            self.ask(visitor, "GET", path)
        for values in (visitor.own, visitor.other):
            for path in self.addresses.pages(values) if values else ():
                self.ask(visitor, "GET", path)
        for path in self.addresses.page_paths(visitor.own):
            self.ask(visitor, "GET", path)
            self.ask(
                visitor, "POST", "/_dash-update-component", json=self.addresses.router(path, "?role=root&region=445100")
            )

    def writes(self, visitor: Visitor) -> None:
        """Every writing operation with a body made from its own schema, aimed at what is another's."""
        if not visitor.other:
            return
        before = self.crowd.foreign_rows(visitor)
        for path, body in self.addresses.writable(visitor.other, self.crowd.foreign_ids(visitor)):
            self.ask(visitor, "POST", path, json=body)
        if self.crowd.foreign_rows(visitor) != before:
            self.found.add("written", f"{visitor.name} changed rows of others")

    def order_of_the_cache(self) -> None:
        """A then B, B then A: an answer kept for one is never given to the other."""
        pair = self.crowd.pair()
        for first, second in (pair, pair[::-1]):
            for address in self.addresses.readable():
                self.ask(first, "GET", address.shared())
                self.ask(second, "GET", address.shared())

    def revoked(self) -> None:
        """A token that was taken back and a session that has ended open nothing at the very next request."""
        for visitor, end in self.crowd.revocable():
            if self.ask(visitor, "GET", "/live/version").status_code != 200:
                self.found.add("revoked", f"{visitor.name} was not in before")
            end()
            if self.ask(visitor, "GET", "/live/version").status_code != 401:
                self.found.add("revoked", f"{visitor.name} is still in")


def others(parts: int) -> list[subprocess.Popen[str]]:
    """The other hands, at work."""
    return [
        subprocess.Popen([sys.executable, __file__, str(part), str(parts)], stdout=subprocess.PIPE, text=True)
        for part in range(1, parts)
    ]


def together(found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What all hands found."""
    whole: dict[str, Any] = {}
    for one in found:
        for kind, value in one.items():
            if isinstance(value, dict):
                whole[kind] = dict(Counter(whole.get(kind, {})) + Counter(value))
            else:
                whole[kind] = whole[kind] + value if kind in whole else value
    whole["canaries seen"] = sorted(set(whole["canaries seen"]))
    return whole


def main(arguments: Sequence[str]) -> None:
    """One hand of several, or all of them."""
    if arguments:
        print(json.dumps(Storm().run(*map(int, arguments)), ensure_ascii=False))
        return
    begun, hands = time.monotonic(), int(os.environ.get("STORM_HANDS", "1"))
    waiting = others(hands)
    found = [Storm().run(0, hands)]
    for hand in waiting:
        told, _ = hand.communicate()
        if hand.returncode:
            raise SystemExit(f"a hand of the storm ended with {hand.returncode}")
        found.append(json.loads(told.splitlines()[-1]))
    print(json.dumps({**together(found), "seconds": round(time.monotonic() - begun, 1)}, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
