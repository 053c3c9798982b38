"""Formats times for display: `01:02:05`, `0:01:02.500`, `12.3 h`."""

from __future__ import annotations

from indexer.core.messages import _


def clock(seconds: float) -> str:
    """Seconds as hh:mm:ss, truncated.

    >>> clock(3725.9)
    '01:02:05'
    """
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def exact_clock(seconds: float) -> str:
    """Seconds as h:mm:ss.mmm, the form used in complaints.

    >>> exact_clock(62.5)
    '0:01:02.500'
    """
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}.{thousandths:03}"


def hours(seconds: float) -> str:
    """A duration in seconds as `12.3 h` or `45 min`."""
    if seconds >= 3600:
        return _("{n:.1f} h").format(n=seconds / 3600)
    return _("{n:.0f} min").format(n=seconds / 60)
