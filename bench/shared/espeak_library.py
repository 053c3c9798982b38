"""Speaks with the library of espeak-ng, in this process: a program started for each cue takes four times as long."""

from __future__ import annotations

import ctypes
from threading import Lock
from typing import Any

_NAME = "libespeak-ng.so.1"
_SYNCHRONOUS, _RATE, _CHARACTERS, _UTF8 = 2, 1, 1, 1
"""Constants of speak_lib.h: AUDIO_OUTPUT_SYNCHRONOUS, espeakRATE, POS_CHARACTER, espeakCHARS_UTF8."""
_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class EspeakLibrary:
    """A voice. Threads may share it; they speak one after the other. `samples_a_second` is that of what it says."""

    def __init__(self, voice: str, words_a_minute: int) -> None:
        """Raises OSError where the library or the voice is missing."""
        self._library: Any = ctypes.CDLL(_NAME)
        self._heard = bytearray()
        self._lock = Lock()
        self._callback = _Callback(self._hear)  # kept: the library calls it
        self.samples_a_second: int = self._library.espeak_Initialize(_SYNCHRONOUS, 0, None, 0)
        if self.samples_a_second <= 0 or self._library.espeak_SetVoiceByName(voice.encode()):
            raise OSError(f"{_NAME}: no voice {voice}")
        self._library.espeak_SetSynthCallback(self._callback)
        self._library.espeak_SetParameter(_RATE, words_a_minute, 0)

    def say(self, text: str) -> bytes:
        """The samples of a text: 16 bits, signed, little-endian on the machines there are."""
        said = text.replace("\0", " ").encode("utf-8", "replace")
        with self._lock:
            self._heard.clear()
            self._library.espeak_Synth(said, len(said) + 1, 0, _CHARACTERS, 0, _UTF8, None, None)
            return bytes(self._heard)

    def _hear(self, samples: Any, amount: int, _: Any) -> int:
        if samples and amount > 0:
            self._heard += ctypes.string_at(samples, 2 * amount)
        return 0
