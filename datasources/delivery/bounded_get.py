"""Fetching over HTTP from hosts that are allowed, never more bytes and never longer than agreed."""

from __future__ import annotations

import ssl
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from time import monotonic

import httpx

from datasources.delivery.allowed_hosts import AllowedHosts, joined, place_of, shown
from datasources.delivery.observation import SourceFailed

CONNECT_SECONDS = 5.0
REDIRECTS = 5
REFUSALS = {
    401: "接口要求登录或凭证无效；请检查凭证的环境变量",
    403: "接口拒绝访问；请向对方确认授权和来源地址",
    404: "接口地址不存在；请核对网址",
    410: "接口已下线；请向对方索取新地址",
}
"""Answers that will not change by asking again."""
MOVED = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Body:
    """What came back, already unpacked."""

    content: bytes
    charset: str
    asked: httpx.URL
    url: httpx.URL
    """Where it was after redirects."""


@dataclass
class BoundedGet:
    """One round of requests to one source. `secret_headers` go to the host of `home` only."""

    home: httpx.URL
    allowed: AllowedHosts
    headers: Mapping[str, str]
    secret_headers: Mapping[str, str] = field(repr=False)
    max_bytes: int
    until: float
    ca_file: str | None = None

    def __post_init__(self) -> None:
        self._left = self.max_bytes
        seconds = max(0.1, self.until - monotonic())
        self._client = httpx.Client(
            verify=ssl.create_default_context(cafile=self.ca_file),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)),
        )

    def close(self) -> None:
        """End all connections; a request under way on another thread fails soon."""
        self._client.close()

    def get(self, url: httpx.URL) -> Body:
        """The body behind `url`, redirects followed with every hop checked; SourceFailed says what went wrong."""
        place = url
        for _ in range(REDIRECTS + 1):
            answer = self._one(place)
            if isinstance(answer, tuple):
                return Body(*answer, asked=url, url=place)
            place = answer
        raise SourceFailed(f"{shown(self.home)} 转向超过 {REDIRECTS} 次；请核对网址", permanent=True)

    def _one(self, url: httpx.URL) -> tuple[bytes, str] | httpx.URL:
        try:
            with closing(self._opened(url)) as answer:
                if answer.status_code in MOVED:
                    return self._moved(url, answer.headers.get("location", ""))
                _check_status(url, answer)
                return b"".join(self._unpacked(url, answer)), answer.charset_encoding or ""
        except httpx.TimeoutException as error:
            raise SourceFailed(f"{shown(url)} 没有按时答复；请检查网络或对方系统") from error
        except httpx.InvalidURL as error:  # httpx looks at the target of a redirect before we may
            raise SourceFailed(f"{shown(url)} 指向无效的网址；请核对网址", permanent=True) from error
        except (httpx.HTTPError, httpx.StreamError, RuntimeError) as error:
            raise SourceFailed(
                f"{shown(url)} 连接失败或答复中断（{type(error).__name__}）；请检查网络或对方系统"
            ) from error

    def _opened(self, url: httpx.URL) -> httpx.Response:
        """An answer whose head has arrived, from the first of the host's checked addresses that takes a connection."""
        failed: httpx.ConnectError | None = None
        for address in self.allowed.addresses(url):
            try:
                return self._client.send(self._request(url, address), stream=True)
            except httpx.ConnectError as error:
                failed = error
        raise failed or httpx.ConnectError("no address")

    def _request(self, url: httpx.URL, address: str) -> httpx.Request:
        """A request to the pinned address that still names the host, to the server and to TLS."""
        headers = {"Host": url.netloc.decode("ascii"), "Accept": "application/json", "Accept-Encoding": "gzip"}
        at_home = place_of(url) == place_of(self.home)
        return self._client.build_request(
            "GET",
            url.copy_with(host=address.partition("%")[0]),
            headers={**headers, **self.headers, **(self.secret_headers if at_home else {})},
            extensions={"sni_hostname": url.host},
        )

    def _moved(self, url: httpx.URL, location: str) -> httpx.URL:
        target = joined(url, location)
        if url.scheme == "https" and target.scheme == "http":
            raise SourceFailed(f"{shown(url)} 转向不加密的地址 {shown(target)}，已拒绝", permanent=True)
        return target

    def _unpacked(self, url: httpx.URL, answer: httpx.Response) -> Iterator[bytes]:
        """The body piece by piece; stops with SourceFailed when it grows too large or comes too slowly."""
        packed = answer.headers.get("content-encoding", "identity").strip().lower()
        if packed not in {"identity", "gzip", "x-gzip", "deflate", ""}:
            raise SourceFailed(f"{shown(url)} 使用了不支持的压缩方式 {packed[:20]}", permanent=True)
        unpacker = None if packed in {"identity", ""} else zlib.decompressobj(47)
        for piece in answer.iter_raw():
            if monotonic() > self.until:
                raise SourceFailed(f"{shown(url)} 答复太慢，到时限仍未传完；请检查网络或对方系统")
            yield from self._bounded(url, piece, unpacker)
        if unpacker and not unpacker.eof:
            raise SourceFailed(f"{shown(url)} 的压缩数据不完整；请检查网络或对方系统")

    def _bounded(self, url: httpx.URL, piece: bytes, unpacker: zlib._Decompress | None) -> Iterator[bytes]:
        try:
            plain = unpacker.decompress(piece, self._left + 1) if unpacker else piece
        except zlib.error as error:
            raise SourceFailed(f"{shown(url)} 的压缩数据损坏；请检查网络或对方系统") from error
        self._left -= len(plain)
        if self._left < 0:
            raise SourceFailed(
                f"{shown(url)} 的答复超过 {self.max_bytes / 1e6:g} MB；请缩小查询范围或调高 max_bytes", permanent=True
            )
        yield plain


def _check_status(url: httpx.URL, answer: httpx.Response) -> None:
    if answer.status_code in REFUSALS:
        raise SourceFailed(f"{shown(url)} 返回 {answer.status_code}：{REFUSALS[answer.status_code]}", permanent=True)
    if not 200 <= answer.status_code < 300:
        raise SourceFailed(f"{shown(url)} 返回 {answer.status_code}；对方系统暂时有问题，稍后会再试")
