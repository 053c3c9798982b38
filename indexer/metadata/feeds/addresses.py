"""Classifies addresses by how internal they are: a public feed must not make podseek fetch from internal ones."""

from __future__ import annotations

import ipaddress

PUBLIC, _NEAR, _HERE, _NOWHERE = range(4)
"""Levels of inwardness: public, private network, this machine (loopback), link-local or otherwise special."""


_TRANSLATED = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96", "::/96")))
"""Networks whose addresses embed an IPv4 address in their last 32 bits: NAT64 (RFC 6052 and 8215), SIIT (RFC 2765),
IPv4-compatible (RFC 4291)."""
_LOCAL_USE = ipaddress.IPv6Network("64:ff9b:1::/48")


def address_level(address: str) -> int:
    """Returns the level of an IP address, judged by the IPv4 address it embeds, if any. Raises ValueError if `address`
    is not an IP address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv4Address):
        return _level(ip)
    if same := ip.ipv4_mapped or ip.sixtofour:  # Python versions classify these differently; use the IPv4 address
        return _level(same)
    if any(ip in one for one in _TRANSLATED) and not (ip.is_loopback or ip.is_unspecified):  # and these
        inside = _level(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        return max(_NEAR, inside) if ip in _LOCAL_USE else inside
    return max(map(_level, (ip, *(ip.teredo or ()))))


def _level(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> int:
    if ip.is_loopback:
        return _HERE
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified or (ip.is_reserved and not ip.is_global):
        return _NOWHERE
    return PUBLIC if ip.is_global else _NEAR


def host_level(host: str) -> int:
    """Returns the level of a host, judged by its name alone, without a lookup."""
    try:
        return address_level(host)
    except ValueError:
        return _HERE if host == "localhost" or host.endswith(".localhost") else PUBLIC
