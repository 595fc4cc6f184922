"""How an interface hands out its pages: by page number, by offset, or by a link to the next one."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from httpx import URL
from pydantic import BaseModel, ConfigDict, Field

from datasources.delivery import json_path
from datasources.delivery.allowed_hosts import joined
from datasources.delivery.fields import NoSuchField


class _Paging(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    max_pages: int = Field(default=50, ge=1, le=1000, description="more pages than this are refused")


class ByNumber(_Paging):
    """`?page=1`, `?page=2` … until a page is empty, or shorter than `size`."""

    kind: Literal["page"]
    parameter: str = Field(default="page", description="query parameter with the page number")
    first: int = Field(default=1, ge=0, le=1, description="number of the first page")
    size_parameter: str | None = Field(default=None, description="query parameter with the page size")
    size: int | None = Field(default=None, ge=1, le=10_000, description="records on a full page")

    def first_url(self, url: URL) -> URL:
        """Where to begin."""
        return self._numbered(url, self.first)

    def next_url(self, url: URL, document: Any, records: int) -> URL | None:
        """Where to go on after a page with so many records; None after the last."""
        if records == 0 or (self.size is not None and records < self.size):
            return None
        return self._numbered(url, int(url.params[self.parameter]) + 1)

    def _numbered(self, url: URL, number: int) -> URL:
        if self.size_parameter and self.size:
            url = url.copy_set_param(self.size_parameter, self.size)
        return url.copy_set_param(self.parameter, number)


class ByOffset(_Paging):
    """`?offset=0&limit=100`, `?offset=100&limit=100` … until a page is shorter than the limit."""

    kind: Literal["offset"]
    parameter: str = Field(default="offset", description="query parameter with the offset")
    size_parameter: str = Field(default="limit", description="query parameter with the page size")
    size: int = Field(default=100, ge=1, le=10_000, description="records on a full page")

    def first_url(self, url: URL) -> URL:
        """Where to begin."""
        return url.copy_set_param(self.size_parameter, self.size).copy_set_param(self.parameter, 0)

    def next_url(self, url: URL, document: Any, records: int) -> URL | None:
        """Where to go on after a page with so many records; None after the last."""
        if records < self.size:
            return None
        return url.copy_set_param(self.parameter, int(url.params[self.parameter]) + self.size)


class ByLink(_Paging):
    """The answer holds the address of the next page; none, null or '' ends."""

    kind: Literal["next"]
    path: str = Field(default="next", description="path to the address of the next page")

    def first_url(self, url: URL) -> URL:
        """Where to begin."""
        return url

    def next_url(self, url: URL, document: Any, records: int) -> URL | None:
        """Where the answer points to; relative addresses are taken from where it was."""
        try:
            link = json_path.one(document, self.path)
        except NoSuchField:
            return None
        return joined(url, str(link)) if link else None


class OnePage(_Paging):
    """Everything comes in one answer."""

    kind: Literal["one"] = "one"

    def first_url(self, url: URL) -> URL:
        """Where to begin."""
        return url

    def next_url(self, url: URL, document: Any, records: int) -> URL | None:
        """There is no next page."""
        return None


Paging = Annotated[ByNumber | ByOffset | ByLink | OnePage, Field(discriminator="kind")]
