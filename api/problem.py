"""Everything that can be wrong with a request, told as RFC 9457 problem documents in plain Chinese."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from http import HTTPStatus

import orjson
from flask import Response, request
from pydantic import BaseModel, Field, ValidationError

MEDIA_TYPE = "application/problem+json"

TITLES = {
    400: "请求格式不正确",
    401: "需要登录",
    403: "不允许的请求",
    404: "没有这项内容",
    405: "此地址不支持该方法",
    409: "内容已被他人更改",
    413: "请求内容过大",
    415: "请求内容的类型不支持",
    421: "主机名不在允许之列",
    422: "请求内容有误",
    429: "请求过于频繁",
    500: "系统内部错误",
    503: "暂时无法提供",
}
"""What each status is called; a status not listed keeps its HTTP phrase."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where (a parameter, a field, a row) and what would be right."""

    where: str
    message: str


@dataclass
class Problem(Exception):
    """Raised anywhere below a request to answer it with a problem document."""

    status: int
    detail: str
    kind: str = ""
    faults: tuple[Fault, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    more: dict[str, object] = field(default_factory=dict)
    """Extension members (RFC 9457 3.2): the present version, what would be legal."""


class FaultShape(BaseModel):
    """One thing that is wrong."""

    where: str = Field(description="参数、字段或行")
    message: str = Field(description="错在何处，应当怎样")


class ProblemShape(BaseModel):
    """RFC 9457 problem document."""

    type: str = Field(description="问题类型的地址，about:blank 表示仅由状态码说明")
    title: str
    status: int
    detail: str
    instance: str = Field(description="出问题的地址")
    errors: list[FaultShape] = Field(default_factory=list)


def unknown(what: str, given: str, known: Iterable[str]) -> Problem:
    """404 for a name nobody knows, with the nearest known one."""
    near = get_close_matches(given, list(known), n=1, cutoff=0.5)
    hint = f"您是否想填 {near[0]}？" if near else ""
    return Problem(404, f"没有{what}“{given[:60]}”。{hint}".strip(), kind="unknown")


def unavailable(retry_after: int = 3) -> Problem:
    """503 while the database does not answer and nothing was kept."""
    return Problem(
        503, "数据库暂时没有响应，请稍后再试。", kind="unavailable", headers={"Retry-After": str(retry_after)}
    )


def misfit(error: ValidationError, place: str) -> Problem:
    """422 naming every field of the query or the body that does not fit."""
    faults = tuple(Fault(".".join(map(str, item["loc"])) or place, _in_words(item)) for item in error.errors())
    return Problem(422, "；".join(f"{fault.where}：{fault.message}" for fault in faults[:5]), "misfit", faults)


def respond(problem: Problem) -> Response:
    """The problem as a response to the present request."""
    title = TITLES.get(problem.status) or HTTPStatus(problem.status).phrase
    shape = ProblemShape(
        type=f"/api/v1/docs#problem-{problem.kind}" if problem.kind else "about:blank",
        title=title,
        status=problem.status,
        detail=problem.detail,
        instance=request.path,
        errors=[FaultShape(where=fault.where, message=fault.message) for fault in problem.faults],
    )
    headers = {"Cache-Control": "no-store", **problem.headers}
    body = {**problem.more, **shape.model_dump()}
    return Response(orjson.dumps(body), problem.status, headers, mimetype=MEDIA_TYPE)


_WORDS = {
    "missing": "缺少此项",
    "extra_forbidden": "不认识的名称",
    "bool_parsing": "应为 true 或 false",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "string_type": "应为文本",
    "dict_type": "应为一个对象",
    "list_type": "应为一个列表",
    "model_type": "应为一个对象",
    "model_attributes_type": "应为一个对象",
}


def _in_words(item: object) -> str:
    told: dict[str, object] = dict(item)  # type: ignore[call-overload]
    kind, context = str(told["type"]), dict(told.get("ctx") or {})  # type: ignore[call-overload]
    if kind in _WORDS:
        return _WORDS[kind]
    if "expected" in context:
        return f"应为 {context['expected']}".replace(" or ", " 或 ")
    for bound, words in (("ge", "不小于"), ("le", "不大于"), ("gt", "大于"), ("max_length", "长度不超过")):
        if bound in context:
            return f"应{words} {context[bound]}"
    if "error" in context:
        return str(context["error"])
    if kind.startswith("datetime"):
        return "应为带时区的时间，如 2026-11-22T14:05:00+08:00"
    return str(told["msg"])
