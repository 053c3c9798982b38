"""What names a library in a cluster: its address, and the variable for it."""

from __future__ import annotations

BACKEND = "PODSEEK_BACKEND"
"""The variable that names a library in a cluster."""


def is_address(place: str) -> bool:
    """True for the address of a library in a cluster, valid or not; False for a folder."""
    return place.startswith(("https://", "http://"))
