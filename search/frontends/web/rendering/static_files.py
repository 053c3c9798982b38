"""The stylesheet and the scripts, read once at the start and served under an address that changes with them."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

_FOLDER = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
_FOREVER = "public, max-age=31536000, immutable"


@lru_cache(1)
def static_files() -> dict[str, bytes]:
    """Name -> content. Nothing else can be asked for, so no path can lead out of the folder."""
    return {path.name: path.read_bytes() for path in sorted(_FOLDER.iterdir()) if path.suffix in _TYPES}


@lru_cache(1)
def static_hash() -> str:
    """Changes whenever one of the files does."""
    digest = hashlib.sha256()
    for name, content in static_files().items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]


async def static(request: Request) -> Response:
    """`/static/{hash}/{name}`."""
    name = request.path_params["name"]
    content = static_files().get(name)
    if content is None or request.path_params["hash"] != static_hash():
        raise HTTPException(404)
    return Response(content, headers={"cache-control": _FOREVER}, media_type=_TYPES[Path(name).suffix])
