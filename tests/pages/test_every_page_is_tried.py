"""No page is left out when texts that want to become program are looked for: whoever adds one adds a visit."""

from __future__ import annotations

import re

import dash
import pytest

from attack.visits import VISITS

NOTHING_WRITTEN = {"/not-found-404"}
"""Pages without a word of anybody."""


@pytest.mark.feature(141)
def test_every_page_is_opened_with_planted_texts(app) -> None:
    opened = [path.partition("?")[0] for _, paths in VISITS for path in paths]
    left_out = []
    for page in dash.page_registry.values():
        template = page["path_template"] or page["path"]
        pattern = re.compile(re.sub(r"<\w+>", "[^/]+", template))
        if template not in NOTHING_WRITTEN and not any(pattern.fullmatch(path) for path in opened):
            left_out.append(template)
    assert not left_out, "add them to tests/attack/visits.py"
