"""The published decision log, for anybody: c2sp.org/tlog-tiles, and the key its checkpoints are checked with."""

from typing import Annotated

from litestar import Response, get
from litestar.openapi.spec import Example
from litestar.params import PathParameter

from winnow.errors import NotFoundError
from winnow.shells.http.access import TheService, public
from winnow.shells.http.described import problems
from winnow.shells.http.problem import NOT_FOUND

_TEXT = "text/plain"
_BYTES = "application/octet-stream"
#: A tile never changes; which is the newest checkpoint does, every second or so.
_FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}
_BRIEFLY = {"cache-control": "public, max-age=1"}

TilePath = Annotated[
    str,
    PathParameter(
        description="Level and number of a tile, as c2sp.org/tlog-tiles writes them.",
        examples=[Example(value="entries/000.p/12")],
    ),
]


@get(
    "/v1/log/checkpoint",
    opt=public(),
    sync_to_thread=True,
    media_type=_TEXT,
    summary="The newest signed checkpoint",
    tags=["log"],
    responses=problems(NOT_FOUND),
)
def checkpoint(service: TheService) -> Response[bytes]:
    """A signed note (c2sp.org/signed-note): name of the log, number of entries, root hash, signature."""
    return Response(_published(service, "checkpoint"), media_type=_TEXT, headers=_BRIEFLY)


@get(
    "/v1/log/tile/{tile:path}",
    opt=public(),
    sync_to_thread=True,
    media_type=_BYTES,
    summary="A part of the log",
    tags=["log"],
    responses=problems(NOT_FOUND),
)
def tile(service: TheService, tile: TilePath) -> Response[bytes]:
    """Hashes of 32 bytes each, or for `entries/…` entries with their lengths. A tile never changes.

    A partial tile (`….p/WIDTH`) may be gone once the full one is there; take the beginning of that.
    """
    return Response(_published(service, f"tile/{tile.lstrip('/')}"), media_type=_BYTES, headers=_FOR_EVER)


@get(
    "/v1/log/key",
    opt=public(),
    sync_to_thread=False,
    media_type=_TEXT,
    summary="The public key of the log",
    tags=["log"],
)
def key(service: TheService) -> Response[str]:
    """What checkpoints are checked with. Write it down on the day Winnow is set up: auditors bring their own copy."""
    return Response(f"{service.log_key}\n", media_type=_TEXT, headers=_BRIEFLY)


def _published(service: TheService, path: str) -> bytes:
    content = service.published.resource(path)
    if content is None:
        raise NotFoundError(f"there is no `{path[:80]}` in the published log", fix="begin with the checkpoint")
    return content


ROUTES = [checkpoint, tile, key]
