"""The input of a reader: the file's name, for complaints, and its decoded text."""

from __future__ import annotations

from dataclasses import dataclass

HEAD = 65_536
"""Characters that `recognises` inspects, and bytes read from a file in a folder for that."""


@dataclass(frozen=True, slots=True)
class Source:
    path: str
    text: str
