"""What can go wrong between a program and the service, told apart by what the program can do about it."""

from collections.abc import Sequence

import msgspec

from winnow.client.results import Decision, Spooled
from winnow.errors import InvalidInputError, WinnowError


class ClientError(WinnowError):
    """What was asked could not be done.

    decided: for `screen_many`, the answers to the batches before the one that failed
    """

    decided: Sequence[Decision | Spooled] = ()


class UnsendableError(ClientError, InvalidInputError):
    """What should be sent cannot be, or could be meant in two ways; nothing of it was sent."""


class WinnowApiError(ClientError):
    """The service refused the request, or its answer cannot be understood; asking again changes nothing.

    status: of HTTP · type: the URI that names the kind of problem (RFC 9457, section 3.1.1)
    """

    def __init__(
        self,
        what: str,
        *,
        where: str | None = None,
        fix: str | None = None,
        status: int,
        type: str = "about:blank",  # noqa: A002  # the name it has in RFC 9457
    ) -> None:
        super().__init__(what, where=where, fix=fix)
        self.status = status
        self.type = type


class WinnowUnavailableError(ClientError):
    """The service could not be reached, or had no time, in all the attempts that were made.

    A write may have been carried out all the same: what was lost may be only the answer.

    status: of the last answer; None when there was none
    retry_after: seconds after which the service asks to be tried again; None when it did not say
    """

    def __init__(
        self, what: str, *, fix: str | None = None, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(what, fix=fix)
        self.status = status
        self.retry_after = retry_after


class Problem(msgspec.Struct, frozen=True):
    """A problem document (RFC 9457) with the members Winnow adds: where, fix."""

    type: str = "about:blank"
    title: str | None = None
    detail: str | None = None
    where: str | None = None
    fix: str | None = None

    @property
    def what(self) -> str | None:
        """What went wrong this time, or at least what kind of thing."""
        return self.detail or self.title


def problem_in(body: bytes) -> Problem:
    """The problem an answer tells about; an empty one when it tells nothing, as the page of a proxy."""
    try:
        return msgspec.json.decode(body, type=Problem)
    except msgspec.MsgspecError:
        return Problem()
