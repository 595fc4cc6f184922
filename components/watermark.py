"""The watermark of working pages: light slanted text that says whose screen a photograph shows."""

from __future__ import annotations

from components.markup import Markup, element

WIDTH, HEIGHT = 420, 240
_LOOK = 'font-family:"Noto Sans SC","Microsoft YaHei",sans-serif'


def watermark(person: str, moment: str) -> Markup:
    """One field of the pattern as SVG, to be repeated by the style sheet. Grey that can be read on light and dark."""
    lines = [
        element("text", words, x=20, y=150 + 24 * row, font_size=16, fill="#7f8a8c", fill_opacity=0.16)
        for row, words in enumerate((person, moment))
    ]
    turned = element("g", lines, transform=f"rotate(-20 {WIDTH // 2} {HEIGHT // 2})", style=_LOOK)
    return element("svg", turned, xmlns="http://www.w3.org/2000/svg", width=WIDTH, height=HEIGHT)


def no_watermark() -> Markup:
    """For walls, which everybody in the room may photograph."""
    return element("svg", None, xmlns="http://www.w3.org/2000/svg", width=1, height=1)
