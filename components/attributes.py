"""`aria-` and `data-` attributes as keyword arguments: `attributes(aria_label="…")` is `aria-label="…"`."""

from __future__ import annotations

from typing import Any


def attributes(**values: str | None) -> dict[str, Any]:
    """HTML names have hyphens, Python's have underscores; None leaves one out."""
    return {name.replace("_", "-"): value for name, value in values.items() if value is not None}
