"""Which addresses a source may be asked at: listed hosts, each name resolved once and its address checked and kept."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from httpx import URL, InvalidURL

from datasources.delivery.observation import SourceFailed

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
PORTS = {"http": 80, "https": 443}
_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass
class AllowedHosts:
    """`hosts`: names with or without port. `networks`: private networks that may be entered all the same."""

    hosts: frozenset[tuple[str, int]]
    networks: tuple[Network, ...]
    _pinned: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)

    def addresses(self, url: URL) -> tuple[str, ...]:
        """The checked addresses of the URL's host, resolved once; SourceFailed if it may not be asked."""
        place = place_of(url)
        if place not in self.hosts:
            raise SourceFailed(
                f"拒绝访问 {shown(url)}：{place[0]}:{place[1]} 不在来源设置的 hosts 之中", permanent=True
            )
        if place not in self._pinned:
            self._pinned[place] = self._resolved(*place)
        return self._pinned[place]

    def _resolved(self, host: str, port: int) -> tuple[str, ...]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise SourceFailed(f"找不到主机 {host}；请检查地址和域名解析") from error
        addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
        for address in addresses:
            if not self._may_enter(ip_address(address.partition("%")[0])):
                raise SourceFailed(
                    f"拒绝访问 {host}：它的地址 {address} 属于内部或保留网段；"
                    "确需访问的，请在来源设置的 networks 中列出该网段",
                    permanent=True,
                )
        return addresses

    def _may_enter(self, address: Address) -> bool:
        """Public, or in a listed network; an IPv4 address wrapped in IPv6 is judged as what it is."""
        inner = _unwrapped(address)
        if any(inner.version == network.version and inner in network for network in self.networks):
            return True
        return inner.is_global and not inner.is_multicast


def place_of(url: URL) -> tuple[str, int]:
    """Host and port that a URL leads to; SourceFailed for anything but http and https, and for names with passwords."""
    if url.scheme not in PORTS or not url.host or url.userinfo:
        raise SourceFailed(f"拒绝访问 {shown(url)}：只能是不带用户名的 http 或 https 地址", permanent=True)
    return url.host.lower().rstrip("."), url.port or PORTS[url.scheme]


def parsed(text: str) -> URL:
    """The URL of a text; SourceFailed if it is none."""
    try:
        return URL(text)
    except (InvalidURL, ValueError) as error:
        raise SourceFailed(f"“{text[:100]}”不是有效的网址", permanent=True) from error


def joined(base: URL, reference: str) -> URL:
    """Where a redirect or a link on `base` leads to; SourceFailed if nowhere."""
    try:
        return URL(str(base.join(reference)))
    except (InvalidURL, ValueError) as error:
        raise SourceFailed(f"{shown(base)} 指向无效的网址“{reference[:100]}”", permanent=True) from error


def host_entry(text: str) -> frozenset[tuple[str, int]]:
    """What one entry of `hosts` allows: a name both usual ports, a name with port only that."""
    url = parsed(f"http://{text}")
    if url.port or text.endswith(":80"):
        return frozenset({place_of(url)})
    return frozenset((place_of(url)[0], port) for port in PORTS.values())


def shown(url: URL) -> str:
    """A URL for messages: without user and query, where secrets live."""
    return f"{url.scheme}://{url.host}{f':{url.port}' if url.port else ''}{url.path}"[:200]


def _unwrapped(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None) or address
