"""Moments named by their numbers in the last list, for `play 3`, `read 3`, `clip 2 5-7`, `similar 3`, `save 3`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import click

from indexer.core.messages import _
from search.frontends.cli.output.recent import (
    MOST,
    LastList,
    NumberedMoment,
    full_place,
    last_list,
    numbers_in,
    remember,
)

if TYPE_CHECKING:
    from search import Library, Moment
    from search.frontends.cli.output.console import Context


def chosen(context: Context, words: Sequence[str]) -> list[NumberedMoment] | None:
    """Returns the moments of the last list that are typed as numbers; None if something else is typed. Raises
    ClickException if there is no list, if another index is named than theirs, or if it has no such number.

    Their index is opened if none is named: `search -L work`, then `play 3`.
    """
    numbers = numbers_in(words)
    if numbers is None:
        return None
    typed, last = " ".join(words), last_list()
    if last is None:
        raise click.ClickException(
            _(
                "{typed}: is a number in the last list, and there is none: search at a terminal first"
                " (a number to look for goes in quotes: '\"{typed}\"')"
            ).format(typed=typed)
        )
    named = _named(context, last)
    known = {moment.number: moment for moment in last.moments}
    for number in numbers:
        if named not in (None, known.get(number, last.moments[0]).folder):
            folder = known.get(number, last.moments[0]).folder
            raise click.ClickException(
                _("{typed}: the last list is of another index, {folder}: name it with --index, or search again").format(
                    typed=typed, folder=folder
                )
            )
        if number not in known:
            raise click.ClickException(
                _(
                    "{number}: the last list, for {query}, has the numbers {first} to {last}"
                    " (a number to look for goes in quotes: '\"{number}\"')"
                ).format(number=number, query=last.query, first=min(known), last=max(known))
            )
    return [known[number] for number in numbers]


def as_last_list(folders: Mapping[str, str], query: str, moments: Iterable[Moment]) -> Iterator[Moment]:
    """Yields the moments; those taken, as far as a list goes, become the last list, even if the reader of the output
    ends early. `folders` as for `remember`."""
    shown: list[Moment] = []
    try:
        for moment in moments:
            if len(shown) < MOST:
                shown.append(moment)
            yield moment
    finally:
        remember(folders, query, shown, None)


def _named(context: Context, last: LastList) -> str | None:
    """The folder or address of the index that is named, by an option or, for a list of one index, by the
    environment."""
    from indexer.core.configuration.paths import VARIABLE, default_index

    if context.named is not None:
        return full_place(context.named)
    if not last.folder:
        return None
    if backend := os.environ.get("PODSEEK_BACKEND"):
        return full_place(backend)
    return full_place(str(default_index())) if os.environ.get(VARIABLE) else None


def moments_of(context: Context, listed: Iterable[NumberedMoment]) -> list[Moment]:
    """Returns the moments with the cues they have now, unmarked. Raises ClickException for an episode that is gone."""
    from search.api import Moment

    found = []
    for folder, those in groupby(listed, key=lambda one: one.folder):
        with context.open_library(folder) as library:
            for one in those:
                check_episode(library, one)
                episode, cues = library.read(one.episode, one.start, one.end)
                found.append(Moment(one.number, 0.0, episode, one.start, one.end, (), tuple(cues)))
    return found


def check_episode(library: Library, one: NumberedMoment) -> None:
    """Raises ClickException if the episode of a moment is not in the index any more."""
    from search.results.episodes import NoSuchEpisode

    try:
        known = library.find_episode(one.episode).id == one.episode
    except NoSuchEpisode:
        known = False
    if not known:
        raise click.ClickException(
            _("{number}: {episode} is no longer in this index: search again").format(
                number=one.number, episode=one.episode
            )
        )
