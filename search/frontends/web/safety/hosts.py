"""Checks the Host header exactly, name and port: a page of a stranger whose name was made to point to this machine
(DNS rebinding) sends its own name."""

from __future__ import annotations

import platform
import re
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from search.frontends.web.settings import LOOPBACK, Settings

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::(?P<port>[0-9]{1,5}))?")

HostCheck = Callable[[str], bool]


def parse_host(value: str) -> tuple[str, int | None] | None:
    """The name in lower case, without the brackets of IPv6, and the port, if there is one; None for no Host at all.

    >>> parse_host("[::1]:8765"), parse_host("LocalHost"), parse_host("a@b")
    (('::1', 8765), ('localhost', None), None)
    """
    match = _HOST.fullmatch(value)
    if match is None:
        return None
    name = match["name"].lower()
    if name.startswith("["):
        try:
            name = str(IPv6Address(name[1:-1]))
        except ValueError:
            return None
    return name, int(match["port"]) if match["port"] else None


def host_check(settings: Settings) -> HostCheck:
    """Returns the test of a Host header: the names of this machine with the port listened on, and the public name.

    Beside loopback, any IP address is accepted (rebinding needs a name), and the name of this machine.
    """
    names = {*LOOPBACK, settings.host.lower().strip("[]")}
    if not settings.is_local and platform.node():
        names |= {platform.node().lower(), f"{platform.node().lower().partition('.')[0]}.local"}
    public = settings.public.host if settings.public else None

    def is_ours(value: str) -> bool:
        if public is not None and value.lower() == public:
            return True
        parsed = parse_host(value)
        if parsed is None:
            return False
        name, port = parsed
        if (port or 80) != settings.port:
            return False
        return name in names or (not settings.is_local and _is_address(name))

    return is_ours


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
