"""`podseek search` in several libraries."""

from __future__ import annotations

from typing import Any

from indexer.core.messages import _
from search.frontends.cli.asking import found_nothing, make_request, report_stopped
from search.frontends.cli.console import FOUND, Context
from search.query.deadline import Deadline
from search.several_libraries import Libraries


def search_several(context: Context, text: str, options: dict[str, Any], form: str, deadline: Deadline) -> int:
    """Shows the best moments of all named libraries, each with the name of its library; returns the exit code."""
    request = make_request(text, options, deadline, options["limit"] or None)
    with Libraries(context.libraries) as libraries:
        for name, folder in context.libraries.items():
            context.detail(_("Index {folder} ({name})").format(folder=folder, name=name))
        found = libraries.search(request)
        context.show("moments", list(found), form, options["target"], options["explain"])
    if not found:
        return found_nothing(context, deadline, text)
    return report_stopped(context, deadline, FOUND)
