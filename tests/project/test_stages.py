"""What `.ci/run` runs beside its stages is shown in one piece, and ends with it, however that ends."""

from __future__ import annotations

import os
import select
import signal
import subprocess
from pathlib import Path

import pytest
from support.library import PATIENCE, ROOT

pytestmark = pytest.mark.needs("bash")

SLOW = """
slow() { echo begun; sleep 3600 & sleep 3600; echo never; }
beside slow slow
stage sh -c 'until grep -qs begun "$1"/slow; do sleep 0.05; done' - "$kept"
"""


def ended(folder: Path, script: str, stop: Path | None = None) -> tuple[int, str]:
    """The exit code and the output of a script with stages, of which no process is left; it is sent SIGTERM once `stop`
    exists."""
    path = folder / "script"  # bash talks of what ends while it runs a text (-c)
    path.write_text(f"set -euo pipefail\n. .ci/stages\n{script}", "utf-8")
    pipe, held = os.pipe()
    process = subprocess.Popen(
        ["bash", path], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, pass_fds=[held]
    )
    os.close(held)
    if stop is not None:
        while not stop.exists() and process.poll() is None:
            select.select([], [], [], 0.02)
        process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=PATIENCE)
    assert select.select([pipe], [], [], PATIENCE)[0], "a process was left"
    os.close(pipe)
    return process.returncode, said


def test_what_runs_beside_is_shown_in_one_piece(tmp_path: Path) -> None:
    code, said = ended(
        tmp_path,
        """
        one() { echo one; sleep 0.2; echo one again; }
        beside first one
        beside second echo two
        stage echo three
        joined
    """,
    )
    assert code == 0
    assert said.splitlines() == [
        "three",
        "== first, which ran beside the others",
        "one",
        "one again",
        "== second, which ran beside the others",
        "two",
    ]


def test_one_that_fails_beside_the_others_fails_the_run(tmp_path: Path) -> None:
    code, said = ended(
        tmp_path,
        """
        one() { echo one; sh -c 'exit 7'; echo never; }
        beside first one
        beside second echo two
        stage echo three
        joined
        echo never
    """,
    )
    assert code == 7
    assert "two" in said
    assert "never" not in said


def test_a_stage_that_fails_ends_all_that_runs(tmp_path: Path) -> None:
    code, said = ended(tmp_path, f"{SLOW}\nstage sh -c 'exit 3'\njoined")
    assert code == 3
    assert said.splitlines() == ["== slow, which ran beside the others, was ended before it was done", "begun"]


def test_what_was_done_before_a_stage_failed_is_not_said_to_be_cut_short(tmp_path: Path) -> None:
    code, said = ended(tmp_path, "beside quick echo all\nwait ${groups[0]}\nstage sh -c 'exit 3'\njoined")
    assert code == 3
    assert said.splitlines() == ["== quick, which ran beside the others", "all"]


@pytest.mark.parametrize("waiting", ["stage sh -c 'echo > \"$1\"; sleep 3600' -", "stage touch"])
def test_a_signal_ends_all_that_runs(waiting: str, tmp_path: Path) -> None:
    code, said = ended(tmp_path, f"{SLOW}\n{waiting} {tmp_path / 'reached'}\njoined", tmp_path / "reached")
    assert code == 128 + signal.SIGTERM
    assert "begun" in said
    assert "never" not in said
