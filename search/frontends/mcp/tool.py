"""A tool for an assistant and its answer, independent of the protocol, with what the texts of all answers share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from indexer.core.messages import reworded
from indexer.core.text.time_format import clock
from indexer.core.types import Episode
from search.api import CueLine
from search.frontends.formats.display import clean
from search.frontends.mcp.advice import REWORDED
from search.frontends.schemas.arguments import Schema, checked
from search.library import Library
from search.query.deadline import DEFAULT_TIMEOUT, Deadline
from search.query.syntax import Filter
from search.results.links import link_at

if TYPE_CHECKING:
    from search.several_libraries import Libraries

COUNT_TIMEOUT = 30.0
"""Seconds for an answer that reads much of an index; clients of the protocol give up after 60 and more."""

DEEPEST = 1000
"""Moments or lines that may be left out: a search finds all up to the last it shows."""

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in two forms: `record` for programs, with the fields of `--format jsonl`, and `text` to read."""

    record: Record
    text: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool. `arguments` maps argument names to their JSON schemas; `output` is the schema of its records. One that
    `counts` may read the whole index."""

    name: str
    title: str
    description: str
    arguments: Mapping[str, Schema]
    required: tuple[str, ...]
    answer: Callable[[Library, Record, Deadline], Answer]
    output: Schema
    counts: bool = False

    @property
    def schema(self) -> Schema:
        """The JSON schema of all arguments."""
        names: Schema = {"properties": dict(self.arguments), "required": list(self.required)}
        return {"type": "object", **names, "additionalProperties": False}

    @property
    def seconds(self) -> float:
        """The time limit of a call."""
        return COUNT_TIMEOUT if self.counts else DEFAULT_TIMEOUT

    def ask(self, library: Library, given: Mapping[str, Any], deadline: Deadline | None = None) -> Answer:
        """Returns the answer, or the best found once the deadline has passed. Raises PodseekProblem, in one line, if
        there is none or the arguments are invalid."""
        with reworded(REWORDED):
            asked = checked(given, self.arguments, self.required)
            return self.answer(library, asked, deadline or Deadline(self.seconds))


def cited(episode: Episode, second: float, library: str = "") -> str:
    """The episode, the time, and a link to it."""
    facts = (episode.title, episode.show, episode.period, clock(second), link_at(episode, second))
    cite = f"{beside(*facts)} | episode: {clean(episode.id)}"
    return f"{cite} | library: {clean(library)}" if library else cite


def beside(*facts: str | None) -> str:
    """The facts that are known, in one line."""
    return " | ".join(clean(fact) for fact in facts if fact)


def deeper(offset: int) -> int | None:
    """Where the next page begins; None if a tool goes no further."""
    return offset if offset <= DEEPEST else None


def cue_texts(cues: Iterable[CueLine]) -> Iterator[str]:
    for cue in cues:
        speaker = f"{clean(cue.speaker)}: " if cue.speaker else ""
        yield f"   {clock(cue.start)} {speaker}{clean(cue.text)}"


def twice(library: Library, filters: Sequence[Filter], deadline: Deadline) -> Iterator[str]:
    """Tells of recordings that count twice, if there are any and there is time to look for them."""
    from search.frontends.formats.double_notes import double_note

    if deadline.reason is None and (note := double_note(library, library.episodes(filters))):
        yield note


def nowhere(library: Library | Libraries, filters: Sequence[Filter]) -> str:
    """Why no episode passes the filters, to be added to a sentence; empty if one does, or of several libraries."""
    from search.frontends.formats.no_episodes import no_episodes_left
    from search.several_libraries import Libraries

    why = "" if isinstance(library, Libraries) else no_episodes_left(library, filters)
    return f". {clean(why)}" if why else ""


def plural(count: int, noun: str) -> str:
    """Returns the noun in singular or plural: 1 moment, 2 moments, 2 matches."""
    if count == 1:
        return noun
    return noun + ("es" if noun.endswith("ch") else "s")
