"""The tools where several libraries are open: each takes the name of one.

A search, a list of episodes and a name of an episode may mean all of them. What counts is asked of one: rates and
typical words of one library say nothing of another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from indexer.core.errors import IndexProblem, QueryProblem
from indexer.core.messages import _, enumeration, reworded
from search.frontends.formats.display import clean
from search.frontends.mcp import finding
from search.frontends.mcp.advice import REWORDED
from search.frontends.mcp.tool import Answer, Record, Tool
from search.frontends.schemas.arguments import Schema, checked, choice
from search.query.deadline import Deadline
from search.query.filters import given_filters
from search.results.episodes import NoSuchEpisode
from search.several_libraries import Libraries

LIBRARY = "library"
"""The argument that names one, and the field of a record that does."""
_OPTIONAL = {
    "search": "Only this library; without it all of them.",
    "read": "The library that has the episode, if several do.",
    "episodes": "Only this library; without it all of them.",
    "chapters": "The library that has the episode, if several do.",
}
"""What the argument means where it may be left out."""


def tools_for(tools: Sequence[Tool], names: Sequence[str]) -> tuple[Tool, ...]:
    """The tools with the argument that names one of these libraries."""
    return tuple(_with_names(tool, names) for tool in tools)


def _with_names(tool: Tool, names: Sequence[str]) -> Tool:
    about = _OPTIONAL.get(tool.name, f"The library to count in: {', '.join(names)}.")
    arguments: dict[str, Schema] = {LIBRARY: choice(about, names), **tool.arguments}
    required = tool.required if tool.name in _OPTIONAL else (LIBRARY, *tool.required)
    return replace(tool, arguments=arguments, required=required)


def ask(tool: Tool, libraries: Libraries, given: Mapping[str, Any], deadline: Deadline) -> Answer:
    """Returns the answer of a tool of `tools_for`. Raises PodseekProblem, in one line."""
    with reworded(REWORDED):
        asked = checked(given, tool.arguments, tool.required)
        try:
            return _asked(tool, libraries, dict(asked), deadline)
        except IndexProblem:  # a library may have gone away while it was open
            if not libraries.lose_gone():
                raise
            return _asked(tool, libraries, asked, deadline)


def _asked(tool: Tool, libraries: Libraries, asked: Record, deadline: Deadline) -> Answer:
    name = asked.pop(LIBRARY)
    if name is not None:
        if problem := libraries.missing.get(name):
            raise problem
        return _from(name, tool.answer(libraries.by_name[name], asked, deadline))
    if tool.name == "search":
        return _without_missing(finding.search(libraries, asked, deadline), libraries)
    if tool.name == "episodes":
        return _without_missing(_every_episode(libraries, asked), libraries)
    return _of_the_only_one(tool, libraries, asked, deadline)


def _without_missing(answer: Answer, libraries: Libraries) -> Answer:
    """The answer, which tells what it is without."""
    missing = {name: str(problem) for name, problem in libraries.missing.items()}
    lines = [clean(f"Without the library {name}, which cannot be opened: {why}") for name, why in missing.items()]
    head, *rest = answer.text.split("\n")
    return Answer({**answer.record, "missing": missing}, "\n".join([head, *lines, *rest]))


def _from(name: str, answer: Answer) -> Answer:
    return Answer({**answer.record, LIBRARY: name}, f"{answer.text}\nFrom the library {name}")


def _every_episode(libraries: Libraries, asked: Record) -> Answer:
    filters = given_filters(asked)
    found = [(name, one) for name, library in libraries.by_name.items() for one in library.episodes(filters)]
    return finding.listed(found, asked)


def _of_the_only_one(tool: Tool, libraries: Libraries, asked: Record, deadline: Deadline) -> Answer:
    """The answer of the only library that has the episode. Raises NoSuchEpisode if none or several have it."""
    having, problems = [], [f"{name}: {problem}" for name, problem in libraries.missing.items()]
    for name, library in libraries.by_name.items():
        try:
            library.find_episode(asked["episode"])
        except NoSuchEpisode as problem:
            problems.append(f"{name}: {problem}")
        else:
            having.append(name)
    if len(having) > 1:
        raise QueryProblem(_("library: {names} have such an episode: name one").format(names=enumeration(having)))
    if not having:
        raise NoSuchEpisode("; ".join(problems))
    return _from(having[0], tool.answer(libraries.by_name[having[0]], asked, deadline))
