"""The OpenAPI 3.1 document, made from the table of operations and the models: nothing is described twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api.operation import Operation
from api.problem import MEDIA_TYPE, TITLES, ProblemShape

BASE = "/api/v1"
_REFERENCE = "#/components/schemas/{model}"
_FILES: dict[str, Any] = {"text/csv": {}, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {}}

Json = dict[str, Any]


def document(operations: Iterable[Operation], *, version: str) -> Json:
    """The whole document."""
    operations = list(operations)
    references, schemas = _schemas(operations)
    paths: dict[str, Json] = {}
    for operation in operations:
        paths.setdefault(BASE + operation.path, {})[operation.method.lower()] = _operation(operation, references)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "潮州市城市运行驾驶舱接口",
            "version": version,
            "description": "读数一律带单位、时效、来源性质、数据源与责任单位；模拟数据的 provenance 恒为 simulated。"
            "每个请求带接口令牌（Authorization: Bearer）或登录会话，只看得到本人权限和辖区之内的内容。",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


Kind = tuple[type[BaseModel], str]


def _schemas(operations: Iterable[Operation]) -> tuple[Mapping[Kind, Json], Json]:
    """A reference for each model, and the schemas they point to."""
    kinds: list[Any] = [(ProblemShape, "serialization")]
    for operation in operations:
        kinds.append((operation.answer, "serialization"))
        kinds.append((operation.query, "validation"))
        if body := operation.body_shape or operation.body:
            kinds.append((body, "validation"))
    references, whole = models_json_schema(list(dict.fromkeys(kinds)), ref_template=_REFERENCE)
    queries = {operation.query for operation in operations}
    named = {reference["$ref"].rpartition("/")[2] for kind, reference in references.items() if kind[0] in queries}
    schemas = {name: _plain(schema) for name, schema in whole["$defs"].items() if name not in named}
    return references, schemas  # type: ignore[return-value]


def _plain(schema: Json) -> Json:
    """Without what our docstring says of the class: it is for whoever reads the code."""
    return {key: value for key, value in schema.items() if key != "description"}


def _operation(operation: Operation, references: Mapping[Kind, Json]) -> Json:
    described: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": [*_path_parameters(operation), *_query_parameters(operation), *_header(operation)],
        "responses": _responses(operation, references),
    }
    if body := operation.body_shape or operation.body:
        content: Json = {operation.body_media: {"schema": references[body, "validation"]}}
        described["requestBody"] = {"required": True, "content": content}
    elif operation.read_body:
        described["requestBody"] = {"required": True, "content": {operation.body_media: {"schema": _BYTES}}}
    return described


def _path_parameters(operation: Operation) -> list[Json]:
    names = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _query_parameters(operation: Operation) -> list[Json]:
    schema = operation.query.model_json_schema(ref_template=_REFERENCE)
    inner = schema.get("$defs", {})
    required = set(schema.get("required", []))
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": field.get("description", ""),
            "schema": _inlined({k: v for k, v in field.items() if k not in {"description", "title"}}, inner),
        }
        for name, field in schema.get("properties", {}).items()
    ]


def _inlined(schema: Any, inner: Mapping[str, Any]) -> Any:
    """The schema with references replaced by what they name: parameters have no shared ones."""
    if isinstance(schema, list):
        return [_inlined(part, inner) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return inner[schema["$ref"].rpartition("/")[2]]
    return {key: _inlined(value, inner) for key, value in schema.items()}


def _responses(operation: Operation, references: Mapping[Kind, Json]) -> Json:
    content: Json = {operation.media: {"schema": references[operation.answer, "serialization"]}}
    if operation.file:
        content = {operation.media: {"schema": _BYTES}}
    if operation.tables:
        content |= _FILES
    told: Json = {str(operation.status): {"description": operation.summary, "content": content}}
    if operation.status_of:
        told["200"] = {"description": "此前已有，没有重复", "content": content}
    if operation.topics:
        told[str(operation.status)]["headers"] = _HEADERS
        told["304"] = {"description": "与 If-None-Match 所示相同"}
    problem = {MEDIA_TYPE: {"schema": references[ProblemShape, "serialization"]}}
    for status in operation.all_problems:
        told[str(status)] = {"description": TITLES[status], "content": problem}
    return told


def _header(operation: Operation) -> list[Json]:
    if not operation.header:
        return []
    words = "同一键、同一内容重发得到同一结果；同一键、不同内容回复 422"
    schema = {"type": "string", "minLength": 1, "maxLength": 120}
    return [{"name": operation.header, "in": "header", "required": True, "description": words, "schema": schema}]


_BYTES: Json = {"type": "string", "format": "binary"}
_HEADERS: Json = {
    "ETag": {"schema": {"type": "string"}, "description": "内容的标记，可用于 If-None-Match"},
    "X-Frame-At": {"schema": {"type": "string", "format": "date-time"}, "description": "内容生成的时刻"},
    "X-Degraded": {"schema": {"const": "1"}, "description": "仅当数据库没有响应、给出的是最后一次有效内容时出现"},
}
