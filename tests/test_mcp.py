"""`podseek mcp`, the real program, asked by the client of the official SDK."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from library import PATIENCE, ROOT, Tools, podseek, spaced, write_lines

from search.assistant import TOOLS

pytest_plugins = ["indexes"]

pytest.importorskip("mcp_types", reason="the extra `mcp` is not installed")

import anyio  # noqa: E402
from mcp import ClientSession, StdioServerParameters  # noqa: E402
from mcp.client.stdio import stdio_client  # noqa: E402
from mcp_types import TextContent  # noqa: E402

Ask = Callable[..., Awaitable[str]]


def converse(index: Path, errors: Path, talk: Callable[[ClientSession, Ask], Awaitable[None]]) -> None:
    """Starts a server for an index and talks with it; `ask` returns the text of an answer, after `!` of an error."""
    server = StdioServerParameters(
        command=sys.executable, args=[str(ROOT / "cli.py"), "mcp"], env={**os.environ, "PODSEEK_INDEX": str(index)}
    )

    async def run() -> None:
        with errors.open("w") as log:
            async with stdio_client(server, errlog=log) as streams, ClientSession(*streams) as session:
                await session.initialize()

                async def ask(name: str, **arguments: object) -> str:
                    result = await session.call_tool(name, arguments)
                    (content,) = result.content
                    assert isinstance(content, TextContent)
                    assert result.is_error == (result.structured_content is None)
                    return f"!{content.text}" if result.is_error else content.text

                await talk(session, ask)

    anyio.run(run)
    assert errors.read_text("utf-8") == ""


def test_an_assistant_searches_reads_and_lists(tiny_index: Path, tmp_path: Path) -> None:
    async def talk(session: ClientSession, ask: Ask) -> None:
        listed = (await session.list_tools()).tools
        assert [(tool.name, tool.input_schema) for tool in listed] == [(tool.name, tool.schema) for tool in TOOLS]
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in listed)
        found = await session.call_tool("search", {"query": "绿茶", "title": "水开"})
        assert found.structured_content["moments"][0]["episode"] == "tea/kettle"
        assert "00:00:08" in await ask("search", query="绿茶 show:茶")
        assert "水开了水开了水开了" in await ask("read", episode="kettle", at=28)
        assert (await ask("episodes")).startswith("4 episodes\n")
        assert (await ask("search", query="茶 AND")).startswith("!column 3: AND needs something")
        assert (await ask("read", episode="坐井观天")).startswith("!坐井观天: no episode")
        assert (await ask("sing")).startswith("!sing: no such tool")
        assert (await ask("episodes", limit=1)).startswith("4 episodes\n"), "an error ends nothing"

    converse(tiny_index, tmp_path / "errors", talk)


def test_an_index_may_come_and_change_while_the_server_runs(tools: Tools, tmp_path: Path) -> None:
    show, index = tmp_path / "show", tmp_path / "index"

    async def talk(session: ClientSession, ask: Ask) -> None:
        assert "there is no index here: make one with `podseek index PATH`" in await ask("search", query="月亮")
        assert not index.exists(), "it only reads"
        for number, name in enumerate(("one", "two"), 1):
            write_lines(show / f"{name}.srt", spaced(["月亮"]))
            tools.index([show], index)
            assert (await ask("episodes")).startswith(f"{number} episode")

    converse(index, tmp_path / "errors", talk)


def test_nothing_but_the_protocol_is_on_stdout(tiny_index: Path) -> None:
    run = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), "mcp", "--index", str(tiny_index)],
        input=b"this is no message\n",
        capture_output=True,
        timeout=PATIENCE,
    )
    assert (run.returncode, b"Traceback" in run.stderr) == (0, False)
    assert all(line.startswith(b'{"jsonrpc"') for line in run.stdout.splitlines())
    assert podseek("search", "绿茶", index=tiny_index).code == 0
