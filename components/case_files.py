"""现场: photos and papers of an event with who added them and how far from the event they were taken; adding one."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from components.case_seen import Seen
from components.markup import Markup, Node, element
from components.times import stamp
from dispatch.attachments import KINDS, Attachment


def case_files(seen: Seen) -> list[Node]:
    """Before and after side by side, newest last."""
    shown = [_file(one, seen) for one in seen.files]
    title = html.H2(["现场 ", html.Small(f"{len(shown)} 个附件" if shown else "", className="mut")])
    inside = (
        html.Div(shown, className="phs") if shown else html.P("还没有照片；办理时可在表单中拍照或添加", className="sub")
    )
    return [title, inside]


def _file(one: Attachment, seen: Seen) -> Markup:
    address = f"{seen.address}/attachments/{one.sha256}"
    kind = KINDS.get(one.kind, one.kind)
    told = f"{kind} {seen.at(one.added_at)} {one.added_by}"
    if one.mime.startswith("image/"):
        face: Markup = element("img", src=address, alt=f"{kind}照片", loading="lazy", decoding="async")
    else:
        face = element("span", ["PDF ", html.Small(one.name)], class_="pdf")
    picture = element(
        "a", face, href=address, target="_blank", rel="noopener", title=f"{one.name}，{stamp(one.added_at)}"
    )
    return element("figure", [picture, html.Figcaption([told, distance(one)])])


def distance(one: Attachment) -> Component | None:
    """How far from the event it was taken; far ones are told so in words."""
    if one.metres is None:
        return html.Span("拍摄位置不明", className="mut")
    words = f"距事发地 {one.metres:.0f} 米" if one.metres < 1000 else f"距事发地 {one.metres / 1000:.1f} 公里"
    return html.Span(
        f"{words}，位置不符" if one.is_elsewhere else words, className="bad" if one.is_elsewhere else "mut"
    )
