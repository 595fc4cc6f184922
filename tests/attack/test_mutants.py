"""The list of planted holes fits the product as it is; `make mutants` tries them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from mutants import MUTANTS, ROOT, Mutant, planted


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.name)
def test_a_hole_can_still_be_cut(mutant: Mutant, tmp_path: Path) -> None:
    copy = tmp_path / mutant.file
    copy.parent.mkdir(parents=True)
    copy.write_text((ROOT / mutant.file).read_text(encoding="utf-8"), encoding="utf-8")
    planted(mutant, tmp_path)
    assert copy.read_text(encoding="utf-8") != (ROOT / mutant.file).read_text(encoding="utf-8")
    if mutant.file.endswith(".py"):
        compile(copy.read_text(encoding="utf-8"), mutant.file, "exec")
    assert all((ROOT / place).exists() for place in mutant.tests)
