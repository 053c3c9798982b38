"""Files that are written whole, or not at all."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from support.library import PATIENCE, ROOT, podseek

from indexer.core.errors import IndexProblem
from indexer.core.files.atomic_write import remove_stale, write_whole
from indexer.core.words.lexicon import add_alias, read_lexicon

posix = pytest.mark.skipif(os.name != "posix", reason="permissions, links and signals of POSIX")

OWN = '# 我的词表\nwords = ["大模型"]\n'


@pytest.fixture
def lexicon(tmp_path: Path) -> Path:
    path = tmp_path / "show" / "lexicon.toml"
    path.parent.mkdir()
    path.write_text(OWN, "utf-8")
    return path


def test_a_file_takes_the_place_of_the_old_one_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "稿.json"
    path.write_text("旧", "utf-8")
    write_whole(path, "新的".encode())
    assert path.read_text("utf-8") == "新的"
    assert list(tmp_path.iterdir()) == [path]


def test_where_it_cannot_take_its_place_nothing_changes(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    (path / "inside").mkdir(parents=True)
    with pytest.raises(OSError):
        write_whole(path, b"1")
    assert [entry.name for entry in tmp_path.rglob("*")] == ["folder", "inside"]


@posix
def test_a_file_keeps_its_permissions_and_a_link_leads_where_it_led(lexicon: Path, tmp_path: Path) -> None:
    lexicon.chmod(0o640)
    link = tmp_path / "lexicon.toml"
    link.symlink_to(lexicon)
    assert add_alias(link, "高熵", ["高商"]) == ["高商"]
    assert link.is_symlink() and link.readlink() == lexicon
    assert lexicon.stat().st_mode & 0o7777 == 0o640
    assert lexicon.read_text("utf-8").startswith(OWN)
    assert read_lexicon(lexicon).aliases == (("高熵", "高商"),)


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_a_file_keeps_its_owner(lexicon: Path) -> None:
    os.chown(lexicon, 12345, 23456)
    add_alias(lexicon, "高熵", ["高商"])
    assert (lexicon.stat().st_uid, lexicon.stat().st_gid) == (12345, 23456)


class FullFile:
    """A file on a disk that is full after a few bytes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, data: bytes) -> int:
        self._file.write(data[:5])
        self._file.flush()
        raise OSError(errno.ENOSPC, "No space left on device")

    def __enter__(self) -> FullFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def test_on_a_full_disk_a_file_stays_as_it_was(lexicon: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Path.open

    def open_full(path: Path, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        file = opened(path, mode, *arguments, **options)
        return FullFile(file) if set(mode) & set("wax") else file

    monkeypatch.setattr(Path, "open", open_full)
    with pytest.raises(IndexProblem, match=r"lexicon\.toml: the alias cannot be added \(No space left on device\)"):
        add_alias(lexicon, "高熵", ["高商"])
    monkeypatch.undo()
    assert lexicon.read_text("utf-8") == OWN
    assert list(lexicon.parent.iterdir()) == [lexicon]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KB."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root may mount a file system")
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False, timeout=PATIENCE).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True, timeout=PATIENCE)


@pytest.mark.needs("mount")
def test_on_a_disk_that_is_really_full_too(small_disk: Path) -> None:
    path = small_disk / "lexicon.toml"
    path.write_text(OWN + "# " + "x" * 30_000 + "\n", "utf-8")
    before = path.read_bytes()
    with (small_disk / "rest").open("wb", buffering=0) as rest, pytest.raises(OSError, match="No space left"):
        while True:
            rest.write(b"x" * 4096)

    with pytest.raises(IndexProblem, match=r"the alias cannot be added \(No space left on device\)"):
        add_alias(path, "高熵", ["高商"])
    assert path.read_bytes() == before
    assert sorted(file.name for file in small_disk.iterdir()) == ["lexicon.toml", "rest"]


# Ends at each step of a write: the number of the call, of those that a write makes, at which it is killed.
KILLED = """
import os, signal, sys
from pathlib import Path
from indexer.core.words import lexicon
from indexer.core.files import atomic_write
left = int(sys.argv[2])
def counted(call):
    def made(*arguments, **options):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **options)
    return made
for place, name in (
    (atomic_write, "sync"), (atomic_write, "sync_folder"), (atomic_write, "_keep_rights"),
    (os, "replace"), (Path, "open"),
):
    setattr(place, name, counted(getattr(place, name)))
lexicon.add_alias(Path(sys.argv[1]), "高熵", ["高商"])
"""


@posix
def test_a_process_killed_at_any_step_leaves_the_old_file_or_the_new_one(lexicon: Path) -> None:
    add = ["-c", KILLED, str(lexicon)]
    states = []
    for step in range(50):
        lexicon.write_text(OWN, "utf-8")
        done = subprocess.run([sys.executable, *add, str(step)], cwd=ROOT, check=False, timeout=PATIENCE)
        text = lexicon.read_text("utf-8")
        states.append(text == OWN)
        assert text == OWN or read_lexicon(lexicon).aliases == (("高熵", "高商"),)
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
    assert states[0] and not states[-1] and len(states) > 4


@posix
def test_aliases_added_at_the_same_time_are_all_there(lexicon: Path) -> None:
    code = "import sys; from pathlib import Path; from indexer.core.words.lexicon import add_alias\n"
    code += "for n in range(20): add_alias(Path(sys.argv[1]), '高熵', [f'{sys.argv[2]}号{n}'])"
    commands = [[sys.executable, "-c", code, str(lexicon), str(number)] for number in range(3)]
    running = [subprocess.Popen(command, cwd=ROOT) for command in commands]
    assert [process.wait(PATIENCE) for process in running] == [0, 0, 0]
    assert len(read_lexicon(lexicon).aliases) == 60


def test_the_command_says_what_is_wrong_and_that_nothing_changed(
    lexicon: Path, tmp_path: Path, write_srt: Callable[..., Path]
) -> None:
    write_srt(lexicon.parent / "1.srt", "高商")
    index = tmp_path / "index"
    assert podseek("index", lexicon.parent, index=index).code == 0
    lexicon.write_bytes(OWN.encode() + b"# \xff\xfe\n")
    run = podseek("alias", "add", "高熵", "高商", index=index)
    assert run.code == 2
    assert "lexicon.toml" in run.err and run.err.count("\n") == 1 and "Traceback" not in run.err
    assert lexicon.read_bytes() == OWN.encode() + b"# \xff\xfe\n"


def test_what_a_killed_process_left_is_removed_when_it_is_old(tmp_path: Path) -> None:
    old, new, other = (tmp_path / name for name in (".podseek-0123456789ab.new", ".podseek-ba9876543210.new", "a.new"))
    for path in (old, new, other):
        path.write_bytes(b"half")
    for path in (old, other):
        os.utime(path, (0, 0))
    remove_stale(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([new, other])
