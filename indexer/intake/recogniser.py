"""A speech recogniser of the user's own choice: a command that is given an audio file and writes a transcript.

A command is a list of arguments with `{audio}` and other fields; no shell sees it, so that nothing in a name or a feed
is ever run. It works in a folder of its own; what it leaves there is read, and moved to its place only when it is a
transcript with cues.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from indexer import readers
from indexer.core.configuration.settings import Config, read_settings
from indexer.core.configuration.settings_file import ConfigProblem, seconds_of
from indexer.core.errors import PodseekProblem
from indexer.core.files import sources
from indexer.core.files.sources import LARGEST_FILE
from indexer.core.messages import _
from indexer.core.text.encoding import decode
from indexer.core.text.sanitize import tidy

_WHISPER = ("{audio}", "--output_format", "srt", "--output_dir", "{folder}")
PRESETS: Mapping[str, tuple[str, ...]] = {
    "whisper": ("whisper", *_WHISPER),
    "faster-whisper": ("whisper-ctranslate2", *_WHISPER),
    "funasr": ("funasr", "{audio}", "--output-format", "srt", "--output-dir", "{folder}"),
}
"""Commands that need no configuration. Others are documented in docs/library.md."""
_LANGUAGE = {"whisper": ("--language", "{language}"), "faster-whisper": ("--language", "{language}")}
"""What is added if the language of the episode is known. FunASR knows few, and finds out by itself."""
_ALSO = {"cmn": "zh"}
"""Languages that feeds name and recognisers do not, and what those call them."""
FIELDS = ("audio", "folder", "stem", "language")
_FIELD = re.compile(r"\{([a-z]+)\}")
_COLOUR = re.compile(r"\x1b\[[0-9;?]{0,20}[A-Za-z]")
_TICK, _GRACE = 0.1, 5.0
_DEFAULT_TIMEOUT = "12h"
_MOST_FILES = 1000
_TAIL = 8192
_BEST = (".json", ".vtt", ".srt", ".ass", ".lrc", ".tsv", ".txt")


class RecogniserProblem(PodseekProblem):
    """The recogniser cannot be used at all: no other episode would fare better."""


class RecognitionFailed(PodseekProblem):
    """An episode could not be transcribed. The message is the last line that was printed, or the reason."""


@dataclass(frozen=True, slots=True)
class Recogniser:
    """A command template; `transcript` is a template of the name of what it writes, or empty for whatever it writes;
    `timeout` is in seconds."""

    name: str
    command: tuple[str, ...]
    transcript: str = ""
    timeout: float = 0.0
    language: tuple[str, ...] = ()

    def arguments(self, values: Mapping[str, str]) -> list[str]:
        """The arguments for these values of the fields. Raises RecognitionFailed for a value that would be taken for an
        option."""
        template = (*self.command, *(self.language if values["language"] != "auto" else ()))
        filled = [fill(one, values) for one in template]
        for before, after in zip(template, filled, strict=True):
            if after.startswith("-") and not before.startswith("-"):
                raise RecognitionFailed(_("{value}: begins with a dash: rename the file").format(value=after))
        return filled


def fill(template: str, values: Mapping[str, str]) -> str:
    """Fills in the fields of a template, in one pass: a value that looks like a field is not filled in."""
    return _FIELD.sub(lambda match: values.get(match[1], match[0]), template)


def choose(name: str | None = None) -> Recogniser:
    """The recogniser of this name, else that of the configuration, else the first preset that is installed.

    Raises RecogniserProblem or ConfigProblem if there is none, or it cannot be used.
    """
    settings = read_settings()
    if name is None:
        name = settings.get("recogniser")
    elif not name.strip():
        raise RecogniserProblem(_("--with names no recogniser; is a variable not set?"))
    if name is None:
        name = next((one for one, command in PRESETS.items() if shutil.which(command[0])), None)
        if name is None:
            what = _(
                "no recogniser is known: install one, such as whisper (`pipx install openai-whisper`), or name its "
                "command with `podseek config set recognisers.NAME.command` (docs/library.md)"
            )
            raise RecogniserProblem(what)
    found = _configured(settings, name) or _preset(name)
    if found is None:
        known = ", ".join([*settings.get("recognisers", {}), *PRESETS])
        raise RecogniserProblem(_("{name}: no such recogniser: there are {known}").format(name=name, known=known))
    if shutil.which(found.command[0]) is None:
        what = _("{name}: {program} is not installed, or not on the PATH")
        raise RecogniserProblem(what.format(name=name, program=found.command[0]))
    return found


def _preset(name: str) -> Recogniser | None:
    if name not in PRESETS:
        return None
    return Recogniser(name, PRESETS[name], "", seconds_of(_DEFAULT_TIMEOUT) or 0.0, _LANGUAGE.get(name, ()))


def _configured(settings: Config, name: str) -> Recogniser | None:
    values = settings.get("recognisers", {}).get(name)
    if values is None:
        return None
    place = f"{settings.path}: recognisers.{name}"
    command = tuple(values.get("command", ()))
    transcript = str(values.get("transcript", ""))
    if not any("{audio}" in one for one in command[1:]):
        raise ConfigProblem(
            _("{place}.command: needs {field}, where the file belongs").format(place=place, field="{audio}")
        )
    for text in (*command, transcript):
        for field in _FIELD.findall(text):
            if field not in FIELDS:
                known = ", ".join(f"{{{one}}}" for one in FIELDS)
                what = _("{place}: {field} is none of {known}")
                raise ConfigProblem(what.format(place=place, field=f"{{{field}}}", known=known))
    timeout = seconds_of(str(values.get("timeout", _DEFAULT_TIMEOUT)))
    assert timeout is not None, "read_settings refuses what is no time"
    return Recogniser(name, (os.path.expanduser(command[0]), *command[1:]), transcript, timeout)  # noqa: PTH111


@dataclass(frozen=True, slots=True)
class Made:
    """A transcript that a recogniser wrote: its bytes, and the suffix of its format."""

    data: bytes
    suffix: str


def transcribe(
    recogniser: Recogniser,
    audio: Path,
    language: str | None,
    work: Path,
    tell: Callable[[float, str], None],
    is_stopped: Callable[[], bool],
) -> Made:
    """Runs the recogniser on a file, in the empty folder `work`. `tell(seconds, last line)` is called meanwhile.

    Raises RecognitionFailed, and KeyboardInterrupt if `is_stopped`; the command has then ended.
    """
    tag = re.match(r"[A-Za-z]{2,3}(?![A-Za-z])", language or "")
    out = work / "transcript"
    out.mkdir()
    values = {
        "audio": str(audio),
        "folder": str(out),
        "stem": audio.stem,
        "language": _ALSO.get(tag[0].lower(), tag[0].lower()) if tag else "auto",
    }
    log, printed = work / "log", work / "printed"
    code = _run(recogniser.arguments(values), out, printed, log, recogniser.timeout, tell, is_stopped)
    if code != 0:
        line = _last_line(log) or _last_line(printed) or _("it printed nothing")
        raise RecognitionFailed(
            _("{program} ended with {code}: {line}").format(program=recogniser.command[0], code=code, line=line)
        )
    expected = out / fill(recogniser.transcript, values) if recogniser.transcript else None
    made = _found(out, printed, expected)
    if made is None:
        line = _last_line(log) or _last_line(printed)
        what = (
            _("{program} wrote no transcript with cues: {line}")
            if line
            else _("{program} wrote no transcript with cues")
        )
        raise RecognitionFailed(what.format(program=recogniser.command[0], line=line))
    return made


def _run(
    arguments: list[str],
    out: Path,
    printed: Path,
    log: Path,
    timeout: float,
    tell: Callable[[float, str], None],
    is_stopped: Callable[[], bool],
) -> int:
    begin = time.monotonic()
    with printed.open("wb") as stdout, log.open("wb") as stderr:
        try:
            process = subprocess.Popen(
                arguments, cwd=out, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, start_new_session=True
            )
        except OSError as error:
            raise RecognitionFailed(f"{arguments[0]}: {error.strerror}") from None
        try:
            while True:
                with suppress(subprocess.TimeoutExpired):
                    return process.wait(_TICK)
                spent = time.monotonic() - begin
                if is_stopped():
                    raise KeyboardInterrupt
                if spent > timeout:
                    raise RecognitionFailed(_("it took more than {n:g} s").format(n=timeout))
                tell(spent, _last_line(log) or _last_line(printed))
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process that still runs, with all that it started."""
    for number in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
        if process.poll() is not None:
            return
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, number)
            else:
                process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)


def _last_line(path: Path) -> str:
    """The last line of a file that is not empty, as a recogniser shows it: progress ends with carriage returns. Without
    colours and control characters."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _TAIL))
            text = file.read(_TAIL).decode("utf-8", "replace")
    except OSError:
        return ""
    lines = (tidy(line, 300) for line in reversed(re.split(r"[\r\n]+", _COLOUR.sub("", text))))
    return next(filter(None, lines), "")


def _found(out: Path, printed: Path, expected: Path | None) -> Made | None:
    """The best transcript that was written: the expected file, else any, else what was printed."""
    files = [path for _, path in zip(range(_MOST_FILES), out.rglob("*"), strict=False) if path.is_file()]
    files.sort(key=lambda path: (_rank(path.suffix.lower()), str(path)))
    for path in [expected] if expected is not None else [*files, printed]:
        with suppress(OSError):
            data = sources.read(path, LARGEST_FILE + 1)
            if readers.is_transcript(data) and readers.read_bytes(str(path), data).cues:
                return Made(data, path.suffix.lower() if path.suffix.lower() in readers.SUFFIXES else _suffix(data))
    return None


def _rank(suffix: str) -> int:
    return _BEST.index(suffix) if suffix in _BEST else len(_BEST)


def _suffix(data: bytes) -> str:
    reader = readers.find_reader(decode(data).text)
    return reader.suffixes[0] if reader is not None else ".txt"
