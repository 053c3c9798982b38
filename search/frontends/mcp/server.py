"""The server of the Model Context Protocol: messages on stdin and stdout, calls of the tools in threads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from indexer.core.errors import QueryProblem, explained
from indexer.core.messages import _
from search.frontends.formats.display import clean

if TYPE_CHECKING:
    from pathlib import Path

    from mcp.server.context import ServerRequestContext
    from mcp.server.lowlevel import Server
    from mcp_types import CallToolRequestParams, ListToolsResult, PaginatedRequestParams

    from search import Library
    from search.frontends.mcp.tool import Answer, Tool
    from search.query.deadline import Deadline
    from search.several_libraries import Libraries

MOST_AT_ONCE = {"search": 2, "other": 2, "count": 1}
"""Calls of each kind answered at the same time; more are queued. What counts reads most of an index, and shares what it
has read with the next count."""
_KEPT = 3_600_000
"""Milliseconds for which clients may keep the list of tools; it changes only with the program."""

Index: TypeAlias = "str | Path | Mapping[str, str] | None"
"""The folder of an index or the address of a cluster; several by name; None for the default of `open_library`."""


async def serve(index: Index, detail: Callable[[str], object], version: str) -> None:
    """Answers what comes on stdin until that ends; `detail` is called with a line on each call.

    Raises ImportError without the extra `mcp`.
    """
    import anyio
    from mcp.server.stdio import stdio_server

    calls = Calls(index, detail)
    async with stdio_server() as (lines, answers):
        send, requests = anyio.create_memory_object_stream[Any](0)
        async with anyio.create_task_group() as group:
            group.start_soon(_forward, lines, answers, send, calls)
            server = make_server(calls, version)
            await server.run(requests, answers, server.create_initialization_options())
            group.cancel_scope.cancel()


async def _forward(lines: Any, answers: Any, requests: Any, calls: Calls) -> None:
    """Forwards messages; answers an invalid one as JSON-RPC requires. The end of input stops all searches."""
    from mcp.shared.message import SessionMessage
    from mcp_types import INVALID_REQUEST, PARSE_ERROR, ErrorData, JSONRPCError
    from pydantic import ValidationError

    try:
        async for line in lines:
            if not isinstance(line, Exception):
                await requests.send(line)
                continue
            is_json = isinstance(line, ValidationError) and all(e["type"] != "json_invalid" for e in line.errors())
            code, what = (INVALID_REQUEST, "no JSON-RPC message") if is_json else (PARSE_ERROR, "no JSON")
            error = ErrorData(code=code, message=f"{what}: send one JSON-RPC message a line")
            await answers.send(SessionMessage(JSONRPCError(jsonrpc="2.0", id=None, error=error)))
    finally:
        calls.cancel()
        requests.close()


class Calls:
    """Answers calls in threads, a few at a time, each with a library of its own. Neither searches nor counts block
    other tools. A call is stopped once its client is gone."""

    def __init__(self, index: Index, detail: Callable[[str], object]) -> None:
        import anyio

        self._index = index
        self._detail = detail
        self._free: defaultdict[str, list[Library | Libraries]] = defaultdict(list)  # opened on first use, then kept
        self._running: set[Deadline] = set()
        self._rooms = {kind: anyio.CapacityLimiter(most) for kind, most in MOST_AT_ONCE.items()}
        self._threads = anyio.CapacityLimiter(1000)  # stopped calls may take a moment to end

    @property
    def tools(self) -> Sequence[Tool]:
        """The tools that may be called."""
        from search.frontends.mcp.several import tools_for
        from search.frontends.mcp.tools import TOOLS

        return tools_for(TOOLS, list(self._index)) if isinstance(self._index, Mapping) else TOOLS

    async def answer(self, tool: Tool, arguments: dict[str, Any]) -> Answer:
        """Returns the answer of a tool. Raises PodseekProblem and any other error of the tool."""
        from anyio import to_thread

        from search.query.deadline import Deadline

        kind = tool.name if tool.name == "search" else "count" if tool.counts else "other"
        async with self._rooms[kind]:
            deadline = Deadline(tool.seconds)
            self._running.add(deadline)
            try:
                ask = partial(self._ask, kind, tool, arguments, deadline)
                return await to_thread.run_sync(ask, abandon_on_cancel=True, limiter=self._threads)
            finally:
                deadline.cancel()
                self._running.discard(deadline)

    def _ask(self, kind: str, tool: Tool, arguments: dict[str, Any], deadline: Deadline) -> Answer:
        from search.frontends.mcp import several
        from search.several_libraries import Libraries

        try:
            library = self._free[kind].pop()
        except IndexError:
            library = self._open()
        self._detail(f"{tool.name} {arguments}")
        try:
            if isinstance(library, Libraries):
                return several.ask(tool, library, arguments, deadline)
            return tool.ask(library, arguments, deadline)
        finally:
            if isinstance(library, Libraries) and library.missing:
                library.close()  # the next call looks whether they are back
            else:
                self._free[kind].append(library)

    def _open(self) -> Library | Libraries:
        from search import open_library
        from search.several_libraries import Libraries

        if isinstance(self._index, Mapping):
            libraries = Libraries(self._index)
            self._detail(f"Indexes {dict(libraries.folders)}")
            return libraries
        library = open_library(self._index)
        self._detail(f"Index {library.folder}")
        return library

    def cancel(self) -> None:
        """Stops all calls."""
        for deadline in tuple(self._running):
            deadline.cancel()


def make_server(calls: Calls, version: str) -> Server[Any]:
    """The server of an index, which is opened on first use and stays open."""
    from mcp.server.caching import CacheHint
    from mcp.server.lowlevel import Server
    from mcp_types import CallToolResult as Result
    from mcp_types import ListToolsResult, TextContent, ToolAnnotations
    from mcp_types import Tool as Described

    from search.frontends.mcp.tools import INSTRUCTIONS

    tools = {tool.name: tool for tool in calls.tools}

    async def on_list(session: ServerRequestContext[Any], __: PaginatedRequestParams | None) -> ListToolsResult:
        reads = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
        return ListToolsResult(
            tools=[
                Described(
                    name=tool.name,
                    title=tool.title,
                    description=tool.description,
                    input_schema=tool.schema,
                    output_schema=tool.output,
                    annotations=reads,
                )
                for tool in tools.values()
            ]
        )

    async def on_call(session: ServerRequestContext[Any], params: CallToolRequestParams) -> Result:
        try:
            if params.name not in tools:
                raise QueryProblem(
                    _("{name}: no such tool: there are {choices}").format(
                        name=params.name[:40], choices=", ".join(tools)
                    )
                )
            answer = await calls.answer(tools[params.name], params.arguments or {})
        except Exception as error:  # any error: report it in one line and keep serving
            return Result(content=[TextContent(text=clean(explained(error)))], is_error=True)
        return Result(content=[TextContent(text=answer.text)], structured_content=answer.record)

    return Server(
        "podseek",
        version=version,
        instructions=INSTRUCTIONS,
        cache_hints={"tools/list": CacheHint(_KEPT)},
        on_list_tools=on_list,
        on_call_tool=on_call,
    )
