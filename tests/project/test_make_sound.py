"""Audio for the demo: what sounds at a second is the cue of that second."""

from __future__ import annotations

import sys
import wave
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.library import Tools, write_lines

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

from make_sound import RATE, SILENCE, make_sounds, tones, voice

LINES = [(1.0, 3.0, "水开了"), (3.0, 4.0, "泡茶"), (6.5, 8.0, "慢慢喝")]


def is_silent(samples: bytes) -> bool:
    return samples == SILENCE * len(samples)


def sound_of(path: Path) -> bytes:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 1, RATE)
        return file.readframes(file.getnframes())


@pytest.fixture
def index(tools: Tools, tmp_path: Path) -> Path:
    write_lines(tmp_path / "show" / "tea.srt", LINES)
    write_lines(tmp_path / "show" / "own.srt", LINES)
    (tmp_path / "show" / "own.mp3").write_bytes(b"mine")
    return tools.index([tmp_path / "show"], tmp_path / "index")


def test_it_sounds_while_a_cue_is_said_and_is_silent_between(index: Path) -> None:
    assert make_sounds(index, tones) == 1
    sound = sound_of(index.parent / "show" / "tea.wav")
    assert len(sound) == 8 * RATE
    for start, end, _ in LINES:
        assert not is_silent(sound[int(start * RATE) : int(start * RATE) + 500])
        assert not is_silent(sound[int((end - 0.5) * RATE) : int(end * RATE)])
    assert is_silent(sound[:RATE]) and is_silent(sound[4 * RATE : int(6.5 * RATE)])


def test_audio_that_is_there_is_left_alone(index: Path) -> None:
    make_sounds(index, tones)
    assert not (index.parent / "show" / "own.wav").exists()
    assert make_sounds(index, tones) == 0


def test_the_number_of_episodes_is_announced_before_any_is_made(index: Path) -> None:
    made = index.parent / "show" / "tea.wav"
    announced: list[tuple[int, bool]] = []

    def announce(number: int) -> None:
        announced.append((number, made.exists()))

    make_sounds(index, tones, announce)
    make_sounds(index, tones, announce)  # none is left to make: nothing is said
    assert announced == [(1, False)]


@pytest.mark.needs("espeak-ng")
def test_a_voice_reads_the_text_within_its_time() -> None:
    assert len(voice("水开了就泡茶", 2 * RATE)) == 2 * RATE
    assert not is_silent(voice("水开了就泡茶", 2 * RATE))
    assert len(voice("-v en", 100)) == 100


@pytest.mark.needs("espeak-ng")
def test_several_threads_share_one_voice() -> None:
    texts = ["水开了", "泡茶", "慢慢喝"] * 4
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(voice, texts, [RATE] * len(texts)))
    assert [len(sound) for sound in together] == [RATE] * len(texts)
    assert not any(map(is_silent, together))
