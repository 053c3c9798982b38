"""Our named tuples behave as those of the standard library, also before the first value is made."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest

from indexer.core import named_tuples
from indexer.core.types import Cue


def fresh() -> Any:
    """A class of which no value was made yet."""

    class Point(named_tuples.NamedTuple):
        """A point."""

        x: int
        y: int = 2
        name: str = ""

        @property
        def sum(self) -> int:
            return self.x + self.y

        def moved(self, by: int) -> Any:
            return self._replace(x=self.x + by)

    return Point


def test_fields_come_by_place_name_and_default() -> None:
    point = fresh()
    assert point(1) == (1, 2, "") and point(1, name="a") == (1, 2, "a") and point(y=5, x=4) == (4, 5, "")
    assert (point(7).x, point(7).y, point(7).sum, point(7).moved(1).x) == (7, 2, 9, 8)
    assert point._fields == point.__match_args__ == ("x", "y", "name")
    assert point._field_defaults == {"y": 2, "name": ""} and point.__doc__ == "A point."


@pytest.mark.parametrize("arguments", [((), {}), ((1, 2, "", 4), {}), ((1,), {"x": 1}), ((1,), {"z": 1})], ids=str)
def test_wrong_arguments_are_refused_first_and_later(arguments: tuple[Any, dict[str, Any]]) -> None:
    point = fresh()
    for _ in range(2):
        with pytest.raises(TypeError):
            point(*arguments[0], **arguments[1])
    assert point(1).x == 1


def test_replacing_making_and_showing() -> None:
    point = fresh()
    assert point._make([1, 2, "b"])._replace(y=3) == (1, 3, "b")
    assert point(1)._asdict() == {"x": 1, "y": 2, "name": ""}
    assert repr(point(1, name="c")) == "Point(x=1, y=2, name='c')"
    with pytest.raises(ValueError, match="z"):
        point(1)._replace(z=1)
    with pytest.raises(TypeError):
        point._make([])


def test_values_are_tuples_that_do_not_change() -> None:
    made = fresh()(1)
    assert json.dumps(made) == '[1, 2, ""]' and hash(made) == hash((1, 2, ""))
    with pytest.raises(AttributeError):
        made.x = 2
    with pytest.raises(AttributeError):
        made.other = 2


def test_a_subclass_makes_its_own_values() -> None:
    point = fresh()

    class Named(point):  # type: ignore[misc]
        __slots__ = ()

    assert type(Named(1)) is Named and type(point(1)) is point and type(Named(1)._replace(x=2)) is Named


def test_matching_copying_and_pickling() -> None:
    cue = Cue(1.0, 2.0, "喂")
    match cue:
        case Cue(start, end, text):
            assert (start, end, text) == (1.0, 2.0, "喂")
    assert copy.deepcopy(cue) == pickle.loads(pickle.dumps(cue)) == cue
    assert type(pickle.loads(pickle.dumps(cue))) is Cue
