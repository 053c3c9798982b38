"""Fetches episodes of a remote index in an order: of what their passages may score, of how often they have a run, of
their BM25. Each function returns whether it fetched any."""

from __future__ import annotations

from search.backends.conditions import Condition
from search.backends.remote import ByBound, Peak, Questions
from search.retrieval.remote.fetching.fetched_episodes import Gathered
from search.retrieval.remote.fetching.likeliest_episodes import least_bound

FIRST_BATCH, BATCH = 100, 400
"""Episodes fetched at once, in the order of their bounds."""
_PARTIAL = 2
"""So many partial episodes are fetched in place of a whole one: they are smaller."""
_WINDOWS, _MOST_FIRST = 80, 300
"""So many windows are looked for in FIRST_BATCH episodes; for more, in more: in fewer, the worst says little. But for
those of a pasted paragraph not in all there are: so many episodes tell which others cannot compete."""
_OF_TEXT = 150
"""Or of running text, whose many decks are larger."""
FIRST_PAGE, MOST_PASSAGES = 2500, 10_000
"""Passages asked for at first, and at most; each time four times as many."""
_LOOSE = 4
"""The bounds of so many terms say less, so that MOST_PASSAGES are asked for at once."""
FIRST_PEAKS = 1000
"""Episodes whose peaks are asked for at first, likewise."""


def first_page(listed: ByBound, are_all: bool = True) -> ByBound:
    """As many of these passages as are asked for at first: more where bounds say less, of many terms, or if these
    `are_all` that the query has but for some of which bounds say nothing."""
    is_tight = are_all and len(listed.terms) < _LOOSE
    return listed._replace(size=FIRST_PAGE if is_tight else MOST_PASSAGES)


def was_read(gathered: Gathered, listed: ByBound) -> bool:
    """Whether episodes with the first of these passages were fetched, or there are none."""
    known = gathered.lists.of_passages(listed)
    return known.was_read or (known.size > 0 and not known.found)


def first_likely(gathered: Gathered, listed: ByBound, windows: int) -> list[str]:
    """The keys of the first episodes in the order of the bounds of their passages, which are now taken for read: as
    many as are likely to hold so many `windows`."""
    known = gathered.lists.of_passages(listed)
    known.was_read = True
    return gathered.with_room(known.reaching(-1.0)[: _first(gathered, windows)])


def first_of_last(gathered: Gathered) -> list[str]:
    """The keys of the first episodes of running text in the order of passages that were listed while some of its runs
    were not counted yet: most are among the first of all, too, so that they say what the others must reach."""
    last = gathered.lists.last
    if last is None or gathered.bodies or not gathered.hears_apart:
        return []
    return gathered.with_room(last.reaching(-1.0)[:FIRST_BATCH])


def get_likely(gathered: Gathered, listed: ByBound, floor: float | None, windows: int) -> bool | None:
    """Fetches the episodes next in the order of the bounds of their passages, which may hold a window that scores at
    least `floor` (None: any), at first as many as are likely to hold so many `windows`. Returns False if there were
    none left, None if too many passages may."""
    least = -1.0 if floor is None else least_bound(floor)
    known, lists = gathered.lists.of_passages(listed), gathered.lists
    while True:
        unread = [key for key in known.reaching(least) if not gathered.is_read(key)]
        if unread:
            size = _times(gathered) * BATCH if known.was_read else _first(gathered, windows)
            beside = lists.likeliest.keys if lists.likeliest and lists.wants_likeliest else ()
            known.was_read = True
            return _got(gathered, [*unread[:size], *beside])
        if known.is_over(least):
            return False
        if known.size >= MOST_PASSAGES:
            return None
        if not known.size:  # how many there are tells what else to fetch with the first of them
            beside = first_of_last(gathered)
            also = tuple(gathered.by_key(beside, gathered.columns.ranked))
            gathered.ask(Questions(also=also, listed=first_page(listed)))
            gathered.fetch_each([(beside, gathered.columns.ranked)])
            return True
        gathered.ask(Questions(listed=listed._replace(size=min(known.size * 4, MOST_PASSAGES))))


def get_likeliest(gathered: Gathered) -> bool:
    """Fetches those of the wanted likeliest episodes that are not here; False if all are."""
    likeliest = gathered.lists.likeliest
    if likeliest is None:
        return False
    if likeliest.question is not None:
        gathered.ask(Questions())
    unread = [key for key in likeliest.keys if not gathered.is_read(key)]
    wanted = gathered.with_room(unread)
    if len(wanted) < len(unread):
        gathered.too_many()
    gathered.fetch_ranked(wanted)
    return bool(wanted)


def get_densest(
    gathered: Gathered, run: tuple[str, ...], condition: Condition, floor: Peak | None, first: int
) -> bool | None:
    """Fetches the episodes next in the order of the peaks of a run, of those that come before `floor` (None: any). The
    `first` of all come with the list of them. Returns False if there were none left, None if there are too many."""
    known = gathered.lists.of_peaks(run, condition)
    while True:
        unread = [peak.key for peak in known.before(floor) if not gathered.is_read(peak.key)]
        if unread:
            size = BATCH if known.was_read else first
            known.was_read = True
            return _got(gathered, unread[:size])
        if known.is_over(floor):
            return False
        if known.size >= MOST_PASSAGES:
            return None
        at_once, columns = gathered.first_whole(0 if known.size else first)
        known.size = min(max(FIRST_PEAKS, known.size * 4), MOST_PASSAGES)
        known.found, stored = gathered.remote.peaks(run, condition, known.size, at_once, columns)
        gathered.learn(stored)


def _times(gathered: Gathered) -> int:
    return 1 if gathered.decks is None else _PARTIAL


def _first(gathered: Gathered, windows: int) -> int:
    """The episodes that are likely to hold so many windows."""
    most = _OF_TEXT if gathered.hears_apart else _MOST_FIRST
    return min(most, int(_times(gathered) * FIRST_BATCH * max(1.0, windows / _WINDOWS)))


def _got(gathered: Gathered, keys: list[str]) -> bool:
    """Fetches as many of some episodes as may be read; False if none may."""
    wanted = gathered.with_room(keys)
    if wanted:
        gathered.fetch_ranked(wanted)
    else:
        gathered.too_many()
    return bool(wanted)
