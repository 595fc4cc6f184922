"""The interface described on one page for people, made from the OpenAPI document: no script, nothing outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

Json = Mapping[str, Any]

STYLE = """
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); }
body { margin: 0 auto; max-width: 68rem; padding: 1.5rem; line-height: 1.6;
  font-family: "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2.5rem; } h3 { font-size: 1rem; margin: 0; }
code, pre { font-family: ui-monospace, Consolas, monospace; font-size: .92em; }
section { border: 1px solid var(--line); border-radius: 6px; padding: .8rem 1rem; margin: .8rem 0; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); padding: .25rem .6rem .25rem 0; }
.method { display: inline-block; min-width: 3.2rem; font-weight: 700; }
nav a { margin-right: 1rem; } summary { cursor: pointer; }
"""


def page(document: Json) -> str:
    """The page."""
    operations = [
        (path, method, operation) for path, item in document["paths"].items() for method, operation in item.items()
    ]
    tags = dict.fromkeys(operation["tags"][0] for _, _, operation in operations)
    groups = [_group(tag, [one for one in operations if one[2]["tags"][0] == tag]) for tag in tags]
    info = document["info"]
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f'<title>{escape(info["title"])}</title><link rel="stylesheet" href="/api/v1/docs.css"></head><body>'
        f"<h1>{escape(info['title'])} {escape(info['version'])}</h1><p>{escape(info['description'])}</p>"
        '<nav><a href="/api/v1/openapi.json">OpenAPI 3.1 文件</a><a href="/">返回驾驶舱</a></nav>'
        f"{''.join(groups)}{_problems()}{_shapes(document)}</body></html>"
    )


def _group(tag: str, operations: Iterable[tuple[str, str, Json]]) -> str:
    return f"<h2>{escape(tag)}</h2>" + "".join(_operation(*one) for one in operations)


def _operation(path: str, method: str, operation: Json) -> str:
    body = operation.get("requestBody")
    return (
        f'<section id="{escape(operation["operationId"])}">'
        f'<h3><span class="method">{method.upper()}</span><code>{escape(path)}</code></h3>'
        f"<p>{escape(operation['summary'])}</p>{_parameters(operation['parameters'])}"
        f"{'<p>请求内容：' + _links(body) + '</p>' if body else ''}{_responses(operation['responses'])}</section>"
    )


def _parameters(parameters: Iterable[Json]) -> str:
    rows = [
        (_code(one["name"]), "必填" if one["required"] else "可选", _kind(one["schema"]), _words(one))
        for one in parameters
    ]
    return _table(("参数", "", "类型", "说明"), rows) if rows else ""


def _responses(responses: Json) -> str:
    rows = [
        (_code(status), escape(told["description"]), _links(told) if "content" in told else "")
        for status, told in responses.items()
    ]
    return f"<details><summary>回复</summary>{_table(('状态', '含义', '内容'), rows)}</details>"


def _shapes(document: Json) -> str:
    shapes = document["components"]["schemas"]
    return "<h2>内容的结构</h2>" + "".join(_shape(name, schema) for name, schema in sorted(shapes.items()))


def _shape(name: str, schema: Json) -> str:
    rows = [(_code(field), _kind(inner), _words(inner)) for field, inner in schema.get("properties", {}).items()]
    if "enum" in schema:
        rows = [(_code(str(value)), "", "") for value in schema["enum"]]
    return f'<section id="{escape(name)}"><h3>{escape(name)}</h3>{_table(("字段", "类型", "说明"), rows)}</section>'


def _problems() -> str:
    rows = [
        ("unknown", "路径、参数或内容中的名称不存在；说明中给出最接近的名称"),
        ("misfit", "参数或内容不符合要求；errors 逐项说明位置与正确写法"),
        ("cursor", "cursor 不是本接口给出的"),
        ("unavailable", "数据库暂时没有响应；请按 Retry-After 的秒数稍后再试，重复发送不会重复入库"),
        ("full", "实时通道已满；请改用 /live/version"),
        ("decided", "已由他人处理，或填报人审核自己的填报"),
        ("moved", "事件已被他人办理；version 是现在的版本，看过最新情况再办理"),
        ("illegal", "事件在当前状态不能这样办；legal 列出可以怎样办"),
        ("not-now", "此时或由此人不能这样办；说明中写明原因"),
        ("key", "幂等键缺失，或已用于另一份内容"),
        ("host", "访问所用的主机名不在允许之列"),
        ("origin", "由其他网站的页面发起"),
    ]
    items = "".join(f'<tr id="problem-{kind}"><td>{_code(kind)}</td><td>{words}</td></tr>' for kind, words in rows)
    return f"<h2>问题的种类</h2><p>出错时一律回复 application/problem+json（RFC 9457）。</p><table>{items}</table>"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """`rows` hold HTML that is escaped already."""
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{top}</tr>{body}</table>"


def _links(told: Json) -> str:
    return "、".join(
        f"{escape(media)} {_kind(content['schema']) if 'schema' in content else ''}"
        for media, content in told["content"].items()
    )


def _kind(schema: Json) -> str:
    """A type in words, named ones as links."""
    return " 或 ".join(dict.fromkeys(_kinds(schema)))


def _kinds(schema: Json) -> Iterator[str]:
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        yield f'<a href="#{name}">{name}</a>'
    elif "enum" in schema:
        yield "、".join(_code(str(value)) for value in schema["enum"])
    elif "const" in schema:
        yield _code(str(schema["const"]))
    elif "anyOf" in schema:
        for one in schema["anyOf"]:
            yield from _kinds(one)
    elif schema.get("type") == "array":
        yield f"列表：{_kind(schema.get('items', {}))}"
    else:
        yield _TYPES.get(str(schema.get("type")), "任意")


_TYPES = {
    "string": "文本",
    "integer": "整数",
    "number": "数字",
    "boolean": "true/false",
    "object": "对象",
    "null": "null",
}


def _words(described: Json) -> str:
    return escape(str(described.get("description", "")))


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"
