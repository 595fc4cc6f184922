"""A page server as the live program sees it: short questions over HTTP on this machine or the server network."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

TIMEOUT = 3.5
"""Seconds: a page server answers within three whatever happens to its database."""
LARGEST = 5_000_000
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class UpstreamDown(Exception):
    """No page server answers."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and bytes of one answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Upstream:
    """Page servers at one address, such as http://127.0.0.1:8050."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme != "http" or not address.hostname:
            raise ValueError(f"{url}: page servers are reached by plain http behind the same gate")
        self._host, self._port = address.hostname, address.port or 80

    def get(self, path: str, headers: Mapping[str, str] = NO_HEADERS) -> Answer:
        """The answer to GET `path`, whatever its status below 500; UpstreamDown otherwise. `headers`: who asks."""
        connection = http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT)
        try:
            connection.request("GET", path, headers={"Accept": "application/json", **headers})
            response = connection.getresponse()
            body = response.read(LARGEST)
        except (OSError, http.client.HTTPException) as trouble:
            raise UpstreamDown(str(trouble)) from trouble
        finally:
            connection.close()
        if response.status >= 500:
            raise UpstreamDown(f"{path}: {response.status}")
        return Answer(response.status, {name: value for name, value in response.getheaders() if name in _KEPT}, body)


_KEPT = frozenset({"Content-Type", "Cache-Control", "ETag", "X-Frame-At", "X-Degraded", "X-Topics", "X-Now", "X-Again"})
