"""What a reader is given: a file's name for its complaints, and its decoded text."""

from __future__ import annotations

from dataclasses import dataclass

HEAD = 65_536
"""Characters by which a text is recognised, and bytes that are read for that of a file in a folder."""


@dataclass(frozen=True, slots=True)
class Source:
    path: str
    text: str
