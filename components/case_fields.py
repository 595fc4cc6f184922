"""The form of one act: a field for each thing that must or may be given with it, drawn from what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.markup import Markup, Node, element

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """One field. `kind`: text, line, choice, many, number, when, files, crew. `texts`: templates for it."""

    name: str
    label: str
    kind: str = "text"
    required: bool = False
    options: Options = ()
    usual: str = ""
    hint: str = ""
    unit: str = ""
    texts: Sequence[str] = field(default=())
    file_kind: str = ""


def case_form(action: str, name: str, says: str, asked: Sequence[Asked], post: str = "") -> Component:
    """Head, fields, buttons and the place where the answer is said. `assets/96-case-acts.js` copies and sends it."""
    head = html.Div(
        [html.B(name), html.Span(says, className="sub"), html.Span(className="sp"), _close()], className="fh"
    )
    undo = action == "dispatch"
    send = html.Button(name, type="submit", className="act pri")
    said = html.Div(className="said2", role="status", **attributes(aria_live="polite"))
    buttons = html.Div(
        [send, html.Button("放弃", type="button", className="act", **attributes(data_drop="true")), said],
        className="fb",
    )
    marks = attributes(data_action=action, data_post=post or None, data_undo="5" if undo else None, aria_label=name)
    return html.Form([head, *(_field(one) for one in asked), buttons], className="cf", autoComplete="off", **marks)


def reveal_form(name: str, says: str, number: str, options: Options) -> Component:
    """One personal field in full for a reason that goes on record; nothing of it is kept on the machine."""
    title = [html.B(name), html.Span(says, className="sub"), html.Span(className="sp"), _close()]
    which = Asked("field", "查看", "choice", True, options, usual=options[0][0])
    why = Asked("reason", "理由（记入审计，不少于 4 个字）", "line", True, hint="如：回访核实情况")
    send = html.Button("查看", type="submit", className="act pri")
    said = html.Div(className="said2", role="status", **attributes(aria_live="polite"))
    marks = attributes(data_action="phone", data_reveal="true", aria_label=name)
    fields = [hidden("object", f"event {number}"), _field(which), _field(why)]
    return html.Form(
        [html.Div(title, className="fh"), *fields, html.Div([send, said], className="fb")], className="cf", **marks
    )


def _close() -> Component:
    return html.Button(
        "×", type="button", className="x", title="收起，已填内容保留", **attributes(data_fold="true", aria_label="收起")
    )


def _field(asked: Asked) -> Node:
    return _KINDS[asked.kind](asked)


def _labelled(asked: Asked, control: Node, look: str = "") -> Component:
    star = html.Em("必填", className="must") if asked.required else None
    return html.Label([html.Span([asked.label, star]), control, _wrong(asked)], className=f"fl2 {look}".strip())


def _wrong(asked: Asked) -> Component:
    """Where the server's word about this field stands."""
    return html.Span(className="wr", **attributes(data_wrong=asked.name))


def _text(asked: Asked) -> Node:
    box = html.Textarea(
        name=asked.name, rows=2, maxLength=2000, placeholder=asked.hint, required=asked.required, title=asked.label
    )
    made = _labelled(asked, box, "wide")
    if not asked.texts:
        return made
    texts = [html.Button(words, type="button", className="tp", **attributes(data_text=words)) for words in asked.texts]
    return html.Div([made, html.Div(texts, className="tps", **attributes(aria_label="常用语"))], className="wide tw")


def _line(asked: Asked) -> Node:
    listed = f"offers-{asked.name}" if asked.options else None
    box = element(
        "input", type="text", name=asked.name, required=asked.required, maxlength=120, placeholder=asked.hint,
        value=asked.usual, list=listed, autocomplete="off",
    )  # fmt: skip
    offers = (
        html.Datalist([html.Option(words, value=key) for key, words in asked.options], id=listed) if listed else None
    )
    return _labelled(asked, html.Span([box, offers]))


def _choice(asked: Asked) -> Node:
    empty = [] if asked.usual else [html.Option("请选择", value="")]
    options = [element("option", words, value=key, selected=key == asked.usual) for key, words in asked.options]
    return _labelled(asked, html.Select([*empty, *options], name=asked.name, required=asked.required))


def _many(asked: Asked) -> Node:
    boxes = [
        element("label", [element("input", type="checkbox", name=asked.name, value=key), words], class_="ck1")
        for key, words in asked.options
    ]
    title = html.Legend(asked.label)
    return html.Fieldset([title, html.Div(boxes, className="cks"), _wrong(asked)], className="fl2 wide")


def _one(asked: Asked) -> Node:
    """Few choices side by side: satisfied or not, one to five."""
    boxes = [
        element(
            "label",
            [element("input", type="radio", name=asked.name, value=key, required=asked.required), words],
            class_="ck1",
        )
        for key, words in asked.options
    ]
    return html.Fieldset([html.Legend(asked.label), html.Div(boxes, className="cks"), _wrong(asked)], className="fl2")


def _number(asked: Asked) -> Node:
    box = element(
        "input", type="number", name=asked.name, required=asked.required, min="0.5", step="0.5", inputmode="decimal"
    )
    return _labelled(asked, html.Span([box, html.Span(asked.unit, className="sub")], className="nu"))


def _when(asked: Asked) -> Node:
    return _labelled(asked, element("input", type="datetime-local", name=asked.name, required=asked.required))


def _files(asked: Asked) -> Node:
    """Photos are sent as soon as they are taken; the act names them."""
    take = element(
        "input", type="file", accept="image/jpeg,image/png,image/webp,application/pdf", multiple=True,
        data_kind=asked.file_kind, aria_label=asked.label,
    )  # fmt: skip
    shoot = element(
        "input", type="file", accept="image/*", capture="environment", data_kind=asked.file_kind, aria_label="拍照"
    )
    buttons = [
        html.Label(["选照片、文件", take], className="act up"),
        html.Label(["拍照", shoot], className="act up cam"),
    ]
    shown = html.Ul(className="ups", **attributes(data_uploads=asked.name))
    title = html.Span([asked.label, html.Em("JPEG、PNG、WebP、PDF，至多 10 MB", className="mut")])
    return html.Div([title, html.Div(buttons, className="upb"), shown, _wrong(asked)], className="fl2 wide")


def _crew(asked: Asked) -> Node:
    """Whom the rows of the power list above have chosen, said again in words."""
    place = html.P("未选主办单位", className="chosen", **attributes(data_chosen="true"))
    return html.Div([html.Span(asked.label), place, _wrong(asked)], className="fl2")


_KINDS = {
    "text": _text,
    "line": _line,
    "choice": _choice,
    "many": _many,
    "one": _one,
    "number": _number,
    "when": _when,
    "files": _files,
    "crew": _crew,
}


def hidden(name: str, value: str) -> Markup:
    """A value that goes along."""
    return element("input", type="hidden", name=name, value=value)
