"""The rule line under a row: its length is how much of the yardstick is reached, its tick where it should be by now."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from indicators.comparison import Progress


def target_bar(progress: Progress | None, look: str = "bl") -> Component:
    """A grey bar on track, a bright one behind; a bare line without a yardstick. The bar clips at its end."""
    if progress is None:
        return html.Span(className=look)
    done, mark = (f"{100 * min(share, 1.0):.1f}%" for share in (progress.completion, progress.mark))
    return html.Span(
        [
            html.I(className="lo" if progress.behind else "", style={"width": done}),
            html.S(style={"left": f"min({mark}, calc(100% - .125rem))"}),
        ],
        className=look,
        title=progress.place,
    )
