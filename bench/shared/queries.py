"""Draws the queries of the speed bench from the text that is searched, the same for every peer and every time.

Words are jieba's, of two characters or more, classified as rare, common and very common by collection frequency; words
of one query occur in one cue, drawn uniformly from the running text. For large folders, queries are drawn from a sample
of 100,000 cues in evenly spaced files.
"""

from __future__ import annotations

import csv
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from peers import KINDS, Query
from peers.cutting import cues, quiet_jieba, transcripts

SAMPLE = 100_000
"""Cues."""
RARE = (1, 5)
"""Occurrences in 100,000 cues."""
COMMON = (1 / 2000, 1 / 500)
"""Occurrences a cue: around one in a thousand."""
VERY_COMMON = 30
"""This many of the most frequent words."""
COMMON_CHARACTERS = 500
PHRASE = (4, 6)
"""Characters."""
OPERATORS = {"AND", "OR", "NOT", "NEAR"}


@dataclass(frozen=True, slots=True)
class Text:
    """A sample of what is searched: cues as texts and as words, and how often each word is said."""

    texts: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    counts: Counter[str]


def draw(folder: Path, amount: int, seed: int = 1) -> dict[str, list[Query]]:
    """`amount` queries of each kind."""
    text = read_sample(folder)
    return {kind: list(queries_of(kind, text, amount, random.Random(f"{seed} {kind}"))) for kind in KINDS}


def questions() -> list[str]:
    """The questions of bench/questions.tsv, whose answers are in recordings that anyone can have."""
    with (Path(__file__).resolve().parents[1] / "questions.tsv").open(encoding="utf-8") as file:
        return [line["text"] for line in csv.DictReader(file, delimiter="\t") if line["kind"] == "question"]


def read_sample(folder: Path) -> Text:
    import jieba

    quiet_jieba()
    paths = transcripts(folder)
    texts: list[str] = []
    step = max(1, len(paths) * len(cues(paths[0])) // SAMPLE)
    for path in paths[::step]:
        texts.extend(cue.text for cue in cues(path))
    words = tuple(tuple(word for word in jieba.cut(text) if is_word(word)) for text in texts)
    return Text(tuple(texts), words, Counter(word for cue in words for word in cue))


def is_word(word: str) -> bool:
    return len(word) > 1 and word.isalnum() and word not in OPERATORS


def queries_of(kind: str, text: Text, amount: int, chance: random.Random) -> Iterator[Query]:
    """Queries of one kind: at most `amount`, without end only where the text has none to draw."""
    if kind.endswith("word"):
        pool = frequency_class(kind, text)
        yield from (Query(kind, (word,)) for word in chance.sample(pool, min(amount, len(pool))))
        return
    drawer = DRAWERS[kind](text, chance)
    for _ in range(amount * 1000):
        if amount == 0:
            return
        at = chance.randrange(len(text.texts))
        words = drawer(at)
        if words:
            amount -= 1
            yield Query(kind, words)


def frequency_class(kind: str, text: Text) -> list[str]:
    size = len(text.texts)
    if kind == "very common word":
        return [word for word, _ in sorted(text.counts.items(), key=lambda item: (-item[1], item[0]))[:VERY_COMMON]]
    least, most = (part * size / 100_000 for part in RARE) if kind == "rare word" else (part * size for part in COMMON)
    return sorted(word for word, count in text.counts.items() if least <= count <= max(1, most))


Drawer = Callable[[int], tuple[str, ...] | None]
"""The words of a query from the cue of this number, None when it has none of the kind."""


def together(amount: int) -> Callable[[Text, random.Random], Drawer]:
    """Different words of one cue, in the order they are said."""

    def drawer(text: Text, chance: random.Random) -> Drawer:
        def drawn(at: int) -> tuple[str, ...] | None:
            words = list(dict.fromkeys(text.words[at]))
            if len(words) < amount:
                return None
            return tuple(words[i] for i in sorted(chance.sample(range(len(words)), amount)))

        return drawn

    return drawer


def phrase(text: Text, chance: random.Random) -> Drawer:
    """A run of characters each of which is common, so that no rare one gives the place away."""
    counts = Counter(character for cue in text.texts for character in cue if "一" <= character <= "鿿")
    common = {character for character, _ in counts.most_common(COMMON_CHARACTERS)}

    def drawn(at: int) -> tuple[str, ...] | None:
        size = chance.randint(*PHRASE)
        cue = text.texts[at]
        starts = [i for i in range(len(cue) - size + 1) if common.issuperset(cue[i : i + size])]
        if not starts:
            return None
        start = chance.choice(starts)
        return (cue[start : start + size],)

    return drawn


def prefix(text: Text, chance: random.Random) -> Drawer:
    """The first two characters of a longer word."""

    def drawn(at: int) -> tuple[str, ...] | None:
        longer = [word for word in text.words[at] if len(word) > 2 and not word.isascii()]
        return (chance.choice(longer)[:2],) if longer else None

    return drawn


def homophone(text: Text, chance: random.Random) -> Drawer:
    """Two words of one cue, a character of one replaced by another of the same syllable: written as it was misheard."""
    from pypinyin import lazy_pinyin

    alike: defaultdict[str, list[str]] = defaultdict(list)
    for character in sorted({character for word in text.counts for character in word}):
        if "一" <= character <= "鿿":
            alike[lazy_pinyin(character)[0]].append(character)

    def misheard(word: str) -> str | None:
        at = chance.randrange(len(word))
        others = [word[:at] + other + word[at + 1 :] for other in alike[lazy_pinyin(word)[at]] if other != word[at]]
        unwritten = [other for other in others if other not in text.counts]
        return chance.choice(unwritten) if unwritten else None

    def drawn(at: int) -> tuple[str, ...] | None:
        words = list(dict.fromkeys(word for word in text.words[at] if all("一" <= c <= "鿿" for c in word)))
        if len(words) < 2:
            return None
        one, other = chance.sample(words, 2)
        wrong = misheard(max(one, other, key=len))
        return (wrong, min(other, one, key=len)) if wrong else None

    return drawn


DRAWERS: dict[str, Callable[[Text, random.Random], Drawer]] = {
    "two words": together(2),
    "three words": together(3),
    "four words": together(4),
    "phrase": phrase,
    "prefix": prefix,
    "NEAR": together(2),
    "homophone": homophone,
}
