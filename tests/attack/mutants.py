"""Planted holes: each is cut into a copy of the product, and the tests that guard the place must turn red.

`python tests/attack/mutants.py [name …]` (or `make mutants`): exit 1 if a hole is not found. Each mutant names the text
it replaces; a text that is gone makes the script fail, so that the list cannot rot.
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
SECONDS = 420


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
        ("tests/access", "tests/api/test_doors.py"),
    ),
    Mutant(
        "a revoked token still opens", "access/reception.py",
        "if visit is None and token.is_valid:", "if visit is None:", ("tests/access",),
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
        "or not is_within(peer, self.gateways):", "or False:", ("tests/api/test_doors.py", "tests/access"),
    ),
    Mutant(
        "the way on leads elsewhere", "api/refusals.py",
        'if not text.startswith("/") or text.startswith("//") or len(text) > 500:', "if len(text) > 500:",
        ("tests/api/test_doors.py", "tests/api/test_oidc_door.py"),
    ),
)  # fmt: skip


def planted(mutant: Mutant, tree: Path) -> None:
    """Cut the hole; ValueError if the place is not there any more."""
    file = tree / mutant.file
    text = file.read_text(encoding="utf-8")
    if mutant.old not in text:
        raise ValueError(f"{mutant.name}: not in {mutant.file}: {mutant.old}")
    file.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")


def is_found(mutant: Mutant, tree: Path) -> bool:
    """True if the tests turn red; RuntimeError if they could not run at all, which proves nothing."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "not slow and not postgres"]
    try:
        done = subprocess.run(
            [*command, *mutant.tests], cwd=tree, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise RuntimeError(f"{mutant.name}: no outcome within {SECONDS} s") from late
    if done.returncode not in {0, 1}:
        raise RuntimeError(f"{mutant.name}: the tests did not run:\n{done.stdout[-2000:]}")
    return done.returncode == 1


def copied(folder: Path) -> Path:
    """The product as it stands, without what was made from it."""
    return Path(shutil.copytree(ROOT, folder / "tree", ignore=SKIPPED))


def main(names: Sequence[str]) -> int:
    """Try each; tell which were found."""
    wanted = [mutant for mutant in MUTANTS if not names or mutant.name in names]
    missed = 0
    for mutant in wanted:
        with tempfile.TemporaryDirectory(prefix="cockpit-mutant-") as folder:
            tree = copied(Path(folder))
            planted(mutant, tree)
            found = is_found(mutant, tree)
        missed += not found
        print(f"{'found ' if found else 'MISSED'} {mutant.name}", flush=True)
    print(f"{len(wanted) - missed} of {len(wanted)} planted holes found")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
