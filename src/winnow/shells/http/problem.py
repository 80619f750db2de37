"""Why a request was not done, as RFC 9457 problem details: one stable type for each thing a program may react to.

The types are documented in docs/api-errors.md. Nothing of an unforeseen error gets into an answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

import msgspec

from winnow.errors import (
    CodeNeededError,
    ConflictError,
    InvalidInputError,
    InvalidRuleError,
    InvalidRulesetError,
    KeyReusedError,
    MissingExtraError,
    NotAllowedError,
    NotAuthenticatedError,
    NotConfirmedError,
    NotFoundError,
    OutOfOrderError,
    Place,
    RefusedByPolicyError,
    SpoolFullError,
    TooManyAttemptsError,
    UnavailableError,
    UnreadableRowError,
    WinnowError,
)

Headers = tuple[tuple[bytes, bytes], ...]


class Answer(NamedTuple):
    """A whole HTTP answer, as ASGI sends it."""

    status: int
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of problem: its `type` is `/problems/SLUG`; slug, status and title never change."""

    slug: str
    status: int
    title: str


NOT_JSON = ProblemType("not-json", 400, "the body is not JSON in UTF-8")
UNSAFE_JSON = ProblemType("unsafe-json", 422, "the body is JSON that programs read differently or not at all")
TOO_LARGE = ProblemType("too-large", 413, "the body is too large")
UNSUPPORTED_MEDIA_TYPE = ProblemType("unsupported-media-type", 415, "the body is of a kind that is not read here")
NOT_A_FORM = ProblemType("not-a-form", 400, "the body is not what its content type says")
INVALID_INPUT = ProblemType("invalid-input", 422, "the input cannot be used as it is")
INVALID_RULE = ProblemType("invalid-rule", 422, "the rule cannot be accepted")
INVALID_RULESET = ProblemType("invalid-ruleset", 422, "the ruleset cannot be accepted")
INVALID_IDEMPOTENCY_KEY = ProblemType("invalid-idempotency-key", 400, "the Idempotency-Key cannot be used")
IDEMPOTENCY_MISMATCH = ProblemType("idempotency-mismatch", 409, "the Idempotency-Key was used for another request")
CONFLICT = ProblemType("conflict", 409, "the request contradicts what is there")
UNAUTHENTICATED = ProblemType("unauthenticated", 401, "a valid key or session is needed")
NOT_ALLOWED = ProblemType("not-allowed", 403, "who asks may not do this")
REFUSED_BY_POLICY = ProblemType("refused-by-policy", 403, "the policy forbids it, whoever asks")
CODE_NEEDED = ProblemType("code-needed", 401, "the code of the authenticator is needed too")
NOT_CONFIRMED = ProblemType("not-confirmed", 403, "prove anew who you are")
NOT_FOUND = ProblemType("not-found", 404, "there is no such thing")
METHOD_NOT_ALLOWED = ProblemType("method-not-allowed", 405, "the method is not for this address")
PRECONDITION_FAILED = ProblemType("precondition-failed", 412, "it was changed since it was read")
PRECONDITION_REQUIRED = ProblemType("precondition-required", 428, "say which edition is to be changed")
TOO_MANY_REQUESTS = ProblemType("too-many-requests", 429, "too many requests")
INTERNAL = ProblemType("internal", 500, "something went wrong on this side")
NOT_INSTALLED = ProblemType("not-installed", 501, "an optional part is not installed")
UNAVAILABLE = ProblemType("unavailable", 503, "it cannot be done just now")

#: Every type there is, by slug.
PROBLEM_TYPES: Mapping[str, ProblemType] = {
    each.slug: each for each in tuple(globals().values()) if isinstance(each, ProblemType)
}

#: The nearest class an error belongs to decides.
_OF_ERROR: Mapping[type[BaseException], ProblemType] = {
    InvalidRuleError: INVALID_RULE,
    InvalidRulesetError: INVALID_RULESET,
    InvalidInputError: INVALID_INPUT,
    UnreadableRowError: INVALID_INPUT,
    OutOfOrderError: INVALID_INPUT,
    CodeNeededError: CODE_NEEDED,
    NotConfirmedError: NOT_CONFIRMED,
    TooManyAttemptsError: TOO_MANY_REQUESTS,
    NotAuthenticatedError: UNAUTHENTICATED,
    NotAllowedError: NOT_ALLOWED,
    RefusedByPolicyError: REFUSED_BY_POLICY,
    NotFoundError: NOT_FOUND,
    ConflictError: CONFLICT,
    KeyReusedError: IDEMPOTENCY_MISMATCH,
    UnavailableError: UNAVAILABLE,
    SpoolFullError: UNAVAILABLE,
    MissingExtraError: NOT_INSTALLED,
    msgspec.ValidationError: INVALID_INPUT,
    msgspec.DecodeError: NOT_JSON,
}

#: Longest text of a detail: what a user sent may be quoted in it.
_LONGEST = 1_000

_HEADERS: Headers = (
    (b"content-type", b"application/problem+json"),
    (b"cache-control", b"no-store"),
)


class RefusedRequestError(WinnowError):
    """The request cannot be done.

    kind: what sort of problem it is
    retry_after: in how many seconds it is worth another try; None when it is not
    """

    def __init__(
        self,
        kind: ProblemType,
        what: str,
        *,
        where: Place | str | None = None,
        fix: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(what, where=where, fix=fix)
        self.kind = kind
        self.retry_after = retry_after

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return self.kind.status


def problem(
    kind: ProblemType,
    what: str,
    where: Place | str | None = None,
    fix: str | None = None,
    *,
    retry_after: float | None = None,
    excerpt: str | None = None,
) -> Answer:
    """The answer for a problem: RFC 9457 members, and `where`, `fix` and `excerpt` when there is something to say.

    retry_after: seconds; rounded up, at least 1 (RFC 9110 section 10.2.3)
    """
    members: dict[str, object] = {
        "type": f"/problems/{kind.slug}",
        "title": kind.title,
        "status": kind.status,
        "detail": _sendable(what),
    }
    for name, value in (("where", where), ("fix", fix), ("excerpt", excerpt)):
        if value is not None:
            members[name] = _sendable(str(value))
    return Answer(kind.status, (*_HEADERS, *_more_headers(kind, retry_after)), msgspec.json.encode(members))


def problem_of(error: BaseException) -> Answer:
    """The answer for any error; one that nobody foresaw is called internal, and its words are kept back."""
    if isinstance(error, RefusedRequestError):
        return problem(error.kind, error.what, error.where, error.fix, retry_after=error.retry_after)
    kind = next((_OF_ERROR[each] for each in type(error).__mro__ if each in _OF_ERROR), INTERNAL)
    if kind is INTERNAL:
        return problem(INTERNAL, "the request failed, and the reason is in the log of the service")
    if isinstance(error, WinnowError):
        retry_after = 1.0 if kind is UNAVAILABLE else getattr(error, "retry_after", None)
        excerpt = getattr(error, "excerpt", None)
        return problem(kind, error.what, error.where, error.fix, retry_after=retry_after, excerpt=excerpt)
    return _typed_problem(kind, str(error))


def _typed_problem(kind: ProblemType, said: str) -> Answer:
    """What the typed decoder said: the words, and after ` - at ` the place."""
    what, _, place = said.partition(" - at ")
    what = what[:1].lower() + what[1:]
    return problem(kind, what, place.strip("`") or None, "compare it with the description of the API")


def _more_headers(kind: ProblemType, retry_after: float | None) -> Headers:
    if retry_after is not None:
        return ((b"retry-after", b"%d" % max(1, ceil(retry_after))),)
    if kind.status == UNAUTHENTICATED.status:
        return ((b"www-authenticate", b'Bearer realm="winnow"'),)
    return ()


def _sendable(text: str) -> str:
    """The text as it can be written in UTF-8, not longer than anyone would read."""
    return text[:_LONGEST].encode(errors="replace").decode()
