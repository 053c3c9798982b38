"""`podseek mcp`: lets an assistant search, over the Model Context Protocol on stdin and stdout."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import click

from indexer.errors import PodseekProblem, QueryProblem
from search.printers.console import FOUND, Context, common, explained, version
from search.printers.display import clean

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext
    from mcp.server.lowlevel import Server
    from mcp_types import CallToolRequestParams, ListToolsResult, PaginatedRequestParams

    from search import Library


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
        raise PodseekProblem(
            "podseek mcp: the package mcp (2.x) is not installed: pip install 'podseek[mcp]'"
        ) from None

    # Nothing is written that could be cut in two; and a thread that waits for stdin would keep Python from ending.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

    async def serve() -> None:
        server = make_server(context)
        async with stdio_server() as (requests, answers):
            await server.run(requests, answers, server.create_initialization_options())

    anyio.run(serve)
    return FOUND


def make_server(context: Context) -> Server[Any]:
    """The server of an index, which is opened when it is first needed and then stays open."""
    from mcp.server.lowlevel import Server
    from mcp_types import CallToolResult as Result
    from mcp_types import ListToolsResult, TextContent, ToolAnnotations
    from mcp_types import Tool as Described

    from search import open_library
    from search.assistant import INSTRUCTIONS, TOOLS

    tools = {tool.name: tool for tool in TOOLS}
    opened: list[Library] = []

    async def on_list(_: ServerRequestContext[Any], __: PaginatedRequestParams | None) -> ListToolsResult:
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

    async def on_call(_: ServerRequestContext[Any], params: CallToolRequestParams) -> Result:
        try:
            if params.name not in tools:
                raise QueryProblem(f"{params.name[:40]}: no such tool: there are {', '.join(tools)}")
            if not opened:
                opened.append(open_library(context.index))
            answer = tools[params.name].ask(opened[0], params.arguments or {})
        except Exception as error:  # whatever it is, the assistant is told in one line and the server goes on
            return Result(content=[TextContent(text=clean(explained(error)))], is_error=True)
        return Result(content=[TextContent(text=answer.text)], structured_content=answer.record)

    return Server(
        "podseek", version=version() or "", instructions=INSTRUCTIONS, on_list_tools=on_list, on_call_tool=on_call
    )
