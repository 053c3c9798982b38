"""Episodes that are written to a stand-in for OpenSearch, and what can go wrong meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from indexer.core.positions.timeline import Times
from indexer.core.positions.token_stream import Stream
from indexer.core.types import Episode, Facts
from indexer.store.cluster.documents.passages import encoded_passages
from indexer.store.cluster.documents.terms import episode_key, passage_id
from indexer.store.cluster.transport.connection import Reply, Unreachable
from indexer.store.cluster.writer import ClusterWriter
from indexer.store.fields.record import to_record
from indexer.store.prepared import ClusterParts, PreparedEpisode
from support.columns import columns
from support.nodes.reached import cluster_of
from support.nodes.stand_in import Asked, Killed, StandIn

INDEX = "library-v1"


def prepared(name: str, text: str, every: int = 10_000) -> PreparedEpisode:
    """An episode with an atom each `every` milliseconds."""
    places = {one: [at for at, other in enumerate(text) if other == one] for one in text}
    times = Times(range(len(text) + 1), [at * every for at in range(len(text))], [every] * len(text))
    return PreparedEpisode(
        id=name,
        record=to_record(Episode(name, f"/there/{name}.srt", Facts("show")), "made", Facts()),
        atoms=len(text),
        words={},
        chars={one: len(at) for one, at in places.items()},
        columns=columns(
            stream=Stream.of(text, []).pack(), sounds=bytes(len(text)), marks=b"m", times=b"t", text=text.encode()
        ),
        in_cluster=ClusterParts(encoded_passages(places, list(text), times)),
    )


def empty() -> StandIn:
    return StandIn({INDEX: {}, "library-meta": {}})


def written(server: StandIn, *episodes: PreparedEpisode, removed: Sequence[str] = ()) -> ClusterWriter:
    writer = ClusterWriter(cluster_of(server), 1, Path("nowhere"))
    with writer.batch() as batch:
        for name in removed:
            batch.remove(name)
        for episode in episodes:
            batch.add(episode)
    return writer


def texts(server: StandIn) -> dict[str, str]:
    """id -> text of each episode as a search sees it: with all passages of its revision."""
    import base64

    found = {}
    for key, one in server.of_kind(INDEX, "episode").items():
        there = [passage_id(key, one["revision"], number) in server.indices[INDEX] for number in range(one["passages"])]
        assert all(there), f"{one['id']} lacks passages"
        found[one["id"]] = base64.b64decode(one["text"]).decode()
    return found


def strays(server: StandIn) -> int:
    """Passages that belong to no episode."""
    own = {(key, one["revision"]) for key, one in server.of_kind(INDEX, "episode").items()}
    return sum((one["episode"], one["revision"]) not in own for one in server.of_kind(INDEX, "passage").values())


def killed_at(number: int, after: bool) -> Callable[[Asked, Callable[[], Reply]], Reply]:
    """Kills the process at its n-th request, before or after the cluster carries it out."""
    count = 0

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        nonlocal count
        count += 1
        if count == number:
            if after:
                go()
            raise Killed
        return go()

    return fault


def revision_of(server: StandIn, name: str) -> str:
    return str(server.documents(INDEX)[episode_key(name)]["revision"])


def lose_answer(server: StandIn, lost: int) -> None:
    """From now on, the server carries out each request, but the answer to the one of this number does not arrive."""
    count = 0

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        nonlocal count
        count += 1
        reply = go()
        if count == lost:
            raise Unreachable("gone")
        return reply

    server.fault = fault


def between(server: StandIn, number: int, step: Callable[[], object]) -> None:
    """Has another process carry out a step before the n-th request of this one."""
    count = 0

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        nonlocal count
        count += 1
        if count == number:
            server.fault = None
            step()
            server.fault = fault
        return go()

    server.fault = fault
