"""Makes a folder of about N cues to measure speed on: real transcripts while there are some, made ones after that.

    python bench/make_corpus.py TARGET --cues 100000
    python bench/make_corpus.py TARGET --cues 1000000 --from FOLDER ... [--seed 1]

Transcripts found below the folders of --from are copied whole, in the order of a shuffled deck, until N cues are there;
the last one is cut off. What is missing, and everything without --from, is made: passages of the given text (else of
the sample corpus) are strung together in episodes of 1,000 cues, and words in them are drawn anew, so that no episode
repeats another. A cue made of given text has the words of one cue of it, so that made cues are as long as the given
ones; the sample corpus has sentences, which are cut into cues of 5 to 20 characters. Grammar stays: common words and
single characters are kept. For the rest, a word is one said earlier in the episode, or one from all text so far (so
that the frequent stay frequent, by Zipf's law), or a new one (from jieba's dictionary, a name in Latin letters, or a
number), as often as Heaps' law has it. Of given transcripts as large a share is redrawn as had to be made; of the
sample corpus all.

Heaps' law, V = K n^b, words as jieba.cut has them, fitted over doublings of the running words n:
- 812,000 cues of livestreams (4.4 M words): b .66, and .58 from 64,000 words on; 39,000 words at 1 M, 84,000 at 4.1 M
- 88,000 cues of talks (0.46 M words): b .71, and .66; 34,000 words at 0.46 M
- made from the sample corpus, 1 M cues (7.5 M words): b .63, and .57; 51,000 words at 1 M, 110,000 at 4.1 M
The sample corpus is denser than talk (5,700 words in 19,000), so made text has few new words in its first 8,000 cues.

Fair: lengths, times, vocabulary growth and the repetition within an episode are those of talk. Unfair: words that are
drawn do not keep the company they keep in real text, so pairs of words are rarer together, and there are neither the
mishearings of a recogniser nor its loops. Conclusions about ranking need real transcripts.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from indexer.core.types import Cue
from indexer.readers import read_bytes

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
EPISODE = 1000
"""Cues of a made episode: about 40 minutes."""
LARGEST_SOURCE = 100_000
"""Cues of given transcripts that are recombined; cutting more into words takes long and adds little."""

HEAPS_K, HEAPS_B = 6.0, 0.62
"""New words in made text: the growth of real talk (see above)."""
COMMON = 1 / 1000
"""Words said more often than this belong to the grammar and are never redrawn."""
FROM_EPISODE = 0.3
"""The share of redrawn words that were said in the same episode before: what is talked about is named again."""
LATIN, NUMBERS = 0.03, 0.03
"""The shares of new words that are names in Latin letters, and numbers."""

SHORTEST_CUE, LONGEST_CUE = 5, 20
PASSAGE = (2, 8)
"""Cues of the source that stay together."""
SECONDS_A_CHARACTER = 0.22
SHORTEST, LONGEST = 1000, 5000
PAUSE, PAUSES = (300, 1600), 0.08
"""Milliseconds of a pause, and the share of cues that one follows."""

Words = tuple[str, ...]
Line = tuple[int, int, str]
"""Start and end in milliseconds, and the text of a cue."""


@dataclass(frozen=True, slots=True)
class Source:
    """Running text to recombine: the words of each cue; `share` of its uncommon words are drawn anew."""

    cues: tuple[Words, ...]
    share: float
    heaps_k: float
    before: int
    """Number of running words so far, in all of the text that the source is a sample of."""
    recut: bool
    """Whether its cues are too long for talk, and are cut anew."""


class Speech:
    """An endless speaker: words that go on as the source does, its vocabulary growing as talk's does."""

    def __init__(self, source: Source, chance: random.Random) -> None:
        self._source = source
        self._chance = chance
        self._said = [word for cue in source.cues for word in cue if is_content(word)]
        counts = Counter(word for cue in source.cues for word in cue)
        running = counts.total()
        self._kept = {word for word, count in counts.items() if count > running * COMMON or not is_content(word)}
        self._said = [word for word in self._said if word not in self._kept] or ["播客"]
        self._running = max(running, source.before)
        self._kinds = max(len(counts), heaps(source.heaps_k, source.before))
        self._new = new_words(counts.keys(), chance)

    def episode(self) -> Iterator[Words]:
        """Cues without end; what was said in the episode is likely to be said again."""
        topics: list[str] = []
        cues, chance = self._source.cues, self._chance
        while True:
            at = chance.randrange(len(cues))
            for cue in cues[at : at + chance.randint(*PASSAGE)]:
                yield tuple(self._drawn(word, topics) for word in cue)

    def _drawn(self, word: str, topics: list[str]) -> str:
        """The word itself, or another in its place."""
        self._running += 1
        drawn = self._chance.random
        if word in self._kept or drawn() >= self._source.share:
            return word
        if self._kinds < heaps(self._source.heaps_k, self._running):
            self._kinds += 1
            word = next(self._new)
        elif topics and drawn() < FROM_EPISODE:
            word = topics[int(drawn() * len(topics))]
        else:
            word = self._said[int(drawn() * len(self._said))]
        topics.append(word)
        self._said.append(word)
        return word


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=Path, help="a new folder")
    parser.add_argument("--cues", type=int, required=True)
    parser.add_argument("--from", dest="folders", type=Path, nargs="+", default=[], help="folders of .srt files")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.target.exists() and any(arguments.target.iterdir()):
        parser.error(f"{arguments.target}: is not empty: name a new folder")
    given, made = make_corpus(arguments.target, arguments.cues, arguments.folders, arguments.seed)
    print(f"{arguments.target}: {given:,} cues copied, {made:,} made")


def make_corpus(target: Path, cues: int, folders: Sequence[Path] = (), seed: int = 1) -> tuple[int, int]:
    """Fills the folder; returns how many cues were copied and how many made."""
    target.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    deck = sorted(path for folder in folders for path in folder.rglob("*.srt"))
    chance.shuffle(deck)
    given = files = 0
    for path in deck:
        found = read_cues(path)[: cues - given]
        if not found:
            continue
        given, files = given + len(found), files + 1
        if given < cues:
            shutil.copyfile(path, target / f"{files:05}.srt")
        else:
            lines = ((round(cue.start * 1000), round(cue.end * 1000), cue.text) for cue in found)
            (target / f"{files:05}.srt").write_text(subrip(lines), "utf-8")
            break
    if given < cues:
        sizes = (min(EPISODE, cues - first) for first in range(given, cues, EPISODE))
        for number, text in enumerate(made_text(source_of(deck, given, cues), chance, sizes), files + 1):
            (target / f"{number:05}.srt").write_text(text, "utf-8")
    return given, cues - given


def made_text(source: Source, chance: random.Random, sizes: Iterable[int]) -> Iterator[str]:
    """SubRip text of one made episode after the other, of so many cues each."""
    speech = Speech(source, chance)
    for size in sizes:
        spoken = speech.episode()
        texts = recut(spoken) if source.recut else map(joined, spoken)
        yield subrip(timed(islice(texts, size), chance))


def source_of(deck: Sequence[Path], given: int, wanted: int) -> Source:
    """The text to recombine: of the transcripts in the deck, else the sample corpus."""
    import jieba

    jieba.setLogLevel(60)
    texts: list[str] = []
    for path in deck or sorted(CORPUS.glob("*.srt")):
        texts.extend(cue.text for cue in read_cues(path))
        if len(texts) >= LARGEST_SOURCE:
            break
    cues = tuple(tuple(word for word in jieba.lcut(text) if word.strip()) for text in texts)
    if not any(cues):
        raise SystemExit("no cues in the given folders: nothing to make text from")
    if not deck:
        return Source(cues, 1.0, HEAPS_K, 0, recut=True)
    words = [word for cue in cues for word in cue]
    # Given transcripts go on growing from where they are, at the pace of talk.
    heaps_k, before = len(set(words)) / len(words) ** HEAPS_B, len(words) * given // len(cues)
    return Source(tuple(filter(None, cues)), (wanted - given) / wanted, heaps_k, before, recut=False)


def read_cues(path: Path) -> tuple[Cue, ...]:
    return read_bytes(str(path), path.read_bytes()).cues


def is_content(word: str) -> bool:
    return len(word) > 1 and word.isalnum()


def heaps(k: float, running: int) -> int:
    return int(k * running**HEAPS_B)


def new_words(known: Iterable[str], chance: random.Random) -> Iterator[str]:
    """Words that do not occur yet: those of the dictionary, frequent ones more likely first, and names and numbers."""
    taken = set(known)
    # Drawn without replacement, by weight (Efraimidis and Spirakis): the largest keys first.
    weighted = [
        (chance.random() ** (1 / frequency), word)
        for word, frequency in jieba_dictionary()
        if 2 <= len(word) <= 4 and word not in taken
    ]
    weighted.sort(reverse=True)
    for _, word in weighted:
        kind = chance.random()
        if kind < LATIN:
            yield latin_name(chance)
        elif kind < LATIN + NUMBERS:
            yield str(chance.randrange(10, 10_000))
        yield word
    while True:  # a corpus that has used up the dictionary
        yield latin_name(chance)


@cache
def jieba_dictionary() -> tuple[tuple[str, int], ...]:
    """Every word, and how often jieba's authors counted it."""
    import jieba

    with jieba.get_dict_file() as file:
        lines = (line.split(" ") for line in file.read().decode("utf-8").splitlines())
        return tuple((word, max(1, int(frequency))) for word, frequency, *_ in lines)


def latin_name(chance: random.Random) -> str:
    syllables = chance.randint(2, 4)
    name = "".join(chance.choice("bcdfghklmnprstvwz") + chance.choice("aeiou") for _ in range(syllables))
    return name.capitalize() if chance.random() < 0.7 else name.upper()[: syllables + 1]


def recut(spoken: Iterable[Words]) -> Iterator[str]:
    """Cues of 5 to 20 characters: what is too short goes on in the next, what is too long is cut between words."""
    text = ""
    for words in spoken:
        for word in words:
            apart = gap(text, word)
            if len(text) + len(apart) + len(word) > LONGEST_CUE and len(text) >= SHORTEST_CUE:
                yield text
                text = apart = ""
            text += apart + word[:LONGEST_CUE]
        if len(text) >= SHORTEST_CUE:
            yield text
            text = ""


def joined(words: Words) -> str:
    text = ""
    for word in words:
        text += gap(text, word) + word
    return text


def gap(text: str, word: str) -> str:
    """What is written between a text and the next word."""
    return " " if text[-1:].isascii() and text[-1:].isalnum() and word[0].isascii() else ""


def timed(texts: Iterable[str], chance: random.Random) -> Iterator[Line]:
    """Each cue as long as it takes to say, now and then a pause."""
    now = 0
    for text in texts:
        length = len(text) * SECONDS_A_CHARACTER * 1000 * chance.uniform(0.8, 1.2)
        end = now + int(min(max(length, SHORTEST), LONGEST))
        yield now, end, text
        now = end + (chance.randint(*PAUSE) if chance.random() < PAUSES else 0)


def subrip(lines: Iterable[Line]) -> str:
    blocks = (f"{n}\n{stamp(start)} --> {stamp(end)}\n{text}\n" for n, (start, end, text) in enumerate(lines, 1))
    return "\n".join(blocks)


def stamp(milliseconds: int) -> str:
    seconds, milliseconds = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{milliseconds:03}"


if __name__ == "__main__":
    main()
