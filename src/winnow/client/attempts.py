"""When to ask again: after what, how often and how much later; and when to give up, and what is said then."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx2

from winnow.client.errors import WinnowUnavailableError, problem_in

#: Too many requests, bad gateway, unavailable, gateway timeout: the same request may succeed later.
TRANSIENT = frozenset({429, 502, 503, 504})
#: What a caller is taken to be ready to wait who does not say; see Patience.
TIMEOUT, RETRIES, TOTAL = 10.0, 4, 30.0
#: The longest pause before the first repetition, and before any, in seconds.
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
#: What repeating cannot mend: an address that is none, a request that may not be sent.
_HOPELESS = (httpx2.UnsupportedProtocol, httpx2.LocalProtocolError, httpx2.DecodingError, httpx2.TooManyRedirects)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a caller is ready to wait, in seconds.

    timeout: for each step of one attempt: to connect, to send, and for every piece of the answer
    retries: how often a call is repeated at most · total: over all attempts and the pauses between them
    """

    timeout: float
    retries: int
    total: float


def full_jitter(ceiling: float) -> float:
    """A pause drawn evenly from 0 to the ceiling, so that clients that failed together do not come back together."""
    return ceiling * int.from_bytes(os.urandom(4)) / 2**32


class Attempts:
    """The attempts of one call, one after the other; `clock` and `drawn` are replaced in tests only."""

    def __init__(
        self,
        patience: Patience,
        *,
        clock: Callable[[], float] = time.monotonic,
        drawn: Callable[[float], float] = full_jitter,
    ) -> None:
        self._patience = patience
        self._clock = clock
        self._drawn = drawn
        self._deadline = clock() + patience.total
        self._made = 0

    @property
    def timeout(self) -> float:
        """Seconds the attempt that comes now may wait for each of its steps."""
        return max(0.001, min(self._patience.timeout, self._deadline - self._clock()))

    def after_error(self, error: httpx2.RequestError) -> float:
        """Seconds to wait after an attempt without an answer; raises WinnowUnavailableError to give up."""
        # Such an error often has no message of its own: the name is the best there is.
        what = f"the service cannot be reached: {str(error) or type(error).__name__}"
        failure = WinnowUnavailableError(what, fix="check the address and that the service runs")
        if isinstance(error, _HOPELESS):
            raise failure from error
        return self._pause(failure)

    def after_refusal(self, answer: httpx2.Response) -> float:
        """Seconds to wait after an answer that may be another one later; raises WinnowUnavailableError to give up."""
        problem, later = problem_in(answer.content), retry_after(answer)
        what = problem.what or f"the service answered {answer.status_code}"
        fix = problem.fix or "try again later"
        return self._pause(WinnowUnavailableError(what, fix=fix, status=answer.status_code, retry_after=later))

    def _pause(self, failure: WinnowUnavailableError) -> float:
        """Exponential back-off with full jitter, on top of what the service asked for."""
        pause = self._drawn(min(LONGEST_PAUSE, FIRST_PAUSE * 2**self._made)) + (failure.retry_after or 0.0)
        self._made += 1
        if self._made > self._patience.retries or self._clock() + pause >= self._deadline:
            raise failure
        return pause


def retry_after(answer: httpx2.Response) -> float | None:
    """Seconds the service asks to wait (RFC 9110, section 10.2.3); None when it asks for nothing readable.

    A date is measured from the answer's own `Date`, so that the clocks of the two machines need not agree.
    """
    asked = answer.headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked)
    try:
        until, sent = parsedate_to_datetime(asked), parsedate_to_datetime(answer.headers.get("date", ""))
        return max(0.0, (until - sent).total_seconds())
    except (TypeError, ValueError):
        return None
