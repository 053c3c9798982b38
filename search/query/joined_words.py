"""Joins typed words that belong together: the two parts of a known name, and pinyin in any spacing.

Where pinyin has its spaces says little: Chinese names are written with one (Cai Yingwen), other text with none or with
one after each syllable. So adjacent words of syllables are one text if all of them are said in a row somewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice, product
from typing import TYPE_CHECKING

from indexer.core import native
from search.query.syntax import Mode, Word

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

_LONGEST_SYLLABLE, _LONGEST_NAME = 6, 24
"""Letters of a syllable, and of a word of several."""
_MOST_JOINED, _MOST_SYLLABLES, _MOST_WAYS = 6, 8, 4
"""Words and syllables of a text, and the ways to read it that are tried."""
_TOGETHER = 0.1
"""The share of the places of the rarest of several words at which they are said in a row: with less, each word has a
meaning of its own (beijing shanghai)."""


def joined_words(words: Sequence[Word], snapshot: Snapshot) -> list[Word]:
    """The words, those that belong together joined by a space."""
    joined: list[Word] = []
    at, may_go_on = 0, False
    while at < len(words):
        if length := _said_in_a_row(words[at : at + _MOST_JOINED], snapshot):
            joined.append(Word(" ".join(word.text for word in words[at : at + length])))
            at, may_go_on = at + length, False
            continue
        if may_go_on and _belong_together(joined[-1], words[at], snapshot):
            joined[-1] = Word(f"{joined[-1].text} {words[at].text}")
        else:
            joined.append(words[at])
        at, may_go_on = at + 1, True
    return joined


def _is_plain(word: Word) -> bool:
    return not word.is_open and word.mode is Mode.DEFAULT


def _belong_together(before: Word, word: Word, snapshot: Snapshot) -> bool:
    """True for the parts of a known name (deep seek), and for syllables that are said nowhere."""
    if not (_is_plain(before) and _is_plain(word)):
        return False
    spelled = [*before.text.lower().split(), word.text.lower()]
    if len(spelled) == 2 and all(map(str.isalpha, spelled)) and snapshot.word_count("".join(spelled)):
        return True
    if not all(name.isascii() and name.isalpha() and len(name) <= _LONGEST_SYLLABLE for name in spelled):
        return False
    unknown = not all(map(snapshot.word_count, spelled))
    return unknown and all(name in snapshot.readings.syllables for name in spelled)


def _said_in_a_row(words: Sequence[Word], snapshot: Snapshot) -> int:
    """The number of the first words, two or more, that are one text in pinyin; 0 if there are none. Two syllables of
    more are said somewhere by chance."""
    names: list[str] = []
    for word in words:
        name = word.text.lower()
        if not (_is_plain(word) and name.isascii() and name.isalpha() and len(name) <= _LONGEST_NAME):
            break
        names.append(name)
    if len(names) < 2:
        return 0
    from search.query.pinyin import pinyin_syllables  # late: few queries need it

    ways = [pinyin_syllables(name, snapshot.readings.syllables) for name in names]
    ways = ways[: next((at for at, several in enumerate(ways) if not several), len(ways))]
    for length in range(len(ways), 1, -1):
        unknown = not all(map(snapshot.word_count, names[:length]))
        is_chance = length < len(ways) and sum(len(several[0]) for several in ways[:length]) == 2
        if unknown and not is_chance and _is_one_text(ways[:length], snapshot):
            return length
    return 0


def _is_one_text(ways: Sequence[Sequence[tuple[str, ...]]], snapshot: Snapshot) -> bool:
    """True if words that can be read in these ways are said in a row, and not each for itself. A syllable alone means
    nothing."""
    together = _places(ways, snapshot)
    if not together or any(len(several[0]) == 1 for several in ways):
        return together > 0
    return together >= _TOGETHER * min(_places([several], snapshot) for several in ways)


def _places(ways: Sequence[Sequence[tuple[str, ...]]], snapshot: Snapshot) -> int:
    """The number of places at which the words are said in a row, in one way to read them."""
    read = (tuple(chain(*way)) for way in islice(product(*ways), _MOST_WAYS))
    return sum(_times_said(syllables, snapshot) for syllables in read if len(syllables) <= _MOST_SYLLABLES)


def _times_said(syllables: tuple[str, ...], snapshot: Snapshot) -> int:
    """The number of places at which these syllables are said in a row, in any tones."""
    classes, count = snapshot.readings.classes, 0
    judged: dict[bytes, bool] = {}
    for episode, positions in snapshot.sounding([(classes[syllable],) for syllable in syllables]):
        stream = snapshot.stream(episode)
        for said, places in native.by_text(*stream.packed_units, positions, len(syllables)).items():
            if said not in judged:
                read = snapshot.readings.read(stream.text(said))
                judged[said] = all(sound and sound[0] == own for sound, own in zip(read, syllables, strict=True))
            count += len(places) * judged[said]
    return count
