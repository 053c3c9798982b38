"""What a first question takes beside an index with vectors, and without asking them.

    python bench/first_question.py INDEX [--times N] [--copy FOLDER]

Each of six questions is asked in processes of its own, N times with and without vectors in turn; the least CPU of each
is compared, and the memory is the most of all. An INDEX without vectors is copied to FOLDER, and every segment there
gets a vector at random, around one direction that all share, as those of a model do.

Fair: whole processes, from a cold interpreter, with files that the system has in memory. Unfair: random vectors are
near nothing, so the places found differ from those of a real model; the work is the same.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from shared.processes import run

import search
from indexer.core.embedding.bundled import bundled
from indexer.store.vector_writer import NewVectors, VectorRows, add_vectors
from indexer.store.vectors import FILE, key_of
from search.retrieval.meaning.building import segments_of
from search.retrieval.meaning.quantizing import pack_vectors
from search.retrieval.meaning.segmenting import SEGMENTING

QUESTIONS = (
    "为什么很多人在大公司里会感到焦虑",
    "怎么样才能让孩子愿意自己看书",
    "电动车冬天为什么跑不远",
    "现在的年轻人为什么不想结婚了",
    "人工智能会不会取代程序员的工作",
    "做播客到底能不能赚到钱",
)
DIMENSIONS = 384
ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--copy", type=Path, help="where an index without vectors is copied to")
    arguments = parser.parse_args()
    index = arguments.index
    if not (index / FILE).exists():
        if arguments.copy is None:
            sys.exit(f"{index}: has no vectors: name a folder with --copy, where it gets some at random")
        index = shutil.copytree(index, arguments.copy)
        fill(index)
    more, most = [], [0.0, 0.0]
    asked(index, QUESTIONS[0])
    for question in QUESTIONS:
        pairs = [(asked(index, question), asked(index, question, "--no-meaning")) for _ in range(arguments.times)]
        with_them, without = (min(pair[which][0] for pair in pairs) for which in (0, 1))
        more.append(with_them - without)
        most = [max(most[which], *(pair[which][1] for pair in pairs)) for which in (0, 1)]
        print(f"CPU {1000 * with_them:.0f} ms, without vectors {1000 * without:.0f} ms  {question}")
    more.sort()
    print(f"more: median {500 * (more[2] + more[3]):.0f} ms; memory at most {most[0]:.0f} and {most[1]:.0f} MB")


def asked(index: Path, question: str, *options: str) -> tuple[float, float]:
    """The seconds of CPU and the megabytes that a search took in a process of its own."""
    usage = run([sys.executable, str(ROOT / "cli.py"), "search", question, "--index", str(index), *options])
    return usage.cpu, usage.largest_mb


def fill(index: Path) -> None:
    """Gives every segment of an index a vector at random."""
    import numpy

    chance = numpy.random.default_rng(1)
    shared = 2 * chance.normal(size=DIMENSIONS)
    new, amount = [], 0
    with search.open_library(index) as library:
        snapshot = library.snapshot
        for number in snapshot.episodes():
            segments, episode = segments_of(snapshot, number), snapshot.episode(number)
            if segments:
                packed = pack_vectors(shared + chance.normal(size=(len(segments), DIMENSIONS)))
                places = [one.first for one in segments], [one.end for one in segments]
                begins, ends = (b"".join(place.to_bytes(4, "little") for place in several) for several in places)
                rows = VectorRows(begins, ends, packed.scale, packed.vectors)
                new.append(NewVectors(episode.id, *key_of(episode), rows))
                amount += len(segments)
    add_vectors(index, (bundled().name, DIMENSIONS, SEGMENTING), 9.0, new)
    print(f"{len(new)} episodes have {amount:,} vectors at random")


if __name__ == "__main__":
    main()
