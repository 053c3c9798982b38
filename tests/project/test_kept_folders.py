"""What a bench keeps is used again only while it is what would be made."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

import speed_worker
from make_corpus import subrip
from shared import kept_folders, processes

RECIPE = "a recipe"


def make(folder: Path, recipe: str = RECIPE, text: str = "made") -> Path:
    with kept_folders.making(folder, recipe):
        folder.mkdir()
        (folder / "file").write_text(text, "utf-8")
    return folder


def test_a_folder_is_kept_until_its_recipe_changes(tmp_path: Path) -> None:
    folder = make(tmp_path / "index")
    assert kept_folders.is_kept(folder, RECIPE)
    assert not kept_folders.is_kept(folder, "other code")
    make(folder, "other code", "anew")
    assert (folder / "file").read_text("utf-8") == "anew"
    assert kept_folders.is_kept(folder, "other code")


def test_what_an_interrupted_run_leaves_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with pytest.raises(KeyboardInterrupt), kept_folders.making(folder, RECIPE):
        folder.mkdir()
        raise KeyboardInterrupt
    assert not kept_folders.is_kept(folder, RECIPE)
    assert kept_folders.is_kept(make(folder), RECIPE)


def test_a_folder_that_no_bench_made_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    with pytest.raises(SystemExit, match="own: no bench made it"):
        make(tmp_path / "own")
    assert (tmp_path / "own").is_dir()


def test_a_maker_without_a_folder_leaves_no_mark(tmp_path: Path) -> None:
    with kept_folders.making(tmp_path / "nothing", RECIPE):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_corpus_is_made_once_and_again_of_other_transcripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def run(command: Sequence[str], accepted: Sequence[int]) -> SimpleNamespace:
        made.append(command[3:])
        Path(command[2]).mkdir()
        return SimpleNamespace()

    monkeypatch.setattr(kept_folders, "run", run)
    given, place = tmp_path / "given", tmp_path / "place"
    given.mkdir()
    place.mkdir()
    for _ in range(2):
        assert kept_folders.corpus(place, 300, [given]) == place / "corpus-300"
    (given / "talk.srt").write_text("more", "utf-8")
    kept_folders.corpus(place, 300, [given])
    kept_folders.corpus(place, 300)
    from_given = ["--cues", "300", "--from", str(given)]
    assert made == [from_given, from_given, ["--cues", "300"]]


def test_indexes_of_folders_with_other_texts_differ_and_of_moved_ones_do_not(tmp_path: Path) -> None:
    texts = []
    for place, said in (("a", "one"), ("b", "one"), ("c", "two")):
        folder = tmp_path / place / "talks"
        folder.mkdir(parents=True)
        (folder / "talk.srt").write_text(subrip([(0, 900, said)]), "utf-8")
        texts.append(speed_worker.measure(str(folder))["text"])
    assert texts[0] == texts[1] != texts[2]
    assert kept_folders.index_recipe("podseek", texts[0]) != kept_folders.index_recipe("podseek", texts[2])
    assert kept_folders.index_recipe("podseek", texts[0]) != kept_folders.index_recipe("fts5", texts[0])


def test_a_command_that_ends_with_one_fails_where_only_nought_is_success() -> None:
    command = [sys.executable, "-S", "-c", "import sys; sys.exit('broken')"]
    assert processes.run(command).output == ""
    with pytest.raises(SystemExit, match="ended with 1: broken"):
        processes.run(command, accepted=(0,))
