"""How far inside an address is: what a feed from the public network may not lead to."""

from __future__ import annotations

import ipaddress

PUBLIC, _NEAR, _HERE, _NOWHERE = range(4)
"""How far inside an address is: on the public network, on a private one, on this machine, for machines only."""


_TRANSLATED = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96", "::/96")))
"""Whose last 32 bits are an IPv4 address: NAT64 (RFC 6052 and 8215), SIIT (RFC 2765), IPv4-compatible (RFC 4291)."""
_LOCAL_USE = ipaddress.IPv6Network("64:ff9b:1::/48")


def inwardness(address: str) -> int:
    """How far inside an IP address is."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv4Address):
        return _inwardness(ip)
    if same := ip.ipv4_mapped or ip.sixtofour:  # Pythons differ about these, so only the IPv4 address counts
        return _inwardness(same)
    if any(ip in one for one in _TRANSLATED) and not (ip.is_loopback or ip.is_unspecified):  # about these as well
        inside = _inwardness(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        return max(_NEAR, inside) if ip in _LOCAL_USE else inside
    return max(map(_inwardness, (ip, *(ip.teredo or ()))))


def _inwardness(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> int:
    if ip.is_loopback:
        return _HERE
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified or (ip.is_reserved and not ip.is_global):
        return _NOWHERE
    return PUBLIC if ip.is_global else _NEAR


def inwardness_of_name(host: str) -> int:
    """How far inside a host is, by its name alone."""
    try:
        return inwardness(host)
    except ValueError:
        return _HERE if host == "localhost" or host.endswith(".localhost") else PUBLIC
