"""What a reader is given: a file's name for its complaints, and its decoded text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    path: str
    text: str
