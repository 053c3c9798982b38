"""What the columns of an episode weigh when a cluster sends them: bytes as stored, and as the nodes compress them.

    python bench/column_bytes.py INDEX [--episodes 40] [--seed 1]

INDEX is an index in a folder, which stores the same columns as a library in a cluster. Of some of its episodes, for
each column: the mean in KB, as it is and compressed by itself at the level of the nodes, and the bytes an atom.

Fair: the bytes that a cluster stores. Unfair: the nodes compress a whole answer, in which columns of several episodes
share what they repeat, and which takes a little less.
"""

from __future__ import annotations

import argparse
import json
import random
import zlib
from collections.abc import Sequence
from pathlib import Path

from indexer.store import schema
from search.backends.embedded.snapshot import EmbeddedSnapshot

LEVEL = 3
"""`http.compression_level` of OpenSearch by default."""
COLUMNS = (schema.STREAM, schema.SOUNDS, schema.TIMES, schema.MARKS, schema.TEXT, schema.DAMPED, schema.TITLES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--episodes", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    snapshot = EmbeddedSnapshot(arguments.index)
    numbers = random.Random(arguments.seed).sample(range(snapshot.episode_count), arguments.episodes)
    atoms = sum(map(snapshot.atoms, numbers))
    print(f"{len(numbers)} of {snapshot.episode_count:,} episodes, {atoms / len(numbers):,.0f} atoms each")
    print("column | KB | compressed | bytes an atom")
    for name in COLUMNS:
        told(name, [bytes(snapshot._stored.value(name, number)) for number in numbers], atoms)
    told("record", [json.dumps(snapshot.record(number)).encode() for number in numbers], atoms)


def told(name: str, values: Sequence[bytes], atoms: int) -> None:
    """Prints the line of a column."""
    size = sum(map(len, values))
    packed = sum(len(zlib.compress(value, LEVEL)) for value in values)
    print(f"{name} | {size / len(values) / 1000:.1f} | {packed / len(values) / 1000:.1f} | {size / atoms:.2f}")


if __name__ == "__main__":
    main()
