"""Makes audio for the episodes of an index, so that `podseek serve` can be heard without a download.

    python bench/make_sound.py INDEX           writes NAME.wav beside each transcript
    python bench/make_sound.py INDEX --tones   takes no voice, even where espeak-ng is installed

A voice (espeak-ng) reads each cue from its second on; without one each character is a short tone, so that the rhythm is
that of the text. What is heard at a second is the cue of that second, which is what a player must show. Nothing is
replaced: a transcript that has audio beside it is left alone.
"""

from __future__ import annotations

import argparse
import math
import shutil
import subprocess
import sys
import wave
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock

from shared.espeak_library import EspeakLibrary

from search import CueLine, open_library
from search.frontends.media.player import find_audio

RATE = 11_025
"""Samples a second, of one byte each: 6 MB an episode of nine minutes."""
SILENCE = b"\x80"
VOICE = "espeak-ng"
_LOADING = Lock()
_SPEED = 300
"""Words a minute, so that most cues are read within their time."""
_PITCHES = (262, 294, 330, 392, 440, 523, 587, 659)
"""Hertz, whole numbers, so that a second of a tone can be repeated."""
_SOUNDING = 0.75
"""The share of a character's time that is a tone."""
_SIGNED = bytes(value ^ 0x80 for value in range(256))
"""From the high bytes of signed samples to unsigned ones."""

Say = Callable[[str, int], bytes]
"""Says a text in at most so many samples."""


def tones(text: str, amount: int) -> bytes:
    """A tone for each character, its pitch by the character.

    >>> len(tones("水开了", 9000)), tones("", 3)
    (9000, b'\\x80\\x80\\x80')
    """
    said = [character for character in text if not character.isspace()]
    if not said:
        return SILENCE * amount
    room = amount // len(said)
    sounding = int(room * _SOUNDING)
    parts = (_second(_PITCHES[ord(character) % len(_PITCHES)])[:sounding] for character in said)
    made = b"".join(part + SILENCE * (room - len(part)) for part in parts)
    return made + SILENCE * (amount - len(made))


@lru_cache
def _second(pitch: int) -> bytes:
    return bytes(128 + round(60 * math.sin(2 * math.pi * pitch * at / RATE)) for at in range(RATE))


def voice(text: str, amount: int) -> bytes:
    """The text read by espeak-ng, cut or filled with silence. Raises OSError or CalledProcessError."""
    with _LOADING:  # two of them in a process hinder each other
        library = _library()
    samples, rate = (library.say(text), library.samples_a_second) if library else _by_program(text)
    plain = samples[1 :: 2 * (rate // RATE)].translate(_SIGNED)[:amount]  # the high byte of every second sample
    return plain + SILENCE * (amount - len(plain))


@lru_cache(1)
def _library() -> EspeakLibrary | None:
    try:
        return EspeakLibrary("cmn", _SPEED)
    except (OSError, AttributeError):  # not where the dynamic linker looks, or another version
        return None


def _by_program(text: str) -> tuple[bytes, int]:
    """The samples of a text, and how many make a second."""
    spoken = subprocess.run(
        [VOICE, "-v", "cmn", "-s", str(_SPEED), "--stdin", "--stdout"],
        input=text.encode(),
        capture_output=True,
        check=True,
    )
    with wave.open(BytesIO(spoken.stdout)) as file:
        return file.readframes(file.getnframes()), file.getframerate()


def episode_sound(cues: Sequence[CueLine], say: Say) -> bytes:
    """The samples of an episode: each cue from its start to that of the next, or to its end."""
    made = bytearray()
    for at, cue in enumerate(cues):
        begin = round(cue.start * RATE)
        until = cues[at + 1].start if at + 1 < len(cues) else cue.end
        made += SILENCE * (begin - len(made))
        made += say(cue.text, max(0, round(min(cue.end, until) * RATE) - len(made)))
    return bytes(made)


def write_sound(path: Path, samples: bytes) -> None:
    """Writes a WAV file of one channel."""
    part = path.with_name(f".{path.name}.part")
    with wave.open(str(part), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE)
        file.writeframes(samples)
    part.replace(path)


def make_sounds(index: Path, say: Say, announce: Callable[[int], None] = lambda _: None) -> int:
    """Writes the audio of the episodes that have no file; returns their number, which `announce` gets before."""
    with open_library(index) as library, ThreadPoolExecutor() as threads:
        wanted = []
        for episode in library.episodes():
            path = Path(episode.path)
            known = find_audio(episode)
            if path.is_file() and (known is None or known.startswith(("http://", "https://"))):
                wanted.append((path.with_suffix(".wav"), library.read(episode.id)[1]))
        if wanted:
            announce(len(wanted))
        made = threads.map(lambda one: write_sound(one[0], episode_sound(one[1], say)), wanted)
        return sum(1 for _ in made)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--tones", action="store_true")
    options = parser.parse_args()
    is_spoken = not options.tones and shutil.which(VOICE) is not None
    by = VOICE if is_spoken else "tones"

    def announce(number: int) -> None:
        print(f"Making the audio of {number} episodes with {by}: this takes a while", file=sys.stderr, flush=True)

    made = make_sounds(options.index, voice if is_spoken else tones, announce)
    print(f"Audio of {made} episodes made with {by}", file=sys.stderr)


if __name__ == "__main__":
    main()
