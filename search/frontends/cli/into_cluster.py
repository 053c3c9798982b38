"""`podseek index --backend`: reads transcripts into a library in a cluster."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.core.messages import _

if TYPE_CHECKING:
    from indexer.update import Report

_PART = re.compile(r"([1-9]\d{0,3})/([1-9]\d{0,3})")


def part_of(ctx: click.Context, option: click.Parameter, value: str | None) -> tuple[int, int] | None:
    """Parses a part of the episodes, `2/8`. Raises BadParameter."""
    if value is None:
        return None
    match = _PART.fullmatch(value)
    if match is None or int(match[1]) > int(match[2]):
        raise click.BadParameter(
            _("{value} is not a part: the second of eight is 2/8").format(value=value), ctx, option
        )
    return int(match[1]), int(match[2])


def check_cluster_options(paths: Sequence[Path], meaning: bool, name: str | None) -> None:
    """Raises UsageError for what a library in a cluster does not take."""
    if meaning:
        raise click.UsageError(_("--meaning is for an index in a folder: a library in a cluster has no vectors"))
    if name is not None or Path("-") in paths:
        raise click.UsageError(_("a library in a cluster takes files and folders, not standard input"))


def into_cluster(
    backend: str,
    part: tuple[int, int] | None,
    shape: tuple[int | None, int | None],
    progress: Callable[[int, int, str], None] | None,
    **run: Any,
) -> Report:
    """Indexes into a library in a cluster; `run` are arguments of `index_into_cluster`. Raises IndexProblem."""
    from indexer.intake.cluster import index_into_cluster
    from indexer.store.cluster.versions import IndexShape

    shards, replicas = shape
    shaped = IndexShape(replicas=replicas) if shards is None else IndexShape(shards, replicas)
    return index_into_cluster(backend=backend, part=part or (1, 1), shape=shaped, progress=progress, **run)
