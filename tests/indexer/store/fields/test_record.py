"""The record of an episode, pickled as Whoosh stores it, is read as the same episode."""

from __future__ import annotations

from pickle import dumps

from hypothesis import given
from hypothesis import strategies as st

from indexer.core.types import Chapter, Episode, Facts
from indexer.store.fields.record import digest, from_record, to_record
from indexer.store.segments.safe_pickle import unpickle

# Whoosh pickles the record by protocol 2, which knows a lone surrogate, as in the name of a file.
TEXT = st.text(max_size=8) | st.just("\udcff")
PERHAPS = st.none() | TEXT
SECONDS = st.floats(allow_nan=False, allow_infinity=False)
NUMBERS = st.integers(0, 2**62)
CHAPTERS = st.builds(Chapter, SECONDS, TEXT, st.none() | SECONDS, TEXT)
SEVERAL = st.lists(TEXT, max_size=3).map(tuple)
FACTS = st.builds(
    Facts,
    *(TEXT, TEXT, PERHAPS, PERHAPS, PERHAPS, PERHAPS, SECONDS),
    *(SEVERAL, PERHAPS, PERHAPS, st.lists(CHAPTERS, max_size=3).map(tuple)),
)
EPISODES = st.builds(
    Episode, TEXT, TEXT, FACTS, SECONDS, *(NUMBERS, NUMBERS, NUMBERS), TEXT, *(NUMBERS, NUMBERS), SEVERAL
)


@given(episode=EPISODES, told=FACTS)
def test_a_record_is_read_as_the_same_episode(episode: Episode, told: Facts) -> None:
    record = unpickle(dumps(to_record(episode, "fingerprint", told), 2))
    assert from_record(record) == episode
    assert (record["made"], record["told"]) == ("fingerprint", digest(told))
