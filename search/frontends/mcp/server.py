"""The server of the Model Context Protocol: messages on stdin and stdout, calls of the tools in threads."""

from __future__ import annotations

from collections.abc import Callable
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
    from search.frontends.mcp.tools import Answer, Tool
    from search.query.deadline import Deadline

MOST_AT_ONCE = 2
"""Searches answered at the same time, and as many other calls; more are queued."""


Index: TypeAlias = "str | Path | None"
"""The folder of an index or the address of a cluster; None for the default of `open_library`."""


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
    """Answers calls in threads, a few at a time, each with a library of its own. Searches do not block other tools. A
    call is stopped once its client is gone."""

    def __init__(self, index: Index, detail: Callable[[str], object]) -> None:
        import anyio

        self._index = index
        self._detail = detail
        self._free: list[Library] = []  # opened on first use, and then kept
        self._running: set[Deadline] = set()
        self._rooms = {is_search: anyio.CapacityLimiter(MOST_AT_ONCE) for is_search in (True, False)}
        self._threads = anyio.CapacityLimiter(1000)  # stopped calls may take a moment to end

    async def answer(self, tool: Tool, arguments: dict[str, Any]) -> Answer:
        """Returns the answer of a tool. Raises PodseekProblem and any other error of the tool."""
        from anyio import to_thread

        from search.query.deadline import DEFAULT_TIMEOUT, Deadline

        async with self._rooms[tool.name == "search"]:
            deadline = Deadline(DEFAULT_TIMEOUT)
            self._running.add(deadline)
            try:
                ask = partial(self._ask, tool, arguments, deadline)
                return await to_thread.run_sync(ask, abandon_on_cancel=True, limiter=self._threads)
            finally:
                deadline.cancel()
                self._running.discard(deadline)

    def _ask(self, tool: Tool, arguments: dict[str, Any], deadline: Deadline) -> Answer:
        from search import open_library

        try:
            library = self._free.pop()
        except IndexError:
            library = open_library(self._index)
            self._detail(f"Index {library.folder}")
        self._detail(f"{tool.name} {arguments}")
        try:
            return tool.ask(library, arguments, deadline)
        finally:
            self._free.append(library)

    def cancel(self) -> None:
        """Stops all calls."""
        for deadline in tuple(self._running):
            deadline.cancel()


def make_server(calls: Calls, version: str) -> Server[Any]:
    """The server of an index, which is opened on first use and stays open."""
    from mcp.server.lowlevel import Server
    from mcp_types import CallToolResult as Result
    from mcp_types import ListToolsResult, TextContent, ToolAnnotations
    from mcp_types import Tool as Described

    from search.frontends.mcp.tools import INSTRUCTIONS, TOOLS

    tools = {tool.name: tool for tool in TOOLS}

    async def on_list(session: ServerRequestContext[Any], __: PaginatedRequestParams | None) -> ListToolsResult:
        reads = ToolAnnotations(read_only_hint=True, open_world_hint=False)
        return ListToolsResult(
            tools=[
                Described(
                    name=tool.name,
                    title=tool.title,
                    description=tool.description,
                    input_schema=tool.schema,
                    annotations=reads,
                )
                for tool in TOOLS
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

    return Server("podseek", version=version, instructions=INSTRUCTIONS, on_list_tools=on_list, on_call_tool=on_call)
