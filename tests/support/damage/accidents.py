"""Strategies that damage valid text the way files get damaged in transit."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st


@st.composite
def broken_lines(draw: st.DrawFn, text: str, most: int, odd: Sequence[str] = ()) -> list[str]:
    """The lines of a text after up to `most` accidents; `odd` are strings that may be inserted into a line."""
    lines = text.split("\n")
    kinds = ["delete", "double", "swap", "join", "cut", *(["insert"] if odd else [])]
    for _ in range(draw(st.integers(0, most))):
        at, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        place = draw(st.integers(0, len(lines[at])))
        match draw(st.sampled_from(kinds)):
            case "delete" if len(lines) > 2:
                del lines[at]
            case "double":
                lines.insert(other, lines[at])
            case "swap":
                lines[at], lines[other] = lines[other], lines[at]
            case "join" if at + 1 < len(lines):
                lines[at : at + 2] = [lines[at] + lines[at + 1]]
            case "cut":
                lines[at] = lines[at][:place]
            case "insert":
                lines[at] = lines[at][:place] + draw(st.sampled_from(odd)) + lines[at][place:]
    return lines


@st.composite
def broken_bytes(draw: st.DrawFn, data: bytes, most: int) -> bytes:
    """The bytes with up to `most` of them changed."""
    broken = bytearray(data)
    for _ in range(draw(st.integers(0, most if data else 0))):
        broken[draw(st.integers(0, len(broken) - 1))] = draw(st.integers(0, 255))
    return bytes(broken)
