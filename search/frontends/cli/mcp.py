"""`podseek mcp`: lets an assistant search, over the Model Context Protocol on stdin and stdout."""

from __future__ import annotations

import signal
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from indexer.core.errors import QueryProblem, explained
from indexer.core.messages import ENGLISH, _, use_language
from search.frontends.cli.console import FOUND, Context, version
from search.frontends.cli.options import common
from search.frontends.formats.display import clean

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext
    from mcp.server.lowlevel import Server
    from mcp_types import CallToolRequestParams, ListToolsResult, PaginatedRequestParams

    from search import Library
    from search.frontends.mcp.tools import Answer, Tool
    from search.query.deadline import Deadline

MOST_AT_ONCE = 2
"""Searches answered at the same time, and as many other calls; more are queued."""


@click.command()
@common
def mcp(context: Context) -> int:
    """Let an assistant search the index, over stdin and stdout (Model Context Protocol).

    It only reads. An MCP client starts it; see the README for what to write into its configuration.

    \b
    Example:
      podseek mcp --index ~/podcasts-index
    """
    try:
        import anyio
        from mcp.server.lowlevel import Server  # noqa: F401
        from mcp.server.stdio import stdio_server
    except ImportError:
        from search.frontends.extras import not_installed

        raise not_installed("podseek mcp", "mcp 2.x", "mcp") from None

    # Nothing is written that could be cut off, and a thread that waits for stdin would keep Python from ending.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

    async def serve() -> None:
        calls = Calls(context)
        async with stdio_server() as (lines, answers):
            send, requests = anyio.create_memory_object_stream[Any](0)
            async with anyio.create_task_group() as group:
                group.start_soon(_forward, lines, answers, send, calls)
                server = make_server(calls)
                await server.run(requests, answers, server.create_initialization_options())
                group.cancel_scope.cancel()

    use_language(ENGLISH)  # what a model reads does not depend on the locale
    anyio.run(serve)
    return FOUND


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

    def __init__(self, context: Context) -> None:
        import anyio

        self._index = context.backend or context.index
        self._detail = context.detail
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


def make_server(calls: Calls) -> Server[Any]:
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

    return Server(
        "podseek", version=version() or "", instructions=INSTRUCTIONS, on_list_tools=on_list, on_call_tool=on_call
    )
