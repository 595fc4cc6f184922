"""Plotly templates cz_dark and cz_light for figures made on the server (reports), drawn from the tokens.

Their twin for the browser is `template` in `assets/63-figure-parts.js`; a test holds the two against each other.
"""

from __future__ import annotations

from typing import Any

from components.tokens import Scheme, tokens

NAMES: dict[Scheme, str] = {"dark": "cz_dark", "light": "cz_light"}


def template(scheme: Scheme, rem: int = 16) -> dict[str, Any]:
    """The template of a scheme as Plotly's JSON; `rem` is the size of plain text in pixels."""
    ink = tokens(scheme)
    family = ink["f-num"]
    return {
        "layout": {
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": family, "size": rem, "color": ink["tx2"]},
            "colorway": [ink["tx1"], ink["tx3"], ink["ac"]],
            "xaxis": {**_axis(scheme, rem), "showgrid": False},
            "yaxis": {**_axis(scheme, rem), "showgrid": True},
            "showlegend": False,
            "hoverlabel": {
                "bgcolor": ink["bg2"],
                "bordercolor": ink["line2"],
                "font": {"family": family, "size": rem, "color": ink["tx1"]},
            },
        }
    }


def register() -> None:
    """Make both known to plotly.io by name; imports plotly, which a page server never needs."""
    import plotly.graph_objects as go
    import plotly.io as pio

    for scheme, name in NAMES.items():
        pio.templates[name] = go.layout.Template(template(scheme))


def _axis(scheme: Scheme, rem: int) -> dict[str, Any]:
    ink = tokens(scheme)
    return {
        "gridcolor": ink["line"],
        "linecolor": ink["line2"],
        "tickcolor": ink["line2"],
        "zerolinecolor": ink["line2"],
        "tickfont": {"color": ink["tx3"]},
        "title": {"font": {"color": ink["tx2"]}},
        "showline": False,
        "zeroline": False,
        "ticks": "",
        "automargin": False,
        "ticklabelstandoff": round(rem / 3),
    }
