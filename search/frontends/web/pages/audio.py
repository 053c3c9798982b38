"""`/audio/{id}`: the audio file of an episode, with ranges, so that a player can begin anywhere."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from search.frontends.web.pages.episode import find_episode
from search.frontends.web.served.audio_sources import MEDIA_TYPES
from search.frontends.web.site import PageView
from search.query.deadline import Deadline


def audio_file(view: PageView, _: Deadline) -> Response:
    """The file. Raises HTTPException: 404 if there is none that may be served, 416 for several ranges, which no player
    asks for."""
    sound = view.sound(find_episode(view))
    if sound is None or sound.file is None:
        raise HTTPException(404)
    if "," in view.request.headers.get("range", ""):
        raise HTTPException(416)
    return FileResponse(
        sound.file,
        media_type=MEDIA_TYPES[sound.file.suffix.lower()],
        headers={"cache-control": "private, max-age=3600", "content-disposition": "inline"},
    )
