"""Planted holes: each is cut into a copy of the product, and the tests that guard the place must turn red.

`python tests/attack/mutants.py [name …]` (or `make mutants`): exit 1 if a hole is not found. Each mutant names the text
it replaces; a text that is gone makes the script fail, so that the list cannot rot. First the tests are run without a
hole: they must be green, and everything is tried in one copy, so that work going on in the tree finds or hides nothing.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = shutil.ignore_patterns(
    ".git", ".venv", "data", "__pycache__", ".mypy_cache", ".ruff_cache", "node_modules", "shots"
)
SECONDS = 600


@dataclass(frozen=True)
class Mutant:
    """One hole: what is replaced where, and the tests that must see it."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "region of a panel is not compared with the scope", "pages/view.py",
        "if region not in catalogue.regions or not by.scope.allows(region):", "if region not in catalogue.regions:",
        ("tests/attack/test_narrow.py",),
    ),
    Mutant(
        "readings are not narrowed", "indicators/readings.py", "by.scope.allows(region)", "True",
        ("tests/indicators/test_readings.py", "tests/attack/test_narrow.py"),
    ),
    Mutant(
        "cache key of panels without the lens", "pages/panels.py",
        'return f"{lens(by)}|{by.user}" if found.personal else lens(by)', 'return "*"',
        ("tests/attack/test_narrow.py",),
    ),
    Mutant(
        "cache key of the interface without the lens", "api/answering.py", "scope=lens(ask.by)", 'scope="*"',
        ("tests/api/test_map_layers.py", "tests/attack/test_narrow.py"),
    ),
    Mutant(
        "a text is not escaped", "components/markup.py",
        "return Markup(escape(str(tree), quote=False))", "return Markup(str(tree))",
        ("tests/components/test_markup.py",),
    ),
    Mutant(
        "the word against forgery is not asked for", "api/guard.py",
        "if not expected or csrf.is_told(request, expected):", "if True:", ("tests/api/test_doors.py",),
    ),
    Mutant(
        "an ended session still opens", "access/sessions.py",
        "connection.execute(delete(sessions).where(sessions.c.token_hash == digest))", "pass",
        ("tests/access/test_reception.py", "tests/api/test_doors.py"),
    ),
    Mutant(
        "a revoked token still opens", "access/reception.py",
        "if visit is None and token.is_valid:", "if visit is None:", ("tests/access/test_tokens.py",),
    ),
    Mutant(
        "the right of an operation is not asked for", "api/answering.py",
        "caller().require(operation.right)", "caller()", ("tests/attack/test_narrow.py",),
    ),
    Mutant(
        "a route beside the policy is open", "access/policy.py",
        "if actor is None or need == NOBODY:", "if need == NOBODY:\n        return True\n    if actor is None:",
        ("tests/attack/test_narrow.py",),
    ),
    Mutant(
        "a release leaves no row in the record", "indicators/quarantine.py",
        '_record(connection, found, {"source": found.source, "call": receipt.call_id}, "release", by, now)', "pass",
        ("tests/attack/test_narrow.py",),
    ),
    Mutant(
        "a row of another's region is taken", "indicators/intake.py",
        "Recogniser(catalogue, by.scope)", "Recogniser(catalogue)", ("tests/attack/test_narrow.py",),
    ),
    Mutant(
        "topics of other regions are told", "access/policy.py",
        "return all(actor.scope.allows(word) for word in rest if _REGION.fullmatch(word))", "return True",
        ("tests/api/test_doors.py",),
    ),
    Mutant(
        "a gateway's header is believed from anywhere", "access/gateway.py",
        "or not is_within(peer, self.gateways):", "or False:",
        ("tests/access/test_session_door.py", "tests/api/test_doors.py"),
    ),
    Mutant(
        "the way on leads elsewhere", "api/refusals.py",
        'if not text.startswith("/") or text.startswith("//") or len(text) > 500:', "if len(text) > 500:",
        ("tests/api/test_doors.py", "tests/api/test_oidc_door.py"),
    ),
    Mutant(
        "a code of the second factor works twice", "access/totp.py",
        "if hmac.compare_digest(code_at(secret, step), typed) and step > last_used",
        "if hmac.compare_digest(code_at(secret, step), typed)", ("tests/access/test_totp.py",),
    ),
    Mutant(
        "a typed name becomes part of the directory's filter", "api/ldap.py",
        'replace("{name}", escape_filter_chars(name))', 'replace("{name}", name)', ("tests/api/test_ldap_door.py",),
    ),
    Mutant(
        "an outside name moves over from another account", "access/identities.py",
        "    if held is not None:\n", "    if False:\n", ("tests/access/test_identities.py",),
    ),
    Mutant(
        "numbers of telephones inside texts are told", "access/personal.py",
        "shown = _hidden(text, _found(text))", "shown = text", ("tests/audit/test_personal_masks.py",),
    ),
    Mutant(
        "an event's own words are told unmasked on its page", "components/case_main.py",
        'words = mask_text(event.description) or "', 'words = event.description or "',
        ("tests/pages/test_case_panels.py",),
    ),
    Mutant(
        "an event's own words are told unmasked by the interface", "api/event_shapes.py",
        '"description": mask_text(event.description),', '"description": event.description,',
        ("tests/api/test_events.py",),
    ),
    Mutant(
        "whoever made an appeal decides it", "dispatch/appeals.py",
        "if found.asked_by == identity(by):", "if False:", ("tests/dispatch/test_evaluation.py",),
    ),
    Mutant(
        "a handover of another's centre is drafted", "dispatch/handover.py",
        'by.require("events.accept", region)', 'by.require("events.accept")', ("tests/api/test_desk_interface.py",),
    ),
    Mutant(
        "a message in is believed without its signature", "api/hooks.py",
        "or not is_genuine(body, key, moment, given, now):", "or False:", ("tests/api/test_hooks.py",),
    ),
    Mutant(
        "proposals for another's events are shown", "decisions/routing_record.py",
        ".where(visible(by), c.world == world, c.routed_at >= since)", ".where(c.world == world, c.routed_at >= since)",
        ("tests/decisions/test_routing_loop.py",),
    ),
    Mutant(
        "a stream outlives its listener's rights", "api/live_stream.py",
        "return found is not None and lens(found) == lens(self.actor)", "return True",
        ("tests/api/test_stream_audience.py",),
    ),
    Mutant(
        "an export goes out without its watermark", "api/stamped.py",
        "return _BY_FORM[form](body, stamp)", "return body", ("tests/api/test_export_stamp.py",),
    ),
    Mutant(
        "a review is written by whoever sees the event", "dispatch/reviews.py",
        "if by.scope.departments is not None or not by.scope.allows(event.holder):", "if False:",
        ("tests/dispatch/test_reviews.py",),
    ),
    Mutant(
        "a program or a department commands a response level", "dispatch/responses.py",
        "if not may_command(by, region):", "if False:", ("tests/dispatch/test_responses.py",),
    ),
    Mutant(
        "response levels of neighbours are seen", "dispatch/responses.py",
        "if may_see(by, region, catalogue)", "if True", ("tests/dispatch/test_responses.py",),
    ),
    Mutant(
        "mobile numbers of a roster are for everybody", "dispatch/duty_rosters.py",
        'if by.kind != "person" or not by.may(REVEAL) or not refs:', "if not refs:", ("tests/dispatch/test_duty.py",),
    ),
    Mutant(
        "another's roster is written", "dispatch/duty.py",
        "return by.scope.departments is None and by.scope.allows(unit.region)", "return True",
        ("tests/dispatch/test_duty.py",),
    ),
    Mutant(
        "a frozen page is shown to whoever asks", "indicators/snapshot.py",
        "return by.may(SEE) and by.scope.holds(self.scope) and self.rights <= seeing(by)", "return by.may(SEE)",
        ("tests/indicators/test_snapshots.py",),
    ),
    Mutant(
        "a document brings panels its reader has no right to", "pages/brought.py",
        "if found is None or not admits(found.right, by):", "if found is None:", ("tests/pages/test_brought.py",),
    ),
    Mutant(
        "a digest tells what its reader has no right to", "decisions/digests.py",
        "items=tuple(item for item in made.items if by.may(item.right))", "items=made.items",
        ("tests/decisions/test_digest.py",),
    ),
    Mutant(
        "popups of the map are not escaped", "assets/map-1-text.js",
        """.replace(/[&<>"']/g, (one) => ENTITIES[one])""", "", ("tests/js/test_assets.py",),
    ),
)  # fmt: skip


class Unclear(Exception):
    """The tests say neither red nor green, which proves nothing."""


def planted(mutant: Mutant, tree: Path) -> None:
    """Cut the hole; ValueError if the place is not there any more."""
    file = tree / mutant.file
    text = file.read_text(encoding="utf-8")
    if mutant.old not in text:
        raise ValueError(f"{mutant.name}: not in {mutant.file}: {mutant.old}")
    file.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")


def is_found(mutant: Mutant, tree: Path) -> bool:
    """True if the tests turn red with the hole in the tree; the tree is whole again afterwards."""
    file = tree / mutant.file
    whole = file.read_text(encoding="utf-8")
    planted(mutant, tree)
    try:
        return not is_green(mutant.tests, tree)
    finally:
        file.write_text(whole, encoding="utf-8")


def is_green(tests: Sequence[str], tree: Path) -> bool:
    """What the tests say of the tree. Late ones are asked once more: a busy machine is no finding. Unclear."""
    for _ in range(2):
        try:
            return _outcome(tests, tree)
        except subprocess.TimeoutExpired:
            continue
    raise Unclear(f"no outcome within {SECONDS} s: {' '.join(tests)}")


def _outcome(tests: Sequence[str], tree: Path) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "not slow and not postgres"]
    done = subprocess.run([*command, *tests], cwd=tree, capture_output=True, text=True, timeout=SECONDS, check=False)
    is_red = any(line.startswith("FAILED ") for line in done.stdout.splitlines())
    if done.returncode not in {0, 1} or (done.returncode == 1) != is_red:
        raise Unclear(f"the tests did not run:\n{done.stdout[-2000:]}")
    return done.returncode == 0


def copied(folder: Path) -> Path:
    """The product as it stands, without what was made from it."""
    return Path(shutil.copytree(ROOT, folder / "tree", ignore=SKIPPED))


def main(names: Sequence[str]) -> int:
    """Try each in one copy that stays as it was; tell which were found. Red without a hole proves nothing either."""
    wanted = [mutant for mutant in MUTANTS if not names or mutant.name in names]
    with tempfile.TemporaryDirectory(prefix="cockpit-mutant-") as folder:
        tree = copied(Path(folder))
        if not is_green(sorted({test for mutant in wanted for test in mutant.tests}), tree):
            print("the tests are red without any hole; mend that first")
            return 2
        found = {mutant.name: _told(mutant, is_found(mutant, tree)) for mutant in wanted}
    print(f"{sum(found.values())} of {len(wanted)} planted holes found")
    return 0 if all(found.values()) else 1


def _told(mutant: Mutant, found: bool) -> bool:
    print(f"{'found ' if found else 'MISSED'} {mutant.name}", flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
