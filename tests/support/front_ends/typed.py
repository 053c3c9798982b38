"""Runs random command lines: every command with random options, odd values, and invalid files. A command:

    PYTHONPATH=.:tests python tests/support/front_ends/typed.py INDEX --count 3000 --seed 7

Every command ends in time with 0, 1 or 2; what it has to say of a mistake is a line, never a traceback. It works on a
copy of the index, in a home of its own. Prints a line for each that does not, then what it did as JSON.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import re
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from support.front_ends.commands import commands, main

LONGEST = 30
"""Seconds that a command may take."""
WORDS = ("电池", "语音识别", "05-speech", "corpus/05-speech-recognition", "1", "2", "12:30", "2025-06", "没有这个")
ODD = (
    *(
        "",
        " ",
        "-",
        "--",
        "-1",
        "0",
        "nan",
        "1e400",
        "9" * 400,
        "１２",
        "\x00",
        "\x1b[31m",
        "\udcff",
        "\u202e",
        "a\nb",
        "%s",
        "{}",
    ),
    *(
        "*",
        '"',
        "(",
        "NEAR",
        "NOT",
        "=",
        "~",
        "show:",
        "date:x",
        "https://127.0.0.1:9/x",
        "file:///etc/passwd",
        "ftp://x",
        "://",
    ),
    *(
        "/dev/null",
        "/dev/full",
        "/proc/self/mem",
        "..",
        "~nobody-here/x",
        "x" * 300,
        "a/" * 3000,
        "search.limit",
        "[",
        "=x",
    ),
)
LEFT_OUT = {"serve", "mcp"}
"""Commands that serve until they are stopped; see tests/search/frontends."""
STARTS = {"play": "--print", "clip": "--print", "watch": "--once"}
"""What keeps a command from starting something or from staying."""


def files(folder: Path) -> list[str]:
    """Paths of what is no file to read or write."""
    (folder / "empty.srt").write_bytes(b"")
    (folder / "fine.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\n水开了\n", "utf-8")
    (folder / "bytes.toml").write_bytes(bytes(range(256)) * 9)
    (folder / "deep.json").write_text("[" * 10**5, "utf-8")
    (folder / "folder.md").mkdir()
    (folder / "dangling.srt").symlink_to("nowhere")
    (folder / "loop.srt").symlink_to("loop.srt")
    os.mkfifo(folder / "pipe.xml")
    (folder / "locked").mkdir(mode=0)
    return [*map(str, folder.iterdir()), str(folder), str(folder / "new.md"), str(folder / "none" / "x.srt")]


def typed(chance: random.Random, places: Sequence[str]) -> list[str]:
    """A random command line."""
    words, command = chance.choice([one for one in commands() if one[0][0] not in LEFT_OUT])
    line = [*words]
    if (needed := STARTS.get(words[0])) is not None:
        line.append(needed)
    values = [*WORDS, *ODD, *places]
    options = [one for one in command.params if isinstance(one, click.Option) and one.name not in ("index", "browser")]
    for option in chance.sample(options, min(len(options), chance.choice((0, 0, 1, 1, 2, 4)))):
        name = chance.choice(option.opts)
        if option.is_flag:
            line.append(name)
        elif isinstance(option.type, click.Choice) and chance.random() < 0.8:
            line += [name, chance.choice(list(option.type.choices))]
        else:
            line += [f"{name}={chance.choice(values)}"] if name.startswith("--") else [name, chance.choice(values)]
    arguments = [one for one in command.params if isinstance(one, click.Argument)]
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3)) if arguments else chance.choice((0, 0, 0, 1))):
        line.append(chance.choice(values))
    return line


OWN_CODES = re.compile(r"\x1b\[[\d;]*m|\x1b\]8;;")
"""What podseek writes of its own accord where colours are wanted: colours and links."""


class TooLong(BaseException):
    """A command takes too long; no code that handles errors may handle it."""


@contextlib.contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Ends what takes more than `seconds` of CPU, or six times as long on the clock: a busy machine is no fault."""
    began, cpu = time.monotonic(), sum(os.times()[:4])

    def stop(*_: object) -> None:
        if sum(os.times()[:4]) - cpu > seconds or time.monotonic() - began > 6 * seconds:
            raise TooLong(f"more than {seconds} s of CPU, or {6 * seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def fault(line: Sequence[str]) -> tuple[str, int]:
    """What is wrong with how a command line was dealt with, and its exit code."""
    out, err = io.StringIO(), io.StringIO()
    code: object = None
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            with limited(LONGEST):
                main(list(line))
        except SystemExit as ended:
            code = ended.code
        except BaseException as error:
            return f"{type(error).__name__}: {error}", -1
    said = err.getvalue()
    if code not in (0, 1, 2):
        return f"ends with {code}", -1
    assert isinstance(code, int)
    if "Traceback" in said or "a fault of podseek" in said:
        return said.strip()[-300:], code
    if code == 2 and not said.strip():
        return "ends with 2 and says nothing", code
    if "\x1b" in OWN_CODES.sub("", said + out.getvalue()):
        return "steers the terminal", code
    return "", code


def campaign(index: Path, count: int, seed: int) -> tuple[list[str], Counter[str]]:
    """Returns what is wrong, and counts of the exit codes."""
    chance = random.Random(seed)
    wrong: list[str] = []
    done: Counter[str] = Counter()
    with TemporaryDirectory() as name:
        home = Path(name).resolve()
        own = {"HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "XDG_CACHE_HOME": str(home / "cache")}
        own |= {"XDG_CONFIG_HOME": str(home / "config"), "EDITOR": "true", "PAGER": "cat", "PODSEEK_PLAYER": ""}
        os.environ.update(own)
        work = home / "work"
        work.mkdir()
        os.chdir(work)
        places = files(work)
        sys.stdin = io.StringIO()
        for number in range(count):
            if number % 200 == 0:
                shutil.rmtree(home / "index", ignore_errors=True)
                shutil.rmtree(home / "config", ignore_errors=True)
                shutil.copytree(index, home / "index")
            os.environ["PODSEEK_INDEX"] = str(home / "index")
            line = typed(chance, places)
            said, code = fault(line)
            done[f"{line[0]} {code}"] += 1
            if said:
                shown = " ".join(line).replace(str(home), "HOME")[:300]
                wrong.append(f"{number} {shown!r}: {said}")
        (work / "locked").chmod(0o700)
        os.chdir("/")
    return wrong, done


def run() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    wrong, done = campaign(arguments.index.resolve(), arguments.count, arguments.seed)
    for line in wrong:
        print(line.encode("utf-8", "backslashreplace").decode())
    print(json.dumps({"typed": dict(sorted(done.items())), "wrong": len(wrong)}))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    run()
