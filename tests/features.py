"""Prints which rows of docs/features.csv a test proves (`@pytest.mark.feature(row)`) and which none does yet."""

from __future__ import annotations

import csv
import io
import sys
from collections import defaultdict
from contextlib import redirect_stdout
from pathlib import Path

import pytest

TABLE = Path(__file__).resolve().parent.parent / "docs" / "features.csv"


class Proofs:
    """Collects the feature marks of every test without running one."""

    def __init__(self) -> None:
        self.tests: dict[int, set[str]] = defaultdict(set)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            for mark in item.iter_markers("feature"):
                for row in mark.args:
                    self.tests[int(row)].add(item.nodeid.partition("[")[0])


def main() -> int:
    """Exit 1 if the tests cannot be collected or one claims a row that is not in the table."""
    proofs = Proofs()
    with redirect_stdout(io.StringIO()) as said:
        code = pytest.main(["--collect-only", "-qq", "--no-header"], plugins=[proofs])
    if code:
        print(said.getvalue())
        return 1
    rows = {int(row["row"]): row for row in csv.DictReader(TABLE.open(encoding="utf-8"))}
    for number, row in rows.items():
        found = proofs.tests.get(number, set())
        state = f"proven by {len(found):3d}" if found else "not proven   "
        print(f"{number:4d}  {state}  {row['priority']:<6}  {row['feature']}")
    proven = len(proofs.tests.keys() & rows.keys())
    print(f"{proven} of {len(rows)} rows proven")
    unknown = sorted(proofs.tests.keys() - rows.keys())
    if unknown:
        print(f"marks without a row: {unknown}")
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
