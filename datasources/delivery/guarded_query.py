"""One read-only query against somebody else's database, its answer bounded in rows and time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, CursorResult, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from datasources.delivery.database_guards import GUARDS, Guard, OtherGuard
from datasources.delivery.observation import SourceFailed

BATCH = 1000


@dataclass(frozen=True)
class Rows:
    """The answer: column names in order, and one mapping per row."""

    columns: tuple[str, ...]
    records: list[dict[str, Any]]


@dataclass(frozen=True)
class Question:
    """What is asked of whom. `url` may hold a password and is never shown."""

    url: str = field(repr=False)
    query: str
    parameters: Mapping[str, str | int | float]
    max_rows: int
    seconds: float
    read_only_account: bool


class Conversation:
    """One connection for one question; `give_up` may be called from another thread."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._guard = _guard(question)

    def run(self) -> Rows:
        """Ask and read the whole answer. Whatever happened on the connection is rolled back."""
        try:
            with self._guard.engine.connect() as connection:
                self._guard.restrict(connection)
                return self._answer(connection)
        except DBAPIError as error:
            raise self._guard.explain(error) from error
        except SQLAlchemyError as error:
            raise SourceFailed(f"查询无法执行：{' '.join(str(error).split())[:300]}", permanent=True) from error
        finally:
            self._guard.engine.dispose()

    def give_up(self) -> None:
        """Make `run` return soon."""
        self._guard.give_up()

    def _answer(self, connection: Connection) -> Rows:
        options = connection.execution_options(yield_per=BATCH)  # a cursor on the server, where there are such
        result = options.execute(text(self._question.query), dict(self._question.parameters))
        columns = _columns(result)
        records: list[dict[str, Any]] = []
        for batch in result.mappings().partitions(BATCH):
            records.extend(dict(row) for row in batch)
            if len(records) > self._question.max_rows:
                raise SourceFailed(
                    f"查询结果超过 {self._question.max_rows} 行；请在查询中加上时间等条件，或调高 max_rows",
                    permanent=True,
                )
        return Rows(columns, records)


def _columns(result: CursorResult[Any]) -> tuple[str, ...]:
    if not result.returns_rows:
        raise SourceFailed("查询没有返回数据表；请改为一条 SELECT 语句", permanent=True)
    columns = tuple(result.keys())
    twice = [name for name, times in Counter(columns).items() if times > 1]
    if twice:
        raise SourceFailed(f"查询结果中有重名的列：{'、'.join(twice)}；请用 AS 改名", permanent=True)
    return columns


def _guard(question: Question) -> Guard:
    try:
        url = make_url(question.url)
        kind = url.get_backend_name()
        if kind not in GUARDS and not question.read_only_account:
            raise SourceFailed(
                f"本产品不能替 {kind} 数据库设置只读；请使用只读账号，并在来源设置中写明 read_only_account: true",
                permanent=True,
            )
        return GUARDS.get(kind, OtherGuard)(url, question.seconds)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise SourceFailed(
            "数据库地址不能使用：写法不对或没有安装驱动；应如 postgresql+psycopg://用户:口令@主机/库", permanent=True
        ) from error
