"""Everybody who knocks: each role at its places, screens and programs, with the headers that open the door for them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

COUNTIES = ("445102", "445103", "445122", "445185")
TOWNS = {"445102": "445102002", "445103": "445103100", "445122": "445122100", "445185": "445185101"}
ABSENT = {
    "region": "999999", "id": "99999999", "code": "999999", "number": "MN19990101-000001", "event": "99999998",
    "held": "99999997", "entry": "99999996", "warning": "99999995", "handover": "99999994", "scenario": "99999993",
    "silence": "99999992", "area": "99999990", "crossing": "99999989", "duty": "s999999", "snapshot": "snap999999",
    "response": "99999988", "canary": "canary-0000000000",
}  # fmt: skip
ROWS = {
    "number": ("events", "number", "county"), "event": ("events", "id", "county"),
    "held": ("quarantine", "id", "region"), "entry": ("entries", "id", "region"),
    "warning": ("warnings", "id", "region"), "handover": ("handovers", "id", "region"),
    "scenario": ("scenarios", "id", "region"), "silence": ("warning_silences", "id", "region"),
    "area": ("watched_areas", "id", "centre"), "crossing": ("area_crossings", "id", "region"),
    "duty": ("duty_shifts", "ref", "region"), "response": ("response_steps", "id", "region"),
}  # fmt: skip
"""What has a number and a place: table, column of the number, column of the place."""
KEPT_BACK = 3
"""Characters of a canary that a search leaves out: an answer that repeats the question is no leak."""


@dataclass(frozen=True)
class Visitor:
    """Somebody at the door. `own` and `other`: values for the variables of addresses; `other` empty: sees all."""

    name: str
    headers: Mapping[str, str]
    scope: Any
    own: Mapping[str, str]
    other: Mapping[str, str] = field(default_factory=dict)

    def may_see(self, county: str) -> bool:
        """True if things of that county are for this visitor's eyes; of a town's officer those that lie in the town."""
        return bool(self.scope.allows(county)) or self.own["region"].startswith(county)


class Crowd:
    """Makes visitors in the application's own database."""

    def __init__(self, cockpit: Any, entrance: Any) -> None:
        from demo_city.feed import canary_of
        from people import People

        self.cockpit, self.entrance = cockpit, entrance
        self.people = People(cockpit.engine, entrance.reception.rules)
        seed = os.environ.get("STORM_CANARY", "attack")
        self.canaries = {county: canary_of(seed, county) for county in COUNTIES}
        self.ids = self._ids()

    def visitors(self, full: bool, part: int = 0, parts: int = 1) -> Iterator[Visitor]:
        """One of each kind, or everybody at every county; of these every `parts`-th, from `part` on."""
        rules = self.people.rules
        wanted: list[Callable[[], Visitor]] = []
        for role in rules.roles.of_kind("person"):
            places = [region for region in self._places(role) if full or region in self._some(role)]
            wanted += [partial(self._person, role.key, region) for region in places]
        for region in ("445100", *COUNTIES) if full else ("445122",):
            wanted += [partial(self._program, kind, region) for kind in ("api", "screen")]
        return (make() for make in wanted[part::parts])

    def pair(self) -> tuple[Visitor, Visitor]:
        """Two of the same role in two counties."""
        return self._person("county_officer", "445102"), self._person("county_officer", "445103")

    def revocable(self) -> Iterator[tuple[Visitor, Callable[[], object]]]:
        """Visitors with what ends their stay."""
        from access import tokens
        from access.actor import LOOPBACK
        from access.secret_token import digest_of
        from access.sessions import end
        from database.engine import writing

        now, rules, engine = datetime.now(UTC), self.people.rules, self.cockpit.engine
        cookie = self.people.session("county_officer", "445185")
        text = self.people.token("445103")
        number = self.entrance.reception.by_token(text).actor.user.partition(":")[2]

        def sign_out() -> None:
            with writing(engine) as connection:
                end(connection, digest_of(cookie), by=LOOPBACK, now=now)

        def take_back() -> None:
            with writing(engine) as connection:
                tokens.revoke(connection, rules, int(number), by=LOOPBACK, now=now)

        yield self._visitor("ended session", {"Cookie": f"cockpit_session={cookie}"}, "445185"), sign_out
        yield self._visitor("revoked token", {"Authorization": f"Bearer {text}"}, "445103"), take_back

    def foreign_ids(self, visitor: Visitor) -> Mapping[str, str]:
        """Numbers of things of a county the visitor may not see."""
        return visitor.other

    def foreign_rows(self, visitor: Visitor) -> dict[str, int]:
        """A mark of all rows of regions the visitor may not see, by table."""
        from sqlalchemy import select

        from database.engine import reading
        from database.schema import metadata

        places = {table: "centre" if place == "centre" else "region" for table, _, place in ROWS.values()}
        with reading(self.cockpit.engine) as connection:
            rows = {
                name: connection.execute(select(metadata.tables[name])).mappings().all() for name in (*places, "latest")
            }
        return {
            name: hash(tuple(sorted(self._foreign(found, visitor, places.get(name, "region")))))
            for name, found in rows.items()
        }

    def _foreign(self, rows: Any, visitor: Visitor, place: str) -> Iterator[str]:
        return (repr(tuple(row.values())) for row in rows if not self._sees(visitor, row[place]))

    @staticmethod
    def _sees(visitor: Visitor, region: str | None) -> bool:
        return not region or bool(visitor.scope.allows(region)) or region == "445100"

    def _places(self, role: Any) -> list[str]:
        level = self.people.rules.territory.level
        candidates = ("445100", *COUNTIES, *TOWNS.values())
        known = self.people.rules.territory.kinds
        return [region for region in candidates if region in known and level(region) in role.levels]

    def _some(self, role: Any) -> tuple[str, ...]:
        return (
            ("445100", "445102", TOWNS["445122"])
            if "city" not in role.levels or "county" in role.levels
            else ("445100",)
        )

    def _person(self, role: str, region: str) -> Visitor:
        cookie = self.people.session(role, region)
        return self._visitor(f"{role}@{region}", {"Cookie": f"cockpit_session={cookie}"}, region)

    def _program(self, kind: str, region: str) -> Visitor:
        text = self.people.token(region, kind=kind)
        headers = {"Cookie": f"cockpit_screen={text}"} if kind == "screen" else {"Authorization": f"Bearer {text}"}
        return self._visitor(f"{kind}@{region}", headers, region)

    def _visitor(self, name: str, headers: Mapping[str, str], region: str) -> Visitor:
        scope = self.people.rules.territory.scope([region])
        county = region if region == "445100" else region[:6]
        others = [one for one in COUNTIES if not scope.allows(one) and one != county]
        other = self._values(others[0]) if others and scope.regions is not None else {}
        return Visitor(
            name, headers, scope, self._values(county if county in COUNTIES else "445102") | {"region": region}, other
        )

    def _values(self, county: str) -> dict[str, str]:
        return {"region": county, "code": county, **self.ids.get(county, {})}

    def _ids(self) -> dict[str, dict[str, str]]:
        """By county: the number of one of its events, entries, rows in quarantine, warnings and so on."""
        from sqlalchemy import select

        from database.engine import reading
        from database.schema import metadata

        found: dict[str, dict[str, str]] = {}
        with reading(self.cockpit.engine) as connection:
            for county in COUNTIES:
                mine = found[county] = {"canary": self.canaries[county][:-KEPT_BACK]}
                for name, (table, column, place) in ROWS.items():
                    c = metadata.tables[table].c
                    query = select(c[column]).where(c[place] == county).order_by(c[column].desc())
                    mine[name] = str(connection.execute(query.limit(1)).scalar() or 0)
                mine["id"], mine["snapshot"] = mine["held"], f"snap{county}"
        return found
