"""Everything that answers, enumerated from the running application, with values put into its variables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_VARIABLE = re.compile(r"<(?:\w+:)?(\w+)>|\{(\w+)\}")
PUBLIC = frozenset({"/healthz", "/readyz", "/version", "/metrics", "/live/all", "/_favicon.ico"})
"""Answered to everybody; /metrics and /live/all to programs on this machine, as the storm is one."""
FIXED = {
    "code": "ENV-01", "theme_id": "environment", "key": "demo_air_stations_hourly", "layer": "cameras",
    "name": "counties", "id": "1", "number": "1", "rest": "x", "secret": "x", "found": "0", "kind": "js",
    "model": "nowcast",
}  # fmt: skip


@dataclass(frozen=True)
class Address:
    """A readable address with variables in its path and its query."""

    template: str
    query: tuple[str, ...] = ()
    is_region_code: bool = False
    world: str = "world=demo"

    def of(self, values: Mapping[str, str]) -> str:
        """The address with these values."""
        values = values if self.is_region_code else {**values, "code": FIXED["code"]}
        if "/events/" in self.template:
            values = {**values, "id": values["event"]}
        path = _filled(self.template, values)
        query = "&".join(f"{name}={values.get(name, values.get('region', ''))}" for name in self.query)
        return f"{path}?{'&'.join(part for part in (self.world, query) if part)}"

    def shared(self) -> str:
        """The address as two people in two places would both type it."""
        return f"{_filled(self.template, {})}?{self.world}"


class Addresses:
    """Of one application."""

    def __init__(self, dash_app: Any, cockpit: Any) -> None:
        self.app, self.server, self.cockpit = dash_app, dash_app.server, cockpit
        self.public = PUBLIC | {
            path
            for path in (_filled(rule.rule, {}) for rule in self.server.url_map.iter_rules())
            if path.startswith("/sign-")
        }

    def unlisted(self) -> Iterator[str]:
        """Routes, pages, panels, operations and callbacks that name no right, or one that does not exist."""
        import dash

        from access.policy import SIGNED_IN
        from access.rights import RIGHTS
        from api.routes import OPERATIONS
        from pages.panels import PANELS

        guard = next(one for one in self.server.before_request_funcs[None] if hasattr(one, "policy"))
        known = {*RIGHTS, SIGNED_IN}
        yield from (f"route {rule.rule}" for rule in self.server.url_map.iter_rules() if rule.rule not in guard.policy)
        yield from (f"panel {name}" for name, panel in PANELS.items() if panel.right not in known)
        yield from (f"operation {one.name}" for one in OPERATIONS if one.right not in known)
        yield from (f"page {one['path']}" for one in dash.page_registry.values() if one.get("access") not in known)
        yield from (
            f"layout {one['path']}" for one in dash.page_registry.values() if not hasattr(one["layout"], "is_shut")
        )
        own = (name for name, one in self.app.callback_map.items() if callable(one.get("callback")))
        yield from (f"callback {name}" for name in own if not name.startswith(".._pages_content.children"))
        yield from (f"callback interface {path}" for path in getattr(self.app, "callback_api_paths", None) or {})

    def everything(self, own: str, other: str) -> Iterator[tuple[str, str]]:
        """Every route with every method it takes."""
        for rule in self.server.url_map.iter_rules():
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, _filled(rule.rule, {"region": own})
        yield from (("GET", f"/panel/{name}?region={other}") for name in self._panels())
        yield from (("GET", path) for path in self.page_paths({"code": own}))
        yield from (("GET", path) for path in ("/_mcp", "/_alive_0", "/no/such/page", "/assets/60-panels.js"))

    def readable(self) -> Iterator[Address]:
        """Everything that is read: panels, operations, the stream's version."""
        from api.openapi import BASE
        from api.routes import OPERATIONS

        for name, panel in self._panels().items():
            is_place = "code" in panel.params or name.split("-")[0] in {"county", "town"}
            query = ("region", *(one for one in ("id", "number", "code") if one in panel.params))
            yield Address(f"/panel/{name}", query if not is_place else ("region", "id", "code"), True)
        for one in OPERATIONS:
            if one.method == "GET":
                asks = tuple(name for name in ("region",) if name in one.query.model_fields)
                yield Address(BASE + one.path, asks, world="world=demo" if "world" in one.query.model_fields else "")
        yield Address("/live/version", world="")

    def writable(self, values: Mapping[str, str], ids: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
        """Every writing operation with a body from its own schema, its regions set to `values`."""
        from api.openapi import BASE
        from api.routes import OPERATIONS

        for one in OPERATIONS:
            if one.method == "POST":
                shape = one.body_shape or one.body
                body = sample(shape.model_json_schema(), values) if shape else None
                named = {**ids, "id": ids["event"]} if "/events/" in one.path else ids
                yield _filled(BASE + one.path, named), body

    def page_paths(self, values: Mapping[str, str]) -> list[str]:
        """Every page, its variables filled in."""
        import dash

        found = (one.get("path_template") or one["path"] for one in dash.page_registry.values())
        return [_filled(path, values if "county" in path else {}) for path in found]

    def router(self, path: str, search: str) -> dict[str, Any]:
        """The call Dash's router makes for a page."""
        page, store = ({"id": "_pages_content", "property": "children"}, {"id": "_pages_store", "property": "data"})
        inputs = [
            {"id": "_pages_location", "property": name, "value": value}
            for name, value in (("pathname", path), ("search", search))
        ]
        output = ".._pages_content.children..._pages_store.data.."
        return {"output": output, "outputs": [page, store], "inputs": inputs, "changedPropIds": []}

    def _panels(self) -> dict[str, Any]:
        from pages.panels import PANELS

        return PANELS


def _filled(template: str, values: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        return values.get(name) or FIXED.get(name, "x")

    return _VARIABLE.sub(value, template)


def sample(schema: Mapping[str, Any], values: Mapping[str, str], defs: Mapping[str, Any] | None = None) -> Any:
    """A value of a JSON schema: the plainest there is, with regions and ids from `values`."""
    defs = defs or schema.get("$defs", {})
    if "$ref" in schema:
        return sample(defs[schema["$ref"].rpartition("/")[2]], values, defs)
    for many in ("anyOf", "oneOf", "allOf"):
        if many in schema:
            return sample(schema[many][0], values, defs)
    if "const" in schema or "enum" in schema:
        return schema.get("const", (schema.get("enum") or [None])[0])
    made = {"integer": 1, "number": 1.5, "boolean": True, "null": None}
    if schema.get("type") == "object":
        return {
            name: values[name] if name in values else sample(part, values, defs)
            for name, part in schema.get("properties", {}).items()
        }
    if schema.get("type") == "array":
        return [sample(schema.get("items", {}), values, defs)]
    return made.get(
        str(schema.get("type")), "IND-13" if "indicator" in str(schema.get("title", "")).lower() else "2026-11-20"
    )
