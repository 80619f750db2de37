"""Whether the process is alive."""

from litestar import get

from winnow.shells.http.access import public
from winnow.shells.http.types import Document


@get("/healthz", opt=public(), sync_to_thread=False, summary="Is the process alive?", tags=["service"])
def health() -> Document:
    """Always 200 while the process answers."""
    return {"status": "ok"}


ROUTES = [health]
