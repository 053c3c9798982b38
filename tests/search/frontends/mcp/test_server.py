"""`podseek mcp`, the real program, asked by the client of the official SDK."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.library import PATIENCE, ROOT, Tools, podseek, spaced, write_at_once, write_lines

from search.frontends.mcp.tools import TOOLS

pytestmark = pytest.mark.skipif(find_spec("mcp_types") is None, reason="the extra `mcp` is not installed")

if TYPE_CHECKING:  # else imported by the tests: each process of a run collects this file, and one runs it
    from mcp import ClientSession

Ask = Callable[..., Awaitable[str]]


def converse(
    index: Path | None, errors: Path, talk: Callable[[ClientSession, Ask], Awaitable[None]], *options: str, **env: str
) -> None:
    """Starts a server for an index, or with these options and variables, and talks with it; `ask` returns the text of
    an answer, after `!` of an error."""
    import anyio
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client
    from mcp_types import TextContent

    named = {} if index is None else {"PODSEEK_INDEX": str(index)}
    arguments = [str(ROOT / "cli.py"), "mcp", *options]
    server = StdioServerParameters(command=sys.executable, args=arguments, env={**os.environ, **named, **env})

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
        assert [tool.output_schema for tool in listed] == [tool.output for tool in TOOLS]
        found = await session.call_tool("search", {"query": "绿茶", "title": "水开"})
        assert found.structured_content["moments"][0]["episode"] == "tea/kettle"
        assert "00:00:08" in await ask("search", query="绿茶 show:茶")
        assert "水开了水开了水开了" in await ask("read", episode="kettle", at=28)
        assert (await ask("trend", words="收音机")).startswith("收音机: 3 times in 2 episodes")
        assert (await ask("concordance", query="绿茶")).startswith("3 matches")
        assert (await ask("terms")).startswith("word | times")
        assert "Proposed by the words" in await ask("chapters", episode="kettle")
        assert (await ask("episodes")).startswith("4 episodes\n")
        assert (await ask("search", query="茶 AND")).startswith("!column 3: AND needs something")
        assert (await ask("read", episode="坐井观天")).startswith("!坐井观天: no episode")
        assert (await ask("sing")).startswith("!sing: no such tool")
        assert (await ask("episodes", limit=1)).startswith("4 episodes\n"), "an error ends nothing"

    converse(tiny_index, tmp_path / "errors", talk)


def test_several_libraries_are_searched_at_once(tiny_index: Path, tools: Tools, tmp_path: Path) -> None:
    moon = tools.index([write_lines(tmp_path / "night" / "dark.srt", spaced(["月亮也喝绿茶"]))], tmp_path / "moon")
    settings = write_at_once(tmp_path / "config.toml", f'[libraries]\ntea = "{tiny_index}"\nmoon = "{moon}"\n')

    async def talk(session: ClientSession, ask: Ask) -> None:
        listed = {tool.name: tool for tool in (await session.list_tools()).tools}
        assert listed["trend"].input_schema["properties"]["library"]["enum"] == ["tea", "moon"]
        found = await session.call_tool("search", {"query": "绿茶"})
        assert {moment["library"] for moment in found.structured_content["moments"]} == {"tea", "moon"}
        assert (await ask("trend", words="月亮", library="moon")).startswith("月亮: 1 time in 1 episode")

    converse(None, tmp_path / "errors", talk, "-L", "tea", "-L", "moon", PODSEEK_CONFIG=str(settings))


def test_the_newest_protocol_needs_no_handshake(tiny_index: Path) -> None:
    about = {"protocolVersion": "2026-07-28", "clientInfo": {"name": "test", "version": "1"}, "clientCapabilities": {}}
    meta = {"_meta": {f"io.modelcontextprotocol/{name}": value for name, value in about.items()}}
    call = {"name": "trend", "arguments": {"words": "收音机", "by": "year"}, **meta}
    messages = _line(id=1, method="tools/list", params=meta) + _line(id=2, method="tools/call", params=call)
    program = [sys.executable, str(ROOT / "cli.py"), "mcp", "--index", str(tiny_index)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdin is not None
            assert server.stdout is not None
            server.stdin.write(messages)
            server.stdin.flush()
            answers = {line["id"]: line["result"] for line in (json.loads(server.stdout.readline()) for _ in range(2))}
            server.stdin.close()
            assert server.wait(60) == 0
        finally:
            server.kill()
    assert [tool["name"] for tool in answers[1]["tools"]] == [tool.name for tool in TOOLS]
    assert answers[1]["ttlMs"] > 0
    assert answers[2]["resultType"] == "complete"
    assert answers[2]["structuredContent"]["by"] == "year"


def test_an_index_may_come_and_change_while_the_server_runs(tools: Tools, tmp_path: Path) -> None:
    show, index = tmp_path / "show", tmp_path / "index"

    async def talk(session: ClientSession, ask: Ask) -> None:
        assert "there is no index here: make one with `podseek add FEED|FOLDER` or `podseek index PATH`" in await ask(
            "search", query="月亮"
        )
        assert not index.exists(), "it only reads"
        for number, name in enumerate(("one", "two"), 1):
            write_lines(show / f"{name}.srt", spaced(["月亮"]))
            tools.index([show], index)
            assert (await ask("episodes")).startswith(f"{number} episode")

    converse(index, tmp_path / "errors", talk)


# --- while a search takes long --------------------------------------------------------------------------

_SLOW = """
import sys, time
from pathlib import Path
root, index, marks = sys.argv[1:]
sys.path.insert(0, root)
import cli, search.query.deadline
from search.library import Library

search.query.deadline.DEFAULT_TIMEOUT = 1e6
found, marks = Library.search, Path(marks)

def search_slowly(self, request):
    if request.query == "慢":
        (marks / "began").touch()
        while not request.timeout.is_over():
            time.sleep(0.01)
        (marks / "ended").touch()
    return found(self, request)

Library.search = search_slowly
cli.main(["mcp", "--index", index])
"""
"""The server, with a query that is only over when it is stopped, and tells in files that it began and ended."""


async def until_there(mark: Path) -> None:
    import anyio

    with anyio.fail_after(60):  # a guard against hanging
        while not mark.exists():
            await anyio.sleep(0.02)


def test_other_calls_are_answered_while_a_search_runs_and_what_is_cancelled_stops(
    tiny_index: Path, tmp_path: Path
) -> None:
    import anyio
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    arguments = ["-c", _SLOW, str(ROOT), str(tiny_index), str(tmp_path)]
    server = StdioServerParameters(command=sys.executable, args=arguments, env=dict(os.environ))

    async def run() -> None:
        async with stdio_client(server) as streams, ClientSession(*streams) as session:
            await session.initialize()
            async with anyio.create_task_group() as searches:
                searches.start_soon(session.call_tool, "search", {"query": "慢"})
                await until_there(tmp_path / "began")
                asked: list[tuple[str, dict[str, Any]]] = [
                    ("episodes", {}),
                    ("read", {"episode": "kettle"}),
                    ("search", {"query": "绿茶"}),
                ]
                for tool, given in asked:
                    assert not (await session.call_tool(tool, given)).is_error
                assert not (tmp_path / "ended").exists()
                searches.cancel_scope.cancel()  # the client tells the server
            await until_there(tmp_path / "ended")
            assert not (await session.call_tool("search", {"query": "绿茶"})).is_error

    anyio.run(run)


def _line(**message: object) -> bytes:
    return json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n"


HELLO = _line(
    id=0,
    method="initialize",
    params={"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
) + _line(method="notifications/initialized")


def test_the_server_ends_with_its_stdin_even_in_the_middle_of_a_search(tiny_index: Path, tmp_path: Path) -> None:
    import anyio

    call = _line(id=1, method="tools/call", params={"name": "search", "arguments": {"query": "慢"}})
    program = [sys.executable, "-c", _SLOW, str(ROOT), str(tiny_index), str(tmp_path)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdin is not None
            server.stdin.write(HELLO + call)
            server.stdin.flush()
            anyio.run(until_there, tmp_path / "began")
            server.stdin.close()
            assert server.wait(60) == 0
        finally:
            server.kill()
    assert (tmp_path / "ended").exists()


def test_a_line_that_is_no_message_is_answered_and_the_server_goes_on(tiny_index: Path) -> None:
    program = [sys.executable, str(ROOT / "cli.py"), "mcp", "--index", str(tiny_index)]
    answers: dict[object, dict[str, Any]] = {}
    codes = []
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdin is not None
            assert server.stdout is not None
            call = _line(id=7, method="tools/call", params={"name": "read", "arguments": {"episode": "\0"}})
            server.stdin.write(b'{"jsonrpc": "2.0", "id": 1, "meth\n' + b"[1]\n" + b"\xff\xfe\n" + HELLO + call)
            server.stdin.flush()
            while 7 not in answers:
                line = json.loads(server.stdout.readline())
                answers[line["id"]] = line
                codes += [line["error"]["code"]] if line["id"] is None else []
            server.stdin.close()
            assert server.wait(60) == 0
        finally:
            server.kill()
    assert codes == [-32700, -32600, -32700]
    assert answers[7]["result"]["isError"]
    assert "no episode has this id, path or title" in answers[7]["result"]["content"][0]["text"]


@pytest.mark.skipif(sys.platform == "win32", reason="has no pseudo-terminals")
def test_a_person_at_a_terminal_is_told_that_it_waits_for_an_assistant(tiny_index: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    program = [sys.executable, str(ROOT / "cli.py"), "mcp", "--index", str(tiny_index)]
    with subprocess.Popen(program, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        try:
            assert server.stderr is not None
            assert server.stderr.readline().startswith(b"Waiting for an assistant on standard input")
        finally:
            server.kill()
            os.close(theirs)
            os.close(ours)


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
