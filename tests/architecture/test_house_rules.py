"""Rules of the house that a reviewer should not have to repeat."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMELESS = re.compile(r"(^|/)(utils?|helpers?|common|misc|managers?|services?|core|lib)(\.py|/)")
OUTSIDE = re.compile(r"https?://(?!127\.0\.0\.1|localhost|\[::1\]|www\.w3\.org|\{)[a-z0-9.-]+", re.IGNORECASE)
NAMES_OF_FORMATS = {"http://www.georss.org", "http://wiki.open311.org"}
"""Addresses that standards use as names of their formats; nobody asks there."""


def tracked(*patterns: str) -> list[Path]:
    """Files git knows or would add, by pathspec."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


SOURCES = [p for p in tracked("*.py") if "migrations/versions" not in str(p)]
PRODUCT = [p for p in SOURCES if p.relative_to(ROOT).parts[0] not in {"tests", "bench"}]


@pytest.mark.parametrize("file", PRODUCT, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_is_one_screenful_of_ideas(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("file", PRODUCT, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_module_says_in_its_docstring_what_it_is_for(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert not text.strip() or ast.get_docstring(ast.parse(text)), f"{file} has no module docstring"


def test_no_name_hides_a_missing_domain_word() -> None:
    assert not [str(p) for p in tracked() if NAMELESS.search(str(p.relative_to(ROOT)))]


def test_nothing_is_left_unfinished() -> None:
    marks = re.compile(r"raise NotImplementedError|#\s*(TODO|FIXME|XXX)\b")
    assert not [str(p) for p in [*PRODUCT, *tracked("assets/*.js")] if marks.search(p.read_text(encoding="utf-8"))]


def test_code_and_styles_name_no_outside_host() -> None:
    """The users' network has none; published source addresses are data, not code."""
    guilty = {}
    for file in [*PRODUCT, *tracked("assets/*.js", "assets/*.css")]:
        found = [host for host in OUTSIDE.findall(file.read_text(encoding="utf-8")) if host not in NAMES_OF_FORMATS]
        if found and "vendor" not in file.parts:  # the drawing library names its home; the page policy stops any visit
            guilty[str(file.relative_to(ROOT))] = found
    assert not guilty


def test_only_settings_reads_the_environment() -> None:
    """`launch.py` and `manage.py` hand the environment on; sources read only the secrets their entry names."""
    allowed = {"settings.py", "launch.py", "manage.py", "datasources/delivery/secrets.py"}
    readers = {
        str(p.relative_to(ROOT)) for p in PRODUCT if re.search(r"os\.(environ|getenv)", p.read_text(encoding="utf-8"))
    }
    assert readers <= allowed


def test_pickle_and_loose_yaml_are_not_used() -> None:
    loose = re.compile(r"^\s*(import|from) pickle|yaml\.load\((?!.*Loader=)|errors=['\"]ignore['\"]", re.MULTILINE)
    assert not [str(p) for p in PRODUCT if loose.search(p.read_text(encoding="utf-8"))]


def test_no_county_or_theme_is_named_in_a_condition() -> None:
    named = re.compile(r"\bif\b[^\n]*[\"'](445\d{3}|macro_economy|environment|event_command)[\"']")
    assert not [str(p) for p in PRODUCT if named.search(p.read_text(encoding="utf-8"))]


def test_settings_are_imported_by_the_programs_at_the_top_alone() -> None:
    importing = re.compile(r"^\s*(from|import) settings\b", re.MULTILINE)
    readers = {str(p.relative_to(ROOT)) for p in PRODUCT if importing.search(p.read_text(encoding="utf-8"))}
    assert readers <= {
        "app.py",
        "opening.py",
        "schedule.py",
        "manage.py",
        "live.py",
        "commands/audit.py",
        "commands/channels.py",
        "commands/models.py",
        "commands/people.py",
    }


def test_the_version_is_told_in_one_number() -> None:
    from settings import VERSION

    assert f'version = "{VERSION}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
