"""What is answered about decisions to those who may decide the cases they opened: see `core.review.shown` for why."""

from collections.abc import Sequence

import msgspec

from winnow.bootstrap.desks import Desks
from winnow.core.apikeys import Caller, Scope
from winnow.core.review.shown import without_numbers
from winnow.errors import ConflictError
from winnow.ports import Recorded
from winnow.shells.http.leads import decision_answer
from winnow.shells.http.seen_types import DecisionSeen


def may_decide(key: Caller) -> bool:
    """Whether somebody decides cases, and so may not see everything of those that wait."""
    return Scope.CASES_WRITE in key.scopes


def seen(recorded: Sequence[Recorded], desks: Desks, key: Caller) -> list[DecisionSeen]:
    """Decisions as they were answered; without numbers where these are withheld."""
    withheld = desks.showing.withheld([each.id for each in recorded], key.id) if may_decide(key) else {}
    return [_seen(each, withheld=each.id in withheld) for each in recorded]


def is_withheld(number: int, desks: Desks, key: Caller) -> bool:
    """Whether the numbers of one decision are withheld."""
    return may_decide(key) and number in desks.showing.withheld([number], key.id)


def need_everything(number: int, desks: Desks, key: Caller) -> None:
    """Raise ConflictError while somebody may not see all of a decision."""
    if is_withheld(number, desks, key):
        raise ConflictError(
            f"case {number} waits for a person, and this would tell its score", fix="ask again once it is decided"
        )


def _seen(recorded: Recorded, *, withheld: bool) -> DecisionSeen:
    answer = decision_answer(recorded)
    if not withheld:
        return msgspec.json.decode(answer, type=DecisionSeen)
    return msgspec.convert(without_numbers(msgspec.json.decode(answer)), DecisionSeen)
