"""What `podseek search` prints when it searches several libraries."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from indexer.core.messages import _
from search.frontends.cli.arguments.asking import ToShow, found_nothing, make_request, report_stopped
from search.frontends.cli.arguments.list_numbers import as_last_list
from search.frontends.cli.output.console import ERROR, FOUND, NOTHING, Context
from search.frontends.cli.output.reader_page import page_for_reader
from search.frontends.formats.no_results import beyond_the_last
from search.query.deadline import Deadline
from search.several_libraries import Libraries

if TYPE_CHECKING:
    from search.api import SearchRequest


def search_several(context: Context, text: str, options: dict[str, Any], form: str, deadline: Deadline) -> int:
    """Shows the best moments of all named libraries, each with the name of its library; returns the exit code."""
    request = make_request(text, options, deadline, options["limit"] or None)
    with Libraries(context.libraries) as libraries:
        for name in context.libraries:
            if name in libraries.by_name:
                context.detail(_("Index {folder} ({name})").format(folder=libraries.folders[name], name=name))
        if form == "text" and options["limit"]:
            answer = page_for_reader(context, libraries, text, options, deadline)
        else:
            result = libraries.search(request)
            answer = ToShow(result, result.plan, result.without_meaning)
        found = list(answer.found)
        if not options["limit"] and context.is_list(form, options["target"]):
            found = list(as_last_list(libraries.folders, text, found))
        message = beyond_the_last(libraries, request) if request.offset and not found else ""
        why = [] if found or message or context.quiet else list(_reasons(context, libraries, request, deadline))
        context.show("moments", found, form, options["target"], options["explain"], **answer.fields)
        if answer.without_meaning:
            context.say(_("Answered without meaning: {reason}").format(reason=answer.without_meaning))
    if message:
        context.say(message)
        code = NOTHING
    elif not found:
        code = found_nothing(context, deadline, text)
        for line in why:
            context.say(line)
    else:
        code = report_stopped(context, deadline, FOUND)
    for name, problem in libraries.missing.items():
        context.complain(_("Without the library {name}: {problem}").format(name=name, problem=problem))
    return ERROR if libraries.missing else code


def _reasons(context: Context, libraries: Libraries, request: SearchRequest, deadline: Deadline) -> Iterator[str]:
    """Why nothing was found, unless the search was stopped."""
    if deadline.reason is None:
        from search.frontends.cli.output.commands import commands_in
        from search.frontends.formats.no_results import reasons_of_each

        yield from reasons_of_each(libraries, request, partial(commands_in, context))
