"""`podseek index --backend`: reads transcripts into a library in a cluster."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from indexer.core.messages import _
from search.frontends.cli.arguments.command_classes import together
from search.frontends.cli.output.console import Context
from search.frontends.cli.runs.progress_bar import progress_bar
from search.frontends.cli.runs.run_report import tell_report

_PART = re.compile(r"([1-9]\d{0,3})/([1-9]\d{0,3})")


def _part(ctx: click.Context, option: click.Parameter, value: str | None) -> tuple[int, int] | None:
    """Parses a part of the episodes, `2/8`. Raises BadParameter."""
    if value is None:
        return None
    match = _PART.fullmatch(value)
    if match is None or int(match[1]) > int(match[2]):
        raise click.BadParameter(
            _("{value} is not a part: the second of eight is 2/8").format(value=value), ctx, option
        )
    return int(match[1]), int(match[2])


cluster_options = together(
    click.option(
        "--part",
        callback=_part,
        metavar="K/N",
        help="Into a cluster: only the K-th of N parts of the episodes, such as 2/8; other processes take the others.",
    ),
    click.option(
        "--shards", type=click.IntRange(1, 1024), help="Into a new library in a cluster: its shards. Default: 3."
    ),
    click.option(
        "--replicas",
        type=click.IntRange(0, 10),
        help="Into a new library in a cluster: copies of each shard. Default: one if there is another node.",
    ),
)
"""The options that only a library in a cluster takes; `check_cluster_options` checks them."""


def check_cluster_options(
    context: Context, paths: Sequence[Path], name: str | None, options: Mapping[str, Any]
) -> None:
    """Raises UsageError for what a library in a cluster does not take, and for what only such a one takes."""
    if context.backend is None:
        if any(options[one] is not None for one in ("part", "shards", "replicas")):
            raise click.UsageError(
                _("--part, --shards and --replicas are for a library in a cluster: name it with --backend")
            )
    elif options["meaning"]:
        raise click.UsageError(_("--meaning is for an index in a folder: a library in a cluster has no vectors"))
    elif name is not None or Path("-") in paths:
        raise click.UsageError(_("a library in a cluster takes files and folders, not standard input"))


def into_cluster(
    context: Context, part: tuple[int, int] | None, shape: tuple[int | None, int | None], **run: Any
) -> int:
    """Indexes into the library in a cluster that the context names, and prints the report; `shape` are its shards and
    replicas, `run` are arguments of `index_into_cluster`. Returns the exit code. Raises IndexProblem."""
    from indexer.cluster.operations import index_into_cluster
    from indexer.core.processes.interrupts import ends_interrupt
    from indexer.store.cluster.library.versions import IndexShape

    assert context.backend is not None
    context.detail(_("Library {backend}").format(backend=context.backend))
    shards, replicas = shape
    shaped = IndexShape(replicas=replicas) if shards is None else IndexShape(shards, replicas)
    with ends_interrupt(), progress_bar(context) as progress:
        report = index_into_cluster(
            backend=context.backend, part=part or (1, 1), shape=shaped, progress=progress, **run
        )
    tell_report(context, report)
    return report.exit_code
