"""Where proposals and sign-offs are kept, and what live rulesets rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from winnow.core.govern.signing import Basis, Comment, End, Filed, Kind, Proposal, SignOff
from winnow.ports.paging import Page


@dataclass(frozen=True, slots=True)
class Ground:
    """What an activation rests on; `sign_off` is the number of one, None where none is needed."""

    basis: Basis
    sign_off: int | None = None


@dataclass(frozen=True, slots=True)
class Activation:
    """That a ruleset became the live one; `number` is that of its leaf in the log."""

    number: int
    ruleset: str
    at: datetime
    actor: str
    ground: Ground


class SigningStore(Protocol):
    """Keeps proposals; they and their signatures never change, and each call may raise StoreAwayError.

    Every change is a leaf of the decision log in the same transaction.
    """

    def propose(self, proposal: Proposal, attached: Mapping[str, Mapping[str, object]]) -> None:
        """Keep a proposal with its attachments, by name."""
        ...

    def comment(self, proposal_id: str, author: str, side: str, text: str, now: datetime) -> Comment:
        """Keep what somebody said; raises NotFoundError."""
        ...

    def sign(self, proposal_id: str, digest: str, signer: str, now: datetime, *, privacy: bool) -> SignOff:
        """Keep somebody's agreement to a proposal with this hash.

        Raises NotFoundError, ConflictError (ended, signed by them already, another hash), and NotAllowedError for its
        author or writer, which the database itself refuses, too.
        """
        ...

    def end(self, proposal_id: str, end: End) -> None:
        """End a proposal; raises NotFoundError, and ConflictError when it is ended, or live, already."""
        ...

    def filed(self, proposal_id: str) -> Filed:
        """A proposal with what became of it; raises NotFoundError."""
        ...

    def about(self, kind: Kind, content: str) -> Sequence[Filed]:
        """Everything that was proposed about an exact content, the newest first."""
        ...

    def page(
        self, before: str | None, limit: int, *, kind: Kind | None = None, waiting: bool | None = None
    ) -> Page[Filed]:
        """Proposals, the newest first; `before` is the id of the last one of the page before.

        waiting: only those that a signature still is missing of, or only the others
        """
        ...

    def comments(self, proposal_id: str) -> Sequence[Comment]:
        """What was said about a proposal, in order."""
        ...

    def attachment(self, digest: str) -> Mapping[str, object]:
        """Something that was attached, by its hash; raises NotFoundError."""
        ...

    def writers(self, author: str) -> frozenset[str]:
        """Whoever stands behind an author: itself, and for a key those who made it."""
        ...

    def activations(self, limit: int) -> Sequence[Activation]:
        """The last changes of the live ruleset, the newest first."""
        ...

    def regular(self, ruleset: str) -> bool:
        """Whether a ruleset was ever live by a sign-off, or as the one that Winnow comes with."""
        ...

    def policy_in_force(self) -> str | None:
        """Hash of the policy that was last signed, or shipped; None when none ever was."""
        ...

    def policy_of(self, ruleset: str) -> str | None:
        """Hash of the policy of a ruleset; None when there is no such ruleset."""
        ...
