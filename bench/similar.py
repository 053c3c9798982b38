"""How often more like a moment is what the same talk goes on about, by words and with vectors.

    python bench/similar.py INDEX [--moments N] [--seed S]

N moments are drawn from the recordings of INDEX, which has vectors (podseek index --meaning), that last 25 minutes or
more. A result is right if it is of the same recording and within five minutes; what is within 90 s is never listed.

Fair: both ways list the same number, and leave out the same neighbourhood. Unfair: a talk may change its subject, and
other recordings may be about it as well, so no way can be right always; only the difference tells.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import search
from search.exploration.similar import similar_moments

LONG, EDGE, NEAR = 1500.0, 400.0, 300.0
"""Seconds: of a recording at least, from its ends, and around a moment."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--moments", type=int, default=60)
    parser.add_argument("--seed", type=int, default=11)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    with search.open_library(arguments.index) as library:
        if library.explore.space is None:
            sys.exit(f"{arguments.index}: has no vectors: make them with podseek index --meaning")
        recordings = [episode for episode in library.episodes() if episode.duration > LONG]
        drawn = []
        for _ in range(arguments.moments):
            episode = chance.choice(recordings)
            drawn.append((episode.id, chance.uniform(EDGE, episode.duration - EDGE)))
        for meaning in (False, True):
            print(f"{'with vectors' if meaning else 'by words':12} {figures(library, drawn, meaning)}")


def figures(library: search.Library, drawn: list[tuple[str, float]], meaning: bool) -> str:
    ranks, shares, before = list[int](), list[float](), time.process_time()
    for name, seconds in drawn:
        _, found = similar_moments(library, name, seconds, meaning=meaning)
        of_it = [(at, one) for at, one in enumerate(found, 1) if one.episode.id == name]
        ranks.append(next((at for at, one in of_it if abs(one.start - seconds) <= NEAR), 0))
        shares.append(len(of_it) / max(1, len(found)))
    amount = len(drawn)
    first, ten = (sum(0 < rank <= most for rank in ranks) / amount for most in (1, 10))
    cpu = 1000 * (time.process_time() - before) / amount
    return f"n {amount}  goes on {first:.3f} / {ten:.3f}  same recording {sum(shares) / amount:.2f}  CPU {cpu:.0f} ms"


if __name__ == "__main__":
    main()
