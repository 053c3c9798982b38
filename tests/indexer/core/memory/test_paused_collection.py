"""The collector runs again after a pause, and stays off where it was off."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from indexer.core.memory.paused_collection import collection_paused


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.enable()
    yield
    if not was_on:
        gc.disable()


def test_a_pause_ends_whatever_is_raised_in_it() -> None:
    with pytest.raises(ZeroDivisionError), collection_paused():
        assert not gc.isenabled()
        _ = 1 / 0
    assert gc.isenabled()


def test_a_pause_that_is_interrupted_as_it_begins_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    off = gc.disable

    def interrupted() -> None:
        off()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(gc, "disable", interrupted)
        with pytest.raises(KeyboardInterrupt), collection_paused():
            pass
    assert gc.isenabled()


def test_a_pause_within_another_leaves_it_to_that_one() -> None:
    with collection_paused():
        with collection_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_who_has_no_collections_gets_none() -> None:
    gc.disable()
    with collection_paused():
        pass
    assert not gc.isenabled()
