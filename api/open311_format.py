"""GeoReport v2 on the wire: JSON or XML by the ending of the address, errors as the standard writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree

import orjson
from flask import Response, request

JSON, XML = "application/json", "text/xml"
TYPES = {"json": f"{JSON}; charset=utf-8", "xml": f"{XML}; charset=utf-8"}


class GeoReportError(Exception):
    """Refused, as the standard says it: an HTTP status, told again in the body with a description."""

    def __init__(self, code: int, description: str) -> None:
        self.code, self.description = code, description
        super().__init__(description)


def format_of(ending: str) -> str:
    """json or xml: by the ending, else by what the caller accepts; JSON unless XML is preferred."""
    if ending:
        return ending
    best = request.accept_mimetypes.best_match([JSON, XML, "application/xml"])
    return "xml" if best and "xml" in best else "json"


def answer(form: str, value: Any, root: str, item: str = "", status: int = 200) -> Response:
    """`value` as the body. In XML a list stands in `root` with an `item` for each."""
    body = orjson.dumps(value) if form == "json" else xml_of(value, root, item)
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(body, status, headers, content_type=TYPES[form])


def refusal(form: str, code: int, description: str) -> Response:
    """The error list."""
    made = answer(form, [{"code": code, "description": description}], "errors", "error", code)
    if code == 401:
        made.headers["WWW-Authenticate"] = "Bearer"
    return made


def xml_of(value: Any, root: str, item: str) -> bytes:
    """A document; characters XML cannot hold are left out."""
    top = ElementTree.Element(root)
    if isinstance(value, list):
        _many(top, value, item)
    else:
        _fill(top, value)
    return bytes(ElementTree.tostring(top, encoding="utf-8", xml_declaration=True))


_SINGULAR = {"endpoints": "endpoint", "formats": "format", "attributes": "attribute", "values": "value"}


def _many(top: ElementTree.Element, values: Iterable[Any], item: str) -> None:
    for value in values:
        child = ElementTree.SubElement(top, item)
        _fill(child, value)


def _fill(element: ElementTree.Element, value: Any) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            child = ElementTree.SubElement(element, name)
            if isinstance(inner, list):
                _many(child, inner, _SINGULAR[name])
            else:
                _fill(child, inner)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = "".join(sign for sign in str(value) if sign in "\t\n\r" or sign >= " ")
