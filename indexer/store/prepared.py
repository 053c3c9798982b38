"""An episode ready to be written, fully encoded so that it travels cheaply between processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ClusterParts:
    """What is stored of an episode in a cluster only, as the modules of these names in
    `indexer.store.cluster.documents` encode it (the clock: `indexer.store.fields.clock`)."""

    passages: tuple[tuple[bytes, bytes], ...] = ()
    run_peaks: bytes = b""
    decks: Mapping[str, bytes] = field(default_factory=dict)
    clock: bytes = b""
    text_parts: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PreparedEpisode:
    """An episode of `atoms` atoms. `words` and `chars` map a word or character to its frequency; `peaks` maps either to
    its peak where that is lower. `columns` are the encoded columns by name, all of `indexer.store.schema.BYTES`."""

    id: str
    record: Mapping[str, object]
    atoms: int
    words: Mapping[str, int]
    chars: Mapping[str, int]
    columns: Mapping[str, bytes]
    peaks: Mapping[str, int] = field(default_factory=dict)
    in_cluster: ClusterParts = field(default_factory=ClusterParts)
