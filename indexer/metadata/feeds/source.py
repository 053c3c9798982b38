"""Reads a feed from a local file or a URL."""

from __future__ import annotations

from pathlib import Path

from indexer.core.errors import PodseekProblem, system_reason
from indexer.core.feed_types import Feed
from indexer.core.files.regular_files import open_regular
from indexer.core.messages import _
from indexer.metadata.feeds.http_client import Fetched, FetchProblem
from indexer.metadata.feeds.network import FeedFetcher
from indexer.metadata.feeds.parse import FeedProblem, parse_feed
from indexer.metadata.feeds.time_budget import NotTried

LARGEST_FEED = 64 * 1024 * 1024
"""In bytes."""


class SourceProblem(PodseekProblem):
    """A feed could not be read. The message is the reason, without the path or URL."""


def read_source(source: str, fetcher: FeedFetcher, known: tuple[str, str] = ("", "")) -> tuple[Fetched, Feed | None]:
    """Fetches and parses a feed. `known` is the ETag and Last-Modified of the previous response; the feed is None if it
    has not changed since. Raises SourceProblem."""
    try:
        answer = fetcher.fetch(source, LARGEST_FEED, *known) if "://" in source else _file(Path(source))
        return answer, parse_feed(answer.data, source, answer.url) if answer.data is not None else None
    except NotTried as problem:
        raise SourceProblem(_("is not fetched ({problem})").format(problem=problem)) from None
    except FetchProblem as problem:
        raise SourceProblem(_("cannot be fetched ({problem})").format(problem=problem)) from None
    except FeedProblem as problem:
        raise SourceProblem(str(problem)) from None
    except OSError as error:
        raise SourceProblem(_("cannot be read ({reason})").format(reason=system_reason(error))) from None


def _file(path: Path) -> Fetched:
    with open_regular(path) as file:
        data = file.read(LARGEST_FEED + 1)
    if len(data) > LARGEST_FEED:
        raise FeedProblem(_("more than {most} MB are too many for a feed").format(most=LARGEST_FEED >> 20))
    return Fetched("", data)
