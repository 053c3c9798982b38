"""Opens one commit of an index in a folder: a manifest and segments that belong together."""

from __future__ import annotations

from indexer.core.errors import IndexProblem
from indexer.core.files import mapped_files
from indexer.core.files.mapped_files import AnyPath
from indexer.core.messages import _
from indexer.store.manifest import FILE, Manifest, read_manifest
from indexer.store.segments import Contents, open_segments

_ATTEMPTS = 4
"""How often a commit is opened that another one replaced meanwhile."""


def open_commit(folder: AnyPath, known: Contents | None) -> tuple[Manifest, Contents]:
    """Opens the manifest and the segments of one commit, reusing segments of `known` that are already open.
    Raises IndexProblem."""
    for __ in range(_ATTEMPTS):
        manifest = read_manifest(folder)
        if manifest is None:
            raise IndexProblem(
                _(
                    "{folder}: there is no index here: make one with `podseek add FEED|FOLDER` or `podseek index PATH`"
                ).format(folder=folder)
            )
        contents = open_segments(folder, known)
        if read_manifest(folder) == manifest:
            if contents.identity and manifest.identity not in ("", contents.identity):
                cure = _("restore the file, or make it anew with `podseek index --rebuild`")
                raise IndexProblem(
                    _("{place}: is of another index: {cure}").format(place=mapped_files.place(folder, FILE), cure=cure)
                )
            return manifest, contents
        if known is None:
            contents.close()
    raise IndexProblem(_("{folder}: the index changes all the time: try again when it is made").format(folder=folder))
