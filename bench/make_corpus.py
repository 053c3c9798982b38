"""Makes a folder of about N cues to measure speed on: real transcripts while there are some, made ones after that.

    python bench/make_corpus.py TARGET --cues 100000
    python bench/make_corpus.py TARGET --cues 1000000 --from FOLDER ... [--seed 1]
    python bench/make_corpus.py TARGET --tenth-of FOLDER        a tenth of the files of a corpus that was made

Transcripts found below the folders of --from are copied whole, in the order of a shuffled deck, until N cues are there;
the last one is cut off. What is missing, and everything without --from, is made: passages of the given text (else of
the sample corpus) are strung together in episodes of 1,000 cues, and words in them are drawn anew, so that no episode
repeats another. A cue made of given text has the words of one cue of it, so that made cues are as long as the given
ones; the sample corpus has sentences, which are cut into cues of 5 to 20 characters. Grammar stays: common words and
single characters are kept. For the rest, a word is one said earlier in the episode, or one from all text so far (so
that the frequent stay frequent, by Zipf's law), or a new one (from jieba's dictionary, a name in Latin letters, or a
number), as often as Heaps' law has it. Of given transcripts as large a share is redrawn as had to be made; of the
sample corpus all.

Text that is made takes longer to cut into words than text that is spoken, in which short sentences recur. So a corpus
of a million cues, most of them given, is not of the same kind as one of ten million, most of them made: to compare what
a cue takes, --tenth-of links every tenth file, whose shares of given and made cues are those of all.

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
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from shared.made_speech import HEAPS_B, HEAPS_K, Source, Speech, Words

from indexer.core.types import Cue
from indexer.readers import read_bytes

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
EPISODE = 1000
"""Cues of a made episode: about 40 minutes."""
LARGEST_SOURCE = 100_000
"""Cues of given transcripts that are recombined; cutting more into words takes long and adds little."""

SHORTEST_CUE, LONGEST_CUE = 5, 20
SECONDS_A_CHARACTER = 0.22
SHORTEST, LONGEST = 1000, 5000
PAUSE, PAUSES = (300, 1600), 0.08
"""Milliseconds of a pause, and the share of cues that one follows."""

Line = tuple[int, int, str]
"""Start and end in milliseconds, and the text of a cue."""


def main() -> None:
    arguments = parsed()
    if arguments.tenth_of:
        print(f"{arguments.target}: {link_tenth(arguments.target, arguments.tenth_of):,} files")
        return
    given, made = make_corpus(arguments.target, arguments.cues, arguments.folders, arguments.seed)
    print(f"{arguments.target}: {given:,} cues copied, {made:,} made")


def parsed(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments. Raises SystemExit for a folder without transcripts, and for options that have no effect."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=Path, help="a new folder")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--cues", type=int, help="how many, at least 1")
    what.add_argument("--tenth-of", type=Path, metavar="FOLDER", help="a corpus that was made")
    parser.add_argument("--from", dest="folders", type=Path, nargs="+", default=[], help="folders of .srt files")
    parser.add_argument("--seed", type=int, help="of what is drawn (1)")
    arguments = parser.parse_args(words)
    if arguments.target.exists() and not arguments.target.is_dir():
        parser.error(f"{arguments.target}: is a file: name a new folder")
    if arguments.target.exists() and any(arguments.target.iterdir()):
        parser.error(f"{arguments.target}: is not empty: name a new folder")
    if arguments.tenth_of:
        if not any(arguments.tenth_of.glob("*.srt")):
            parser.error(f"{arguments.tenth_of}: has no .srt files: name a folder that this made")
        if arguments.folders or arguments.seed is not None:
            parser.error("--from and --seed are for --cues: leave them out with --tenth-of")
        return arguments
    if arguments.cues < 1:
        parser.error("--cues is at least 1")
    for folder in arguments.folders:
        if not any(folder.rglob("*.srt")):
            parser.error(f"{folder}: has no .srt files: name another folder")
    if arguments.seed is None:
        arguments.seed = 1
    return arguments


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


def link_tenth(target: Path, corpus: Path) -> int:
    """Links every tenth file of a corpus into the folder, the first among them; returns how many."""
    target.mkdir(parents=True, exist_ok=True)
    files = sorted(corpus.glob("*.srt"))[::10]
    for path in files:
        (target / path.name).hardlink_to(path)
    return len(files)


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
