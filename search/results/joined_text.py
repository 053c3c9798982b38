"""Joins the text of consecutive cues as people write it: without a space between Chinese characters."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import overload

from indexer.core.positions.tokens import is_single

_BORDER = "\0"
"""Occurs in no text."""


class JoinedText(Sequence[str]):
    """The cues of an episode as one `text` on one line, joined by a space where their script has spaces between words.
    `begins` has the offset of each cue."""

    def __init__(self, cues: Iterable[str]) -> None:
        pieces = one_line(_BORDER.join(cues)).split(_BORDER)
        begins, ends = [], []
        end, last = 0, ""
        for at, piece in enumerate(pieces):
            if piece:
                if last and not (_is_close(last) or _is_close(piece[0])):
                    pieces[at] = " " + piece
                    end += 1
                last = piece[-1]
            begins.append(end)
            end += len(piece)
            ends.append(end)
        self.text = "".join(pieces)
        self.begins, self._ends = array("I", begins), array("I", ends)

    def __len__(self) -> int:
        return len(self.begins)

    @overload
    def __getitem__(self, cue: int) -> str: ...
    @overload
    def __getitem__(self, cue: slice) -> Sequence[str]: ...
    def __getitem__(self, cue: int | slice) -> str | Sequence[str]:
        if isinstance(cue, slice):
            return [self[one] for one in range(*cue.indices(len(self)))]
        return self.text[self.begins[cue] : self._ends[cue]]


def joined(cues: Iterable[str]) -> str:
    """Joins consecutive cues to one text.

    >>> joined(["语音", "识别"]), joined(["speech", "to text"]), joined(["用", "GPU"])
    ('语音识别', 'speech to text', '用GPU')
    """
    return JoinedText(cues).text


def one_line(text: str) -> str:
    """The text on one line, at the same length."""
    return text.replace("\r", " ").replace("\n", " ").replace("\t", " ")


@lru_cache(4096)
def _is_close(character: str) -> bool:
    """True for a character that needs no space beside it: Han, kana, their punctuation, or a space."""
    wide = "\u3000" <= character <= "\u303f" or "\uff00" <= character <= "\uffef"
    return is_single(character) or character.isspace() or (wide and not character.isalnum())
