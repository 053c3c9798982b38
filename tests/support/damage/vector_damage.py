"""Damages the vectors beside an index, and what was told of saved queries, one file at a time, and checks what is said:

    PYTHONPATH=.:tests python tests/support/damage/vector_damage.py --count 500 --seed 7

It makes a small index of its own, prints a line for each damage that is not dealt with as it should be, then what it
did as JSON. A question must have the answer of whole vectors, or that of the words alone with a line that says why.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

import indexer
import search
from indexer.core.errors import PodseekProblem
from indexer.store.library import seen_moments as seen
from indexer.store.vectors import FILE
from search.exploration.similar import similar_moments
from search.new_moments import News
from search.retrieval.meaning import asking
from support.damage.campaign import check, within
from support.damage.damage import KINDS
from support.library import spaced, write_lines
from support.transcripts.embeddings import TopicModel

QUESTIONS = ("冬天车子的续航为什么会缩短那么多", "半夜熬夜到底怎么样才能早点睡着呢")
SAVED = "充电"
TALKS = {
    "phone": ["手机用一会儿就没电", "一冷就得充电"],
    "sleep": ["昨天又熬夜", "睡不着就起来看书"],
    "winter": ["冬天出门的时候", "记得戴手套"],
    "cable": ["海底光缆断了"],
}
FILL = ["我们先说点别的", "这个以后再说", "大家都知道", "后来就这样了"] * 6
PATIENCE = 60
"""Seconds of CPU for all that is asked after a damage; far more than it takes."""


def make(folder: Path) -> Path:
    """An index with vectors in several files, and with what was told of a saved query."""
    index = folder / "index"
    for name, lines in TALKS.items():
        write_lines(folder / "show" / f"{name}.srt", spaced([*FILL, *lines, *FILL]))
        indexer.index_paths([folder / "show"], index, jobs=1)
        with search.open_library(index) as library:
            library.add_meaning(embedder=TopicModel())
    with search.open_library(index) as library:
        news = News([SAVED], exact=False)
        list(news.of(library))
        seen.write_known(index, news.known)
    return index


def asked(index: Path, meaning: bool = True) -> list[tuple[list[Any], str | None]]:
    """The answers to the questions, each with the line that says why the vectors were not used, if they were not."""
    with search.open_library(index) as library:
        found = [library.search(question, meaning=meaning) for question in QUESTIONS]
        return [(list(one), one.without_meaning) for one in found]


def others(index: Path) -> list[str]:
    """What else reads these files: each problem that it raises, which is a line for people."""
    told = []
    with search.open_library(index) as library:
        status = library.status()
        library.explore.outline("phone")
        library.explore.similar("phone")
        similar_moments(library, "phone", 100.0)
        if status.meaning is not None and status.meaning.problem:
            told.append(status.meaning.problem)
        try:
            library.add_meaning(embedder=TopicModel())
        except PodseekProblem as problem:
            told.append(str(problem))
    try:
        seen.read_known(index)
    except PodseekProblem as problem:
        told.append(str(problem))
    return told


def outcome(index: Path, sound: Sequence[Any], of_words: Sequence[Any]) -> str:
    """What is wrong with how damage was dealt with; empty for nothing."""
    try:
        with within(PATIENCE):
            faults, answers, told = check(index), asked(index), others(index)
    except Exception as error:  # a traceback, for a person
        return f"{type(error).__name__}: {error}"
    said = [*faults, *told, *(why for _, why in answers if why)]
    if any("\n" in line or ": " not in line for line in said):
        return f"not one line each: {said}"
    for answer, whole, words in zip(answers, sound, of_words, strict=True):
        if answer != whole and not (answer[1] and answer[0] == words[0]):
            return f"silent: another answer than before ({answer[1]})"
    return "" if faults else "unnoticed: the check finds nothing"


def campaign(count: int, seed: int) -> tuple[list[str], Counter[str]]:
    """Damages the files in turn; returns what went wrong, and counts of what was done."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "chosen_embedder", TopicModel)
        return _damaged(count, seed)


def _damaged(count: int, seed: int) -> tuple[list[str], Counter[str]]:
    chance, wrong, done = random.Random(seed), list[str](), Counter[str]()
    with TemporaryDirectory() as folder:
        index = make(Path(folder).resolve())
        sound, of_words = asked(index), asked(index, meaning=False)
        if check(index) or sound == of_words or any(why for _, why in sound):
            return ["the index is not sound, or its vectors change nothing"], done
        kept = {path: path.read_bytes() for path in (*index.glob("meaning-*.vec"), index / FILE, index / seen.FILE)}
        for number in range(count):
            path = sorted(kept)[number % len(kept)]
            data = bytearray(kept[path])
            damage = chance.choice(KINDS)
            while bytes(data) == kept[path]:
                damage(data, chance)
            path.write_bytes(data)
            if said := outcome(index, sound, of_words):
                wrong.append(f"{damage.__name__.strip('_')} {path.name}: {said}")
            for kind in ("meaning-*.vec", FILE, seen.FILE):
                for left in set(index.glob(kind)) - set(kept):
                    left.unlink()
            for known, whole in kept.items():
                known.write_bytes(whole)
            done[damage.__name__.strip("_")] += 1
        if asked(index) != sound:
            wrong.append("the index is not as it was")
    return wrong, done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    wrong, done = campaign(arguments.count, arguments.seed)
    for line in wrong:
        print(line)
    print(json.dumps({"damages": dict(done), "wrong": len(wrong)}))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
