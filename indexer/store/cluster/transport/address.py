"""The address of a library in a cluster: `https://host:9200/library`, with several nodes `https://a:9200,b:9200/library`.

It holds no user and no password: they come from the environment or a file (`credentials`), since a command line is
visible to every process of a machine.
"""

from __future__ import annotations

import ipaddress
import re

from indexer.core.errors import PodseekProblem
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.text.sanitize import tidy

_PORTS = {"https": 9200, "http": 9200}
_FORM = re.compile(r"(https?)://([^/?#\s]+)/([^/?#\s]*)/?")
_NODE = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?")
_LIBRARY = re.compile(r"[a-z0-9][a-z0-9_.]{0,59}")
"""A hyphen separates the name of a library from what is added to it (`names`), so it has none."""


class AddressProblem(PodseekProblem):
    """An address of a library in a cluster that cannot be used."""


class ClusterNode(NamedTuple):
    """A node of a cluster, as it is reached."""

    host: str
    port: int

    @property
    def is_here(self) -> bool:
        """True for this machine: what is sent there leaves it on no wire."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return False


class Address(NamedTuple):
    """The nodes of a cluster, and the library in it. `scheme` is https or http, for all nodes."""

    scheme: str
    nodes: tuple[ClusterNode, ...]
    library: str

    @property
    def shown(self) -> str:
        """The address as messages repeat it: of several nodes the first."""
        node = self.nodes[0]
        return f"{self.scheme}://{node.host}:{node.port}/{self.library}"


def parse_address(text: str) -> Address:
    """Parses an address. Raises AddressProblem, whose message repeats no user and no password."""
    if "@" in text:
        raise AddressProblem(
            _(
                "the address of a backend names no user: set PODSEEK_BACKEND_USER and PODSEEK_BACKEND_PASSWORD, or "
                "PODSEEK_BACKEND_CREDENTIALS to a file"
            )
        )
    if not text.strip():
        raise AddressProblem(
            _("the address of the backend is empty: one looks like https://search.example.org:9200/podcasts")
        )
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise AddressProblem(
            _("{text}: is not a valid backend address: one looks like https://search.example.org:9200/podcasts").format(
                text=tidy(text, 120)
            )
        )
    scheme, hosts, library = match.groups()
    nodes = tuple(_node(one, _PORTS[scheme], text) for one in hosts.split(","))
    return Address(scheme, nodes, checked_library(library))


def checked_library(name: str) -> str:
    """Returns the name of a library. Raises AddressProblem for one that can be no part of the name of an index."""
    if not _LIBRARY.fullmatch(name):
        raise AddressProblem(
            _(
                "{name}: is not a library name: take up to 60 small letters a to z, digits, _ and ., "
                "and begin with a letter or digit"
            ).format(name=tidy(name, 80) or "/")
        )
    return name


def _node(text: str, port: int, whole: str) -> ClusterNode:
    match = _NODE.fullmatch(text)
    number = int(match[2] or port) if match else 0
    if match is None or not 0 < number < 1 << 16:
        raise AddressProblem(
            _("{text}: {node} is not a node address: one looks like search.example.org:9200").format(
                text=tidy(whole, 120), node=tidy(text, 80) or "?"
            )
        )
    return ClusterNode(match[1].lower(), number)
