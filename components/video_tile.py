"""Video tile: place, name and state of a camera. Without a picture it is a hatched field, never a made-up one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.marks import lateness, seal
from components.times import when
from indicators.reading import Freshness, Provenance


@dataclass(frozen=True)
class Camera:
    """A camera as the source of pictures tells it. `picture` is the address of its newest still inside the product."""

    name: str
    place: str
    provenance: Provenance
    newest: datetime | None = None
    picture: str | None = None
    connected: bool = True


def video_tile(camera: Camera, now: datetime) -> Component:
    """Live: the still; silent: the hatched field with the time of the last frame; not connected: said so."""
    alive = camera.connected and camera.picture is not None
    field = (
        html.Img(src=camera.picture, alt=f"{camera.name}画面", className="vx")
        if alive
        else html.Div(html.Span(_words(camera)), className="vx")
    )
    place = html.Span([f"{camera.place} · ", *_mark(camera, now)], className="sub")
    spoken = f"{camera.name}，{_words(camera) or '画面正常'}"
    return html.Figure(
        [field, html.Figcaption([html.B(camera.name), place])], className="vd", **attributes(aria_label=spoken)
    )


def _words(camera: Camera) -> str:
    if not camera.connected:
        return "未接入"
    return "" if camera.picture else "信号中断"


def _mark(camera: Camera, now: datetime) -> list[Component | str | None]:
    if not camera.connected:
        return ["接入时间待定"]
    if camera.picture is None:
        return [lateness(Freshness.DEAD), when(camera.newest, now)]
    return [seal(camera.provenance), when(camera.newest, now)]
