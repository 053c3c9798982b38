"""`podseek serve` as a process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from support.front_ends.commands import ran
from support.library import PATIENCE, ROOT

TOKEN = "a-token-that-nobody-guesses"


@contextmanager
def serving(index: Path, *options: str, **variables: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command on a free port, and the address it printed."""
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "cli.py"), "serve", str(index), "--port", "0", *options],
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def got(address: str, path: str, **headers: str) -> tuple[int, str]:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_it_serves_at_the_address_it_prints_until_interrupted(tiny_index: Path) -> None:
    with serving(tiny_index) as (process, address):
        assert urlsplit(address).hostname == "127.0.0.1"
        assert got(address, "/healthz") == (200, "ok\n")
        assert "绿茶" in got(address, "/search?q=%E7%BB%BF%E8%8C%B6")[1]
        assert got(address, "/", Host="evil.example")[0] == 421
        assert got(address, "/search?q=" + "%E6%B0%B4" * 4000)[0] == 200  # the longest query
        assert got(address, "/search?q=" + "a" * 60_000)[0] == 414
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        assert err == "Ctrl-C stops it\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_several_processes_answer_at_one_address_and_end_together(tiny_index: Path, number: int) -> None:
    with serving(tiny_index, "--processes", "3") as (process, address):
        assert all("绿茶" in got(address, "/search?q=%E7%BB%BF%E8%8C%B6")[1] for _ in range(6))
        process.send_signal(number)
        process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        with pytest.raises(ConnectionRefusedError):
            got(address, "/healthz")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.parametrize("name", ["SIGKILL", "SIGHUP"])
def test_several_processes_end_when_the_first_is_killed(tiny_index: Path, name: str) -> None:
    with serving(tiny_index, "--processes", "3") as (process, address):
        assert got(address, "/healthz")[0] == 200
        process.send_signal(getattr(signal, name))
        process.communicate(timeout=PATIENCE)  # until the last of them has closed its output
        with pytest.raises(ConnectionRefusedError):
            got(address, "/healthz")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="no /proc")
def test_when_one_process_dies_all_end_with_an_error(tiny_index: Path) -> None:
    with serving(tiny_index, "--processes", "2") as (process, address):
        assert got(address, "/healthz")[0] == 200
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        assert len(children) == 2
        os.kill(int(children[0]), signal.SIGKILL)
        _, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 2
        assert "one of its processes ended by itself" in err


def test_judging_and_several_processes_do_not_go_together(capsys: pytest.CaptureFixture[str], tiny_index: Path) -> None:
    run = ran(capsys, "serve", str(tiny_index), "--processes", "2", "--allow-edit")
    assert run.code == 2
    assert "leave out --processes" in run.err


def test_no_line_of_its_output_has_the_token_or_what_was_looked_for(tiny_index: Path) -> None:
    with serving(tiny_index, "-v", PODSEEK_TOKEN=TOKEN) as (process, address):
        assert got(address, "/")[0] == 401
        assert got(address, "/search?q=secret-word", Authorization=f"Bearer {TOKEN}")[0] == 200
        assert got(address, f"/?token={TOKEN}")[0] == 401
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    assert TOKEN not in out + err and "secret-word" not in out + err


def test_a_port_that_is_taken_is_one_clear_line(capsys: pytest.CaptureFixture[str], tiny_index: Path) -> None:
    with serving(tiny_index) as (_, address):
        run = ran(capsys, "serve", str(tiny_index), "--port", str(urlsplit(address).port))
    assert run.code == 2
    assert run.err == f"--port: 127.0.0.1:{urlsplit(address).port} cannot be listened on: " + (
        "another program uses it, or it is not yours: name another --port\n"
    )


@pytest.mark.parametrize("host", ["192.0.2.7", "no/name", "::1%nothing"])
def test_a_host_that_is_not_this_machine_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], tiny_index: Path, host: str
) -> None:
    run = ran(capsys, "serve", str(tiny_index), "--port", "0", "--host", host, "--token", TOKEN)
    assert run.code == 2
    assert run.err == f"--host {host}: is no address of this machine: give one, such as 127.0.0.1\n"


def test_a_host_for_others_needs_a_token(capsys: pytest.CaptureFixture[str], tiny_index: Path) -> None:
    run = ran(capsys, "serve", str(tiny_index), "--host", "0.0.0.0")
    assert run.code == 2
    assert "give --token, or --public-url" in run.err


def test_without_an_index_there_is_nothing_to_serve(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run = ran(capsys, "serve", str(tmp_path))
    assert run.code == 2
    assert "there is no index here" in run.err


@pytest.mark.parametrize("package", ["starlette", "uvicorn", "jinja2"])
def test_without_the_extra_one_line_says_how_to_get_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tiny_index: Path, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    run = ran(capsys, "serve", str(tiny_index))
    assert (run.code, run.out) == (2, "")
    assert len(run.err.splitlines()) == 1
    assert "pip install 'podseek[serve]'" in run.err and "pipx inject podseek" in run.err


def test_no_other_command_imports_anything_of_it(tiny_index: Path) -> None:
    code = "import json, sys; sys.argv = ['podseek', 'search', '绿茶']; import atexit, os\n"
    code += (
        "import cli\ntry:\n    cli.main(['episodes'])\nexcept SystemExit:\n    print(json.dumps(sorted(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PODSEEK_INDEX": str(tiny_index)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = json.loads(run.stdout.splitlines()[-1])
    assert not [name for name in loaded if name.split(".")[0] in ("starlette", "uvicorn", "jinja2", "anyio")]
    assert not [name for name in loaded if name.startswith("search.frontends.web")]
