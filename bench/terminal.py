"""The extra cost of a search at a terminal, compared with one in a pipe: heading, list of numbers, history, colours.

    python bench/terminal.py INDEX [-n RUNS] [QUERY ...]

Cold processes, one in a pipe and one in a pseudo-terminal of 120 columns by turns, so that both meet the same machine.
Printed are medians of CPU time (user and system, of the process and what it starts), of the pairs' difference, and the
share of pairs that differ less. The state folder is a new one, and the terminal is high enough to need no pager.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Sequence
from contextlib import suppress

QUERIES = ("电池", "模型 训练", "没有这样的词呀")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("index")
    parser.add_argument("queries", nargs="*", default=QUERIES, metavar="QUERY")
    parser.add_argument("-n", "--runs", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as state:
        os.environ |= {"PODSEEK_INDEX": options.index, "XDG_STATE_HOME": state, "TERM": "xterm-256color"}
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        for query in options.queries:
            command = [sys.executable, "-m", "cli", "search", query]
            pairs = [(_piped(command), _at_terminal(command)) for _ in range(options.runs + 2)][2:]
            piped, seen = (statistics.median(one) for one in zip(*pairs, strict=True))
            more = statistics.median(second - first for first, second in pairs)
            print(f"{query}: pipe {piped:.1f} ms, terminal {seen:.1f} ms, difference of pairs {more:.1f} ms")


def _piped(command: Sequence[str]) -> float:
    """CPU time in ms of a command whose output is a pipe."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.stdout is not None
    process.stdout.read()
    return _cpu_of(process.pid)


def _at_terminal(command: Sequence[str]) -> float:
    """CPU time in ms of a command whose output is a pseudo-terminal."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 500, 120, 0, 0))
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, close_fds=True)
    os.close(slave)
    with suppress(OSError):  # the end of a terminal is an error
        while os.read(master, 65536):
            pass
    os.close(master)
    return _cpu_of(process.pid)


def _cpu_of(pid: int) -> float:
    used = os.wait4(pid, 0)[2]
    return 1000 * (used.ru_utime + used.ru_stime)


if __name__ == "__main__":
    main()
