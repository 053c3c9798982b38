"""Joins words of transcripts with word-level times into cues of about sentence length."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from indexer.readers.shared.drafts import Draft

_LONGEST = 5.0
_PAUSE = 0.8
"""The longest cue, and the shortest pause between cues, in seconds."""
_WIDEST = 20.0
"""The widest cue in Chinese characters; two Latin letters count as one."""
_MOST_WORDS = 40

_WORD_SECONDS = 1.5
_WORD_CHARACTERS = 4
_SENTENCE_END = re.compile(r"[。！？!?…]$|[^\d\s]\.$")
_OPENING = frozenset("([{“‘$#@")
_WIDE = re.compile("[\u2e80-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")


def are_words(drafts: Sequence[Draft]) -> bool:
    """True if most drafts are single words: no inner space, few Chinese characters, short duration."""
    said = [draft for draft in drafts if draft.text.strip()]
    if len(said) < 3:
        return False
    words = sum(_is_word(draft.text.strip()) for draft in said)
    lasting = [draft.end - draft.start for draft in said if draft.start is not None and draft.end is not None]
    steps = [b.start - a.start for a, b in pairwise(said) if a.start is not None and b.start is not None]
    seconds = sorted(lasting or steps)
    return words >= 0.9 * len(said) and bool(seconds) and seconds[len(seconds) // 2] <= _WORD_SECONDS


def join_words(drafts: Sequence[Draft]) -> list[Draft]:
    """Joins words into cues. A new cue begins at a change of speaker, after a pause, and after a sentence."""
    return [_joined(words) for words in _groups(drafts)]


def spaced(words: Sequence[str]) -> str:
    """Concatenates words, with spaces only between Latin words, unless the words contain their own.

    >>> spaced(["我们", "use", "the", "GPU", ",", "好"]), spaced([" I", " do", "n't"])
    ('我们use the GPU,好', " I don't")
    """
    if any(word[:1].isspace() or before[-1:].isspace() for before, word in pairwise(words)):
        return "".join(words)
    words = [*filter(None, map(str.strip, words)), ""]
    return "".join(before + (" " if _parted(before, word) else "") for before, word in pairwise(words))


def _parted(before: str, after: str) -> bool:
    """True if a space separates the two words."""
    if not after or _WIDE.match(before[-1]) or _WIDE.match(after[0]):
        return False
    return (after[0].isalnum() or after[0] in _OPENING) and before[-1] not in _OPENING


def _is_word(text: str) -> bool:
    return len(text.split()) == 1 and len(_WIDE.findall(text)) <= _WORD_CHARACTERS


def _groups(drafts: Sequence[Draft]) -> Iterator[list[Draft]]:
    group: list[Draft] = []
    for draft in drafts:
        if group and _ends(group, draft):
            yield group
            group = []
        group.append(draft)
    if group:
        yield group


def _ends(group: Sequence[Draft], draft: Draft) -> bool:
    """True if the word cannot belong to the same cue as the group."""
    if draft.speaker != group[0].speaker or _SENTENCE_END.search(group[-1].text.rstrip()):
        return True
    if sum(map(_width, group)) + _width(draft) > _WIDEST or len(group) >= _MOST_WORDS:
        return True
    times = _times(group)
    if draft.start is None or not times:
        return False
    # A word that starts before the first belongs to another recording.
    return draft.start < times[0] or draft.start - max(times) > _PAUSE or max(_times([draft])) - times[0] > _LONGEST


def _width(draft: Draft) -> float:
    wide = len(_WIDE.findall(draft.text))
    return wide + (len(draft.text.strip()) - wide) / 2


def _times(words: Sequence[Draft]) -> list[float]:
    """All times of the words, the first start first."""
    return [time for word in words for time in (word.start, word.end) if time is not None]


def _joined(words: Sequence[Draft]) -> Draft:
    start = next((word.start for word in words if word.start is not None), None)
    end = max(_times(words)) if any(word.end is not None for word in words) else None
    timed = [(word.text, word.start) for word in words]
    first = words[0]
    text = spaced([word.text for word in words])
    return Draft(start, end, text, first.speaker, timed, first.line, first.number)
