"""Figures fetched from a department's database by one read-only query.

The query stands in the catalogue and is treated as code by whoever may edit it; that it only reads is enforced by the
database, not by looking at its text. SQLite: the file is opened read-only, with an authorizer that allows nothing but
reading. PostgreSQL: a cursor (one SELECT, nothing that writes) in a read-only transaction with time limits, and
accounts with server powers are refused. Other databases: the account must be read-only, and the catalogue must say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from random import Random

from pydantic import BaseModel, ConfigDict, Field

from datasources.delivery.deadline import Overdue, within
from datasources.delivery.fields import Fields, NoSuchField
from datasources.delivery.guarded_query import Conversation, Question, Rows
from datasources.delivery.observation import Delivery, SourceFailed
from datasources.delivery.period import Frequency
from datasources.delivery.records import Reader
from datasources.delivery.retry import Patience, persist
from datasources.delivery.secrets import SecretName, secret


class Spec(BaseModel):
    """Options of `kind: sql`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url_env: SecretName = Field(description="NAME of the environment variable with the SQLAlchemy address")
    query: str = Field(min_length=6, max_length=20_000, description="one SELECT; `:name` stands for a parameter")
    parameters: dict[str, str | int | float] = Field(default_factory=dict, description="values of the parameters")
    fields: Fields = Field(description="which column holds what")
    max_rows: int = Field(default=100_000, ge=1, le=1_000_000, description="more rows than this are refused")
    patience: Patience = Patience(seconds=15, tries=2)
    read_only_account: bool = Field(
        default=False, description="databases other than SQLite and PostgreSQL: the account cannot write, we checked"
    )


def read(
    spec: Spec,
    *,
    source: str,
    now: datetime,
    frequencies: Mapping[str, Frequency] | None = None,
    rng: Random | None = None,
) -> Delivery:
    """The rows of the query as observations; SourceFailed if the database refuses, is away or answers too late."""
    question = Question(
        url=secret(spec.url_env),
        query=spec.query,
        parameters=spec.parameters,
        max_rows=spec.max_rows,
        seconds=spec.patience.seconds,
        read_only_account=spec.read_only_account,
    )
    rows = persist(spec.patience, lambda: _ask(question), rng=rng or Random())  # noqa: S311 -- spreads tries, no secret
    _check_columns(rows, spec.fields)
    taken = Reader(spec.fields, _pick, frequencies or {}).observe(rows.records)
    digest = sha256(repr((rows.columns, rows.records)).encode()).hexdigest()
    return Delivery(source, f"sql:{spec.url_env}", now, taken.observations, taken.unreadable, digest)


def _ask(question: Question) -> Rows:
    """Our own deadline is half a second behind the database's: a frozen server keeps no promise."""
    conversation = Conversation(question)
    try:
        return within(question.seconds + 0.5, conversation.run, conversation.give_up)
    except Overdue as late:
        raise SourceFailed(f"数据库在 {question.seconds:g} 秒内没有答复；请检查网络、数据库负载或简化查询") from late


def _check_columns(rows: Rows, fields: Fields) -> None:
    for name in fields.structural:
        if name not in rows.columns:
            raise SourceFailed(f"查询结果中{NoSuchField(name, rows.columns)}", permanent=True)


def _pick(record: Mapping[str, object], name: str) -> object:
    if name not in record:
        raise NoSuchField(name, record)
    return record[name]
