"""Long lists page by page, and editions: what routes of several resources have in common."""

import hashlib
from typing import Annotated, TypeAlias

from litestar.openapi.spec import Example
from litestar.params import QueryParameter

from winnow.shells.http.problem import PRECONDITION_FAILED, PRECONDITION_REQUIRED, RefusedRequestError

MOST = 200

#: Query parameter `limit`, to be given a default.
Limit: TypeAlias = Annotated[
    int,
    QueryParameter(ge=1, le=MOST, description="How many there are on a page.", examples=[Example(value=50)]),
]

#: Query parameter `cursor`, with the default None.
Cursor: TypeAlias = Annotated[
    str | None,
    QueryParameter(
        min_length=1,
        max_length=200,
        description="`next` of the page before; without it, the first page is given.",
        examples=[Example(value="12")],
    ),
]


def etag(content: bytes) -> str:
    """The name of an edition (RFC 9110 section 8.8.3): equal for equal content."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def check_edition(if_match: str | None, current: str) -> None:
    """Raise RefusedRequestError (428, 412) unless the header If-Match names the edition there is, or any (`*`)."""
    if if_match is None:
        raise RefusedRequestError(
            PRECONDITION_REQUIRED, "which edition is to be changed was not said", where="If-Match", fix="send its ETag"
        )
    wanted = {part.strip() for part in if_match.split(",")}
    if "*" not in wanted and current not in wanted:
        raise RefusedRequestError(
            PRECONDITION_FAILED, "it was changed since it was read", where="If-Match", fix="read it again"
        )
