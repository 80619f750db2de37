"""Every error Winnow raises on purpose: what went wrong, where, and how to fix it; imports nothing of Winnow.

Messages are lower case, without a full stop, and put the user's own input in backticks.
Exit codes are those of the command line: 1 failed, 2 usage, 3 finding present,
4 refused by policy, 5 not allowed.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a text something is wrong; `line` and `column` count from 1."""

    source: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [self.source, *(str(number) for number in (self.line, self.column) if number is not None)]
        return ":".join(parts)


class WinnowError(Exception):
    """something went wrong"""

    exit_code = 1

    def __init__(self, what: str, *, where: Place | str | None = None, fix: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.fix = fix

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}; {self.fix}" if self.fix else text


class InvalidInputError(WinnowError):
    """the input cannot be used as it is"""

    exit_code = 2


class InvalidRulesetError(InvalidInputError):
    """a ruleset, or a part of it, breaks a rule that keeps decisions safe"""


class InvalidRuleError(InvalidRulesetError):
    """a rule's condition cannot be compiled, typed or bounded"""

    def __init__(
        self, what: str, *, where: Place | str | None = None, fix: str | None = None, excerpt: str | None = None
    ) -> None:
        super().__init__(what, where=where, fix=fix)
        self.excerpt = excerpt  # the line of the condition, and below it a caret at the very spot

    def __str__(self) -> str:
        text = super().__str__()
        return f"{text}\n{self.excerpt}" if self.excerpt else text


class UnreadableRowError(WinnowError):
    """one row of a file cannot be made into a lead; the others can"""


class OutOfOrderError(WinnowError):
    """the leads of a stream do not come in the order of their times"""


class MissingExtraError(WinnowError):
    """an optional part of Winnow is needed and not installed"""


class SpoolFullError(WinnowError):
    """the spool has no room, or its disk fails; what was to be kept is not kept"""


class RefusedByPolicyError(WinnowError):
    """the policy forbids this, whoever asks"""

    exit_code = 4


class NotAuthenticatedError(WinnowError):
    """whoever asks has not proved who they are"""

    exit_code = 5


class NotAllowedError(WinnowError):
    """whoever asks may not do this"""

    exit_code = 5


class CodeNeededError(NotAuthenticatedError):
    """the password is right, and the code of the authenticator is needed too"""


class NotConfirmedError(NotAllowedError):
    """whoever asks has to prove anew who they are"""


class TooManyAttemptsError(WinnowError):
    """it was tried too often; `retry_after` is in how many seconds there is another try"""

    exit_code = 5

    def __init__(self, what: str, *, retry_after: float, fix: str | None = None) -> None:
        super().__init__(what, fix=fix)
        self.retry_after = retry_after


class UnavailableError(WinnowError):
    """something needed for an answer cannot be reached just now; it is worth another try"""


class BrokenLogError(WinnowError):
    """the decision log does not say what was signed"""

    exit_code = 3


class StoreAwayError(UnavailableError):
    """the database cannot be reached or cannot write"""


class StopsChangedError(UnavailableError):
    """something was stopped, or started again, since this was decided; nothing is recorded"""


class ConflictError(WinnowError):
    """the request contradicts what is already there"""


class KeyReusedError(ConflictError):
    """the Idempotency-Key came with another request before"""


class NotFoundError(WinnowError):
    """there is nothing by that name"""


class LookUpFailedError(WinnowError):
    """something about a lead could not be looked up in time"""
