"""The tokens of the two schemes, read from the style sheet that defines them: colours stand in one place only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

Scheme = Literal["dark", "light"]
FILE = Path(__file__).resolve().parent.parent / "assets" / "00-tokens.css"
_TOKEN = re.compile(r"--([\w-]+):([^;{}]+)")


@cache
def tokens(scheme: Scheme) -> Mapping[str, str]:
    """Name → value as written: `tokens("dark")["tx1"]` is '#edf4f4'. The light scheme overrides the dark one."""
    dark, _, light = FILE.read_text(encoding="utf-8").partition("[data-scheme=light]")
    found = {name: value.strip() for name, value in _TOKEN.findall(dark)}
    return found | ({name: value.strip() for name, value in _TOKEN.findall(light)} if scheme == "light" else {})
