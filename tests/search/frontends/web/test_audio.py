"""Audio: the file of the episode, from any byte, and nothing else of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from support.front_ends.web import served
from support.library import Tools, spaced, write_lines

SOUND = bytes(range(256)) * 40


@pytest.fixture
def show(tmp_path: Path) -> Path:
    """Episodes whose audio is beside them, elsewhere in the show, and where it must not be."""
    folder = tmp_path / "show"
    for name in ("beside", "below", "outside", "secret", "linked", "missing", "mp3less"):
        write_lines(folder / f"{name}.srt", spaced(["今天聊电池", "再见"]))
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "outside.mp3").write_bytes(b"outside")
    (folder / "beside.mp3").write_bytes(SOUND)
    (folder / "sounds").mkdir()
    (folder / "sounds" / "below.m4a").write_bytes(SOUND)
    (folder / "linked.mp3").symlink_to(tmp_path / "secret.txt")
    (folder / "mp3less.mp3").symlink_to("/etc/passwd")
    (folder / "podcast.toml").write_text(
        "[episodes.below]\naudio = 'sounds/below.m4a'\n"
        "[episodes.outside]\naudio = '../outside.mp3'\n"
        f"[episodes.secret]\naudio = 'file://{tmp_path}/secret.txt'\n"
        "[episodes.missing]\naudio = 'nowhere.mp3'\n",
        "utf-8",
    )
    return folder


@pytest.fixture
def client(tools: Tools, show: Path) -> Iterator[TestClient]:
    with served(tools.index([show], show.parent / "index")) as opened:
        yield opened


@pytest.mark.parametrize(("name", "kind"), [("beside", "audio/mpeg"), ("below", "audio/mp4")])
def test_the_file_of_an_episode_is_played(client: TestClient, name: str, kind: str) -> None:
    answer = client.get(f"/audio/show/{name}")
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, SOUND, kind)
    assert answer.headers["accept-ranges"] == "bytes"
    assert client.head(f"/audio/show/{name}").headers["content-length"] == str(len(SOUND))


@pytest.mark.parametrize(
    ("asked", "first", "last"), [("0-", 0, 10239), ("5000-5099", 5000, 5099), ("-10", 10230, 10239)]
)
def test_a_player_gets_the_bytes_from_anywhere(client: TestClient, asked: str, first: int, last: int) -> None:
    answer = client.get("/audio/show/beside", headers={"range": f"bytes={asked}"})
    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(SOUND)}"
    assert answer.content == SOUND[first : last + 1]


def test_ranges_that_cannot_be_or_are_many_are_refused(client: TestClient) -> None:
    many = ",".join(f"{n}-{n}" for n in range(10_000))
    for asked in ("bytes=20000-", f"bytes={many}", "bytes=0-1,4-5"):
        assert client.get("/audio/show/beside", headers={"range": asked}).status_code == 416
    for odd in ("bytes=9-1", "lines=1-2", "bytes=x"):
        assert client.get("/audio/show/beside", headers={"range": odd}).status_code in (200, 400, 416)


@pytest.mark.parametrize("name", ["outside", "secret", "linked", "missing", "mp3less", "nowhere"])
def test_no_other_file_is_given_away(client: TestClient, name: str) -> None:
    """Whatever a sidecar names and wherever links lead."""
    answer = client.get(f"/audio/show/{name}")
    assert answer.status_code == 404
    assert b"secret" not in answer.content and b"outside" not in answer.content and b"root:" not in answer.content


@pytest.mark.parametrize(
    "path",
    ["/audio/../secret.txt", "/audio/%2e%2e/secret.txt", "/audio/show/..%2f..%2fsecret.txt", "/audio//etc/passwd"],
)
def test_paths_lead_nowhere(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_more_folders_can_be_allowed(tools: Tools, show: Path) -> None:
    index = tools.index([show], show.parent / "index")
    with served(index, audio_folders=(show.parent.resolve(),)) as client:
        assert client.get("/audio/show/outside").content == b"outside"
        assert client.get("/audio/show/secret").status_code == 404
