"""Figures fetched from an interface that answers in JSON.

Only listed hosts are asked; private and reserved addresses only where their network is listed. A name is resolved once,
the address is checked and kept; redirects and links to next pages are checked like the first address.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network
from random import Random
from time import monotonic
from typing import Any

from httpx import URL
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from datasources.delivery import json_path
from datasources.delivery.allowed_hosts import AllowedHosts, host_entry, parsed, place_of, shown
from datasources.delivery.bounded_get import Body, BoundedGet
from datasources.delivery.deadline import Overdue, within
from datasources.delivery.fields import Fields, NoSuchField
from datasources.delivery.observation import Delivery, SourceFailed
from datasources.delivery.paging import OnePage, Paging
from datasources.delivery.period import Frequency
from datasources.delivery.records import Read, Reader, Unusable
from datasources.delivery.retry import Patience, persist
from datasources.delivery.secrets import SecretName, secret


class Credential(BaseModel):
    """A secret sent with each request to the source's own host."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    header: str = Field(
        default="Authorization", pattern=r"^[A-Za-z][A-Za-z0-9-]{1,60}$", description="name of the header"
    )
    env: SecretName = Field(description="NAME of the environment variable with the secret")
    prefix: str = Field(default="", max_length=20, description="stands before the secret, such as 'Bearer '")


class Spec(BaseModel):
    """Options of `kind: http_json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(max_length=2000, description="address, http or https, without secrets")
    params: dict[str, str | int] = Field(default_factory=dict, description="query parameters, without secrets")
    hosts: tuple[str, ...] = Field(default=(), description="further hosts that redirects and next pages may lead to")
    networks: tuple[IPv4Network | IPv6Network, ...] = Field(
        default=(), description="private networks the hosts may be in, such as 10.44.0.0/16"
    )
    headers: dict[str, str] = Field(default_factory=dict, description="further headers, without secrets")
    auth: Credential | None = Field(default=None, description="a secret header")
    ca_file: str | None = Field(default=None, description="certificates to trust beside the system's, a PEM file")
    expect: dict[str, str | int | bool | None] = Field(
        default_factory=dict, description="path to value that a successful answer has, such as code: 0"
    )
    records: str = Field(default="", description="path to the records, such as data.items[*]")
    paging: Paging = OnePage()
    fields: Fields = Field(description="which path inside a record holds what")
    max_bytes: int = Field(default=10_000_000, ge=1000, le=200_000_000, description="all pages together, unpacked")
    max_records: int = Field(default=100_000, ge=1, le=1_000_000)
    patience: Patience = Patience(seconds=20, tries=3)

    @field_validator("records")
    @classmethod
    def _is_path(cls, path: str) -> str:
        json_path.steps(path)
        return path

    @model_validator(mode="after")
    def _fields_are_single_places(self) -> Spec:
        for path in (*self.fields.structural, *self.fields.values.values(), *self.expect):
            if json_path.Every.ELEMENT in json_path.steps(path):
                raise ValueError(f"fields and expect take one place each, not {path}")
        return self


@dataclass
class Answers:
    """What the pages brought so far."""

    spec: Spec
    records: list[Any] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)

    def add(self, body: Body) -> URL | None:
        """Take one page; where the next one is, None after the last."""
        document = document_of(body)
        _check_expected(self.spec, document, body.url)
        found = _records(self.spec, document, body.url)
        digest = sha256(body.content).hexdigest()
        if found and digest in self.digests:
            raise SourceFailed(f"{shown(body.url)} 有两页内容相同；请核对翻页设置", permanent=True)
        self.digests.append(digest)
        self.records += found
        if len(self.records) > self.spec.max_records:
            limit = self.spec.max_records
            raise SourceFailed(f"{shown(body.url)} 的记录超过 {limit} 条；请缩小查询范围", permanent=True)
        return self.spec.paging.next_url(body.asked, document, len(found))


def read(
    spec: Spec,
    *,
    source: str,
    now: datetime,
    frequencies: Mapping[str, Frequency] | None = None,
    rng: Random | None = None,
) -> Delivery:
    """The records of the interface as observations; SourceFailed if it is away, wrong, too large or too slow."""
    auth = {spec.auth.header: spec.auth.prefix + secret(spec.auth.env)} if spec.auth else {}
    answers = persist(spec.patience, lambda: _ask(spec, auth), rng=rng or Random())  # noqa: S311 -- spreads tries
    taken = Reader(spec.fields, _pick, frequencies or {}).observe(answers.records)
    _refuse_a_changed_shape(taken, parsed(spec.url))
    digest = sha256("".join(answers.digests).encode()).hexdigest()
    return Delivery(source, shown(parsed(spec.url)), now, taken.observations, taken.unreadable, digest)


def _ask(spec: Spec, auth: Mapping[str, str]) -> Answers:
    home = parsed(spec.url)
    hosts = frozenset({place_of(home)}).union(*(host_entry(entry) for entry in spec.hosts))
    line = BoundedGet(
        home=home,
        allowed=AllowedHosts(hosts, spec.networks),
        headers=spec.headers,
        secret_headers=auth,
        max_bytes=spec.max_bytes,
        until=monotonic() + spec.patience.seconds,
        ca_file=spec.ca_file,
    )
    try:
        return within(spec.patience.seconds + 0.5, lambda: _all_pages(spec, line), line.close)
    except Overdue as late:
        raise SourceFailed(f"{shown(home)} 在 {spec.patience.seconds:g} 秒内没有答复完；请检查网络或对方系统") from late
    finally:
        line.close()


def _all_pages(spec: Spec, line: BoundedGet) -> Answers:
    answers = Answers(spec)
    url = spec.paging.first_url(parsed(spec.url).copy_merge_params(spec.params))
    for _ in range(spec.paging.max_pages):
        following = answers.add(line.get(url))
        if following is None:
            return answers
        url = following
    raise SourceFailed(f"{shown(url)} 翻了 {spec.paging.max_pages} 页仍未结束；请核对翻页设置", permanent=True)


def document_of(body: Body) -> Any:
    """The JSON of a body. NaN and Infinity come back as text, so that only the values they stand for are given up."""
    try:
        text = body.content.decode(body.charset or "utf-8-sig")
        return json.loads(text, parse_constant=str) if text.strip() else None
    except (UnicodeDecodeError, LookupError) as error:
        raise SourceFailed(f"{shown(body.url)} 的答复编码有误，应为 UTF-8；请联系对方核对") from error
    except (ValueError, RecursionError) as error:
        start = " ".join(text.split())[:60]
        what = "网页" if start[:1] == "<" else "无法解析的内容"
        raise SourceFailed(
            f"{shown(body.url)} 返回的不是 JSON 而是{what}（开头“{start}”）；请核对网址、登录状态或联系对方"
        ) from error


def _check_expected(spec: Spec, document: Any, url: URL) -> None:
    for path, wanted in spec.expect.items():
        try:
            given = json_path.one(document, path)
        except NoSuchField as absent:
            raise SourceFailed(f"{shown(url)} 的答复中{absent}") from absent
        if given != wanted:
            raise SourceFailed(f"{shown(url)} 报告失败：{path} 为“{str(given)[:60]}”，成功时应为“{wanted}”")


def _records(spec: Spec, document: Any, url: URL) -> list[Any]:
    if document is None:
        return []
    try:
        found = json_path.every(document, spec.records)
    except NoSuchField as absent:
        raise SourceFailed(f"{shown(url)} 的答复中{absent}", permanent=True) from absent
    return [] if found == [None] else found


def _pick(record: object, path: str) -> object:
    if not isinstance(record, dict):
        raise Unusable(f"应为一个对象，收到“{str(record)[:40]}”")
    return json_path.one(record, path)


def _refuse_a_changed_shape(taken: Read, url: URL) -> None:
    """When not one record has the fields the catalogue names, the interface has changed: that is one failure."""
    gone = [row for row in taken.unreadable if row.check == "field"]
    if gone and len(gone) == len(taken.unreadable) and not taken.observations:
        raise SourceFailed(f"{shown(url)} 的格式变了：{gone[0].message}", permanent=True)
