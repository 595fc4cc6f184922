"""Everything that answers, enumerated from the running application, with values put into its variables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

_VARIABLE = re.compile(r"<(?:\w+:)?(\w+)>|\{(\w+)\}")
PUBLIC = frozenset({"/healthz", "/readyz", "/version", "/metrics", "/live/all", "/_favicon.ico"})
"""Answered to everybody; /metrics and /live/all to programs on this machine, as the storm is one."""
STREAMS = frozenset({"/live"})
"""They do not end by themselves."""
FIXED = {
    "code": "ENV-01", "theme_id": "environment", "key": "demo_air_stations_hourly", "layer": "cameras",
    "name": "counties", "id": "1", "number": "1", "rest": "x", "secret": "x", "found": "0", "kind": "js",
    "model": "nowcast", "indicator": "ENV-01", "theme": "environment", "hash": "ab" * 32, "appeal": "99999991",
}  # fmt: skip
IDS = {
    "events": "event", "event": "number", "command": "number", "case": "number", "warnings": "warning",
    "entries": "entry", "quarantine": "held", "handovers": "handover", "scenarios": "scenario", "duty": "duty",
    "warning-silences": "silence", "areas": "area", "area": "area", "area-crossings": "crossing", "review": "number",
    "reviews": "event", "snapshots": "snapshot", "snapshot": "snapshot", "indicators": "indicator",
    "indicator": "indicator", "theme": "theme", "themes": "theme", "county": "region", "town": "region",
    "regions": "region",
}  # fmt: skip
"""By what comes before `{id}` or `{code}` in a path, or by the first word of a panel's name: whose number it is."""
NAMED = {
    "event": "number", "number": "number", "warning": "warning", "held": "held", "entry": "entry", "rule": "rule",
    "text": "canary", "q": "canary", "title": "canary", "indicator": "indicator", "theme": "theme", "region": "region",
    "handover": "handover", "county": "region", "area": "region", "crossing": "crossing", "snapshot": "snapshot",
    "duty": "duty", "unit": "region", "ref": "duty", "response": "response",
}  # fmt: skip
"""Parameters of a query that name something: which value they get."""


@dataclass(frozen=True)
class Address:
    """A readable address with variables in its path and its query. `names`: which value each variable gets."""

    template: str
    names: tuple[tuple[str, str], ...] = ()
    query: tuple[str, ...] = ()
    world: str = "world=demo"

    def of(self, values: Mapping[str, str], *, wide: bool = True) -> str:
        """The address with these values; `wide`: with every parameter that names something, else with the region."""
        known, names = {**FIXED, **values}, dict(self.names)
        path = _filled(self.template, {name: known.get(key, "1") for name, key in names.items()})
        told = [(name, known.get(names[name], "1")) for name in self.query if wide or name in {"region", "id"}]
        return f"{path}?{'&'.join(part for part in (self.world, urlencode(told)) if part)}"

    def shared(self) -> str:
        """The address as two people in two places would both type it."""
        names = {name: FIXED.get(key, "1") for name, key in self.names}
        return f"{_filled(self.template, names)}?{self.world}"


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

    def offices(self) -> Iterator[str]:
        """Every route without variables that is read and stands in no list of its own: account, administration."""
        own = ("/panel", "/api/v1/", "/sign-", "/_dash")
        for rule in self.server.url_map.iter_rules():
            is_read = "GET" in (rule.methods or ()) and not rule.arguments
            if is_read and rule.rule not in {*STREAMS, *self.public} and not rule.rule.startswith(own):
                yield rule.rule

    def readable(self) -> Iterator[Address]:
        """Everything that is read: panels, operations, the stream's version."""
        from api.openapi import BASE
        from api.routes import OPERATIONS

        for name, panel in self._panels().items():
            own = IDS.get(name.split("-")[0], "held")
            query = tuple(one for one in dict.fromkeys(("region", *panel.params)) if one in {"id", "code", *NAMED})
            names = tuple((one, own if one in {"id", "code"} else NAMED[one]) for one in query)
            yield Address(f"/panel/{name}", names, query)
        for one in OPERATIONS:
            if one.method == "GET":
                fields = one.query.model_fields
                query = tuple(name for name in fields if name in NAMED and not (name == "text" and "q" in fields))
                names = (*((name, NAMED[name]) for name in query), *_path_names(one.path))
                yield Address(BASE + one.path, names, query, world="world=demo" if "world" in fields else "")
        yield Address("/live/version", world="")

    def writable(self, values: Mapping[str, str], ids: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
        """Every writing operation with a body from its own schema, its regions set to `values`."""
        from api.openapi import BASE
        from api.routes import OPERATIONS

        for one in OPERATIONS:
            if one.method == "POST":
                shape = one.body_shape or one.body
                body = sample(shape.model_json_schema(), values) if shape else None
                named = {name: ids.get(key, FIXED.get(key, "1")) for name, key in _path_names(one.path)}
                yield _filled(BASE + one.path, named), body

    def page_paths(self, values: Mapping[str, str]) -> list[str]:
        """Every page, its variables filled in."""
        import dash

        found = [one.get("path_template") or one["path"] for one in dash.page_registry.values()]
        known = {**FIXED, **values}
        return [_filled(path, {name: known.get(key, "1") for name, key in _path_names(path)}) for path in found]

    def pages(self, values: Mapping[str, str]) -> Iterator[str]:
        """Every page with all that its address may name: documents bring the panels along that stand in them."""
        told = urlencode([(name, values[key]) for name, key in NAMED.items() if key in values])
        yield from (f"{path}?world=demo&{told}" for path in self.page_paths(values))

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


def _path_names(path: str) -> Iterator[tuple[str, str]]:
    """The variables of a path with the value each gets: `{id}` is a number of what stands before it."""
    steps = path.strip("/").split("/")
    for before, step in zip(("", *steps), steps, strict=False):
        for found in _VARIABLE.finditer(step):
            name = found[1] or found[2]
            yield name, IDS.get(before, name) if name in {"id", "code", "number", "ref"} else name


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
