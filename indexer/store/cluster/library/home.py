"""The local folder of a library in a cluster: copies of its manifest, readings and lexicons in the form of an index in
a folder, and what belongs to this user: saved queries, sources, feeds.
"""

from __future__ import annotations

import hashlib
import os
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from indexer.core.configuration.paths import default_data
from indexer.core.errors import IndexProblem, placed
from indexer.core.messages import _
from indexer.core.words.lexicon import add_alias
from indexer.core.words.pronunciation import FILE as READINGS
from indexer.store.cluster.library.meta import Values, no_library, read_data, read_values, update_values
from indexer.store.cluster.transport.address import Address
from indexer.store.cluster.transport.client import Cluster
from indexer.store.cluster.transport.problems import ClusterProblem
from indexer.store.manifest import Manifest, parse_manifest, read_manifest, write_manifest

FOLDER = "PODSEEK_BACKEND_FOLDER"
OWN = "lexicon-00000000.toml"
"""The lexicon of aliases that were added to the library itself, and not to a file beside transcripts."""
_LEXICON = re.compile(r"lexicon-[0-9a-f]{8}\.toml")


def home_of_backend(address: Address) -> Path:
    """The folder of a library; it need not exist. Raises IndexProblem for a user without a home directory."""
    named = os.environ.get(FOLDER)
    folder = Path(named).expanduser() if named else default_data()
    if folder is None:
        raise IndexProblem(
            _("this user has no home folder for copies of what a cluster holds: name one with {variable}").format(
                variable=FOLDER
            )
        )
    node = address.nodes[0]
    return folder / "clusters" / f"{re.sub('[^A-Za-z0-9._-]', '_', node.host)}_{node.port}_{address.library}"


def copies_of(home: Path, version: int) -> Path:
    """The folder of the copies of one version: those of different versions, which processes may use at once, must not
    replace each other."""
    return home / f"v{version}"


def mirror(cluster: Cluster, version: int, home: Path, folder: Path | None = None) -> Manifest:
    """Brings the copies of a version of the library up to date, below `home` or in `folder`, and returns its manifest;
    the lexicons in that are the copies. Raises ClusterProblem if the library has none, and OSError."""
    from indexer.core.files.atomic_write import make_folder, write_whole

    data = read_data(cluster, f"manifest-{version}")
    if data is None:
        raise no_library(cluster)
    folder = folder or copies_of(home, version)
    try:
        make_folder(folder)
        manifest = parse_manifest(data, cluster.address.shown)
        # The manifest comes last: with it the copies are complete.
        if not _has_readings(folder, manifest):
            readings = read_data(cluster, f"readings-{manifest.readings}")
            if readings is None:
                raise ClusterProblem(
                    _("{address}: its readings are missing: `podseek index --rebuild` makes them anew").format(
                        address=cluster.address.shown
                    )
                )
            write_whole(folder / READINGS, readings)
        names = _mirrored_lexicons(cluster, folder)
        manifest = manifest._replace(lexicons=tuple(str(folder / name) for name in names))
        for one in (folder, home):  # in the home it says that the folder is podseek's own
            if _known_manifest(one) != manifest:
                write_manifest(one, manifest)
        _delete_older(home, version)
    except OSError as error:
        raise placed(error, folder) from None
    return manifest


def _has_readings(folder: Path, manifest: Manifest) -> bool:
    try:
        data = (folder / READINGS).read_bytes()
    except FileNotFoundError:
        return False
    return manifest.readings_crc == zlib.crc32(data)


def _known_manifest(folder: Path) -> Manifest | None:
    try:
        return read_manifest(folder)
    except IndexProblem:
        return None


def _delete_older(home: Path, version: int) -> None:
    """Deletes the copies of earlier versions, but not of the one before, which a process may still use."""
    for path in home.glob("v*"):
        if path.name[1:].isdecimal() and int(path.name[1:]) < version - 1:
            rmtree(path, ignore_errors=True)


def _mirrored_lexicons(cluster: Cluster, folder: Path) -> list[str]:
    """Writes the lexicons of the library; returns their names."""
    from indexer.core.files.atomic_write import write_whole

    found = read_values(cluster, "lexicons")
    texts = _lexicons_in(cluster, found.values if found else None)
    files = {name: text.encode() for name, text in texts.items() if _LEXICON.fullmatch(name)}
    for name, data in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != data:
            write_whole(path, data)
    for path in folder.glob("lexicon-*.toml"):
        if _LEXICON.fullmatch(path.name) and path.name not in files:
            path.unlink()
    return sorted(files)


def publish_lexicons(cluster: Cluster, files: Sequence[str]) -> bool:
    """Stores the text of the lexicon files that exist, so that searches everywhere know their aliases; returns whether
    one was new or changed. A lexicon keeps its name by its path. Raises ClusterProblem, also if other processes were
    first at each try, and OSError."""

    def change(before: Mapping[str, str]) -> dict[str, str]:
        own = {
            f"lexicon-{hashlib.sha256(os.fsencode(path)).hexdigest()[:8]}.toml": path.read_text("utf-8")
            for path in map(Path, files)
            if path.is_file()
        }
        return {**before, **own}

    return _changed_lexicons(cluster, change)


def publish_alias(cluster: Cluster, right: str, heard: Sequence[str]) -> list[str]:
    """Adds an alias to those that the library has now, whoever added them; returns the spellings that were new. Raises
    ClusterProblem, also if other processes were first at each try, and IndexProblem for a text that is no alias."""
    new: list[str] = []

    def change(before: Mapping[str, str]) -> dict[str, str]:
        nonlocal new
        with TemporaryDirectory() as folder:
            path = Path(folder) / OWN
            if OWN in before:
                path.write_text(before[OWN], "utf-8")
            new = add_alias(path, right, heard)
            return {**before, OWN: path.read_text("utf-8")} if new else dict(before)

    _changed_lexicons(cluster, change)
    return new


def _lexicons_in(cluster: Cluster, values: Values | None) -> dict[str, str]:
    """The stored lexicons (name -> text). Raises ClusterProblem if they are something else."""
    with cluster.understood():
        texts = dict(values.get("files", {})) if values else {}
        for text in texts.values():
            str.encode(text)  # what is no text, or cannot be written, is refused
    return texts


def _changed_lexicons(cluster: Cluster, change: Callable[[Mapping[str, str]], dict[str, str]]) -> bool:
    """Replaces the stored lexicons (name -> text) by what `change` makes of them, which is called again if another
    process was first; returns whether that was a change. Raises ClusterProblem if one was first at each try."""
    is_changed = False

    def changed(values: Values | None) -> Values | None:
        nonlocal is_changed
        before = _lexicons_in(cluster, values)
        after = change(before)
        is_changed = after != before
        return {"files": after} if is_changed else None

    busy = _("{address}: other processes keep changing its aliases, and nothing was added: try again later")
    update_values(cluster, "lexicons", changed, busy.format(address=cluster.address.shown))
    return is_changed
