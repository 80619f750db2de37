"""All routes of the API."""

from litestar import get

from winnow.shells.http.types import Document


@get("/healthz", summary="Is the process alive?")
async def health() -> Document:
    """Always 200 while the process answers."""
    return {"status": "ok"}


ROUTES = [health]
