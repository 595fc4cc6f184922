"""Who stands in front of us: proxies whose word on the visitor's address counts, a gateway whose word on the name does.

Both are believed only when the connection itself comes from a listed address. What a visitor writes into the same
headers is worth nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

ISSUER = "gateway"
"""The `issuer` of identities that a gateway vouches for."""
Network = IPv4Network | IPv6Network


class AddressRefused(ValueError):
    """Not an address or a network."""


def networks(written: Iterable[str]) -> tuple[Network, ...]:
    """Addresses and networks as written: '10.1.2.3', '10.1.0.0/16'. AddressRefused names the one that is none."""
    found = []
    for text in written:
        try:
            found.append(ip_network(text.strip(), strict=False))
        except ValueError:
            raise AddressRefused(text.strip()) from None
    return tuple(found)


@dataclass(frozen=True)
class Front:
    """What stands in front, by settings. `user_header` '' means that no gateway signs people in."""

    proxies: tuple[Network, ...] = ()
    gateways: tuple[Network, ...] = ()
    user_header: str = ""

    def visitor(self, peer: str, forwarded: str) -> str:
        """The address of the visitor: the last one in X-Forwarded-For that no listed proxy or gateway wrote."""
        trusted = (*self.proxies, *self.gateways)
        chain = [*(step.strip() for step in forwarded.split(",") if step.strip()), peer]
        while len(chain) > 1 and is_within(chain[-1], trusted):
            chain.pop()
        return _plain(chain[-1]) or peer

    def vouched(self, peer: str, named: str) -> str | None:
        """The name a gateway vouches for; None if none does. `peer` is who opened the connection, never a header."""
        named = named.strip()
        if not self.user_header or not named or len(named) > 200 or not is_within(peer, self.gateways):
            return None
        return named


def is_within(address: str, listed: Iterable[Network]) -> bool:
    """True if the address belongs to one of the networks."""
    plain = _plain(address)
    return bool(plain) and any(ip_address(plain) in network for network in listed)


def _plain(address: str) -> str:
    """The address in its usual form, IPv4 inside IPv6 as IPv4; '' if it is none."""
    try:
        known = ip_address(address)
    except ValueError:
        return ""
    return str(known.ipv4_mapped) if isinstance(known, IPv6Address) and known.ipv4_mapped else str(known)
