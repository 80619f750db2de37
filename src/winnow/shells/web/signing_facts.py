"""What the page of a proposal tells beside the proposal itself: what it changes, and who can do what about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from winnow.bootstrap.desks import Desks
from winnow.core.govern.signing import Kind
from winnow.core.people.accounts import Person
from winnow.errors import WinnowError
from winnow.ports import KnownRuleset
from winnow.services.signing import Told
from winnow.shells.web.ruleset_changes import Part, changes_between
from winnow.shells.web.signing_words import Figure, figures_in

_FEW = 8
#: Roles that can sign and be named to whoever cannot.
_PRIVACY = "privacy-officer"
_OF_RULESETS = frozenset({Kind.RULESET, Kind.BREAK_GLASS, Kind.LADDER})


@dataclass(frozen=True, slots=True)
class About:
    """What a proposal is about, as it is here and now.

    ruleset, live: the one it is about and the one that decides; None for an AI system
    parts: how these differ · name: what people call it
    moved: what it is about says something else by now, so that a signature would be about what is no longer there
    """

    name: str
    ruleset: KnownRuleset | None = None
    live: KnownRuleset | None = None
    parts: Sequence[Part] = ()
    moved: bool = False


def about_of(desks: Desks, told: Told) -> About:
    """What a proposal is about."""
    proposal = told.filed.proposal
    if proposal.kind not in _OF_RULESETS:
        return _of_system(desks, told)
    desk = desks.rulesets
    known, live = desk.known(proposal.terms["ruleset"]), desk.live().known
    same = known.hash == live.hash or proposal.kind is Kind.LADDER
    parts = () if same else changes_between(desk.document(live.hash), desk.document(known.hash))
    return About(known.id, known, live, parts)


def name_of_subject(desks: Desks, told: Told) -> str:
    """What people call what a proposal is about."""
    proposal = told.filed.proposal
    try:
        if proposal.kind in _OF_RULESETS:
            return desks.rulesets.known(proposal.terms["ruleset"]).id
        return desks.systems.registered(proposal.subject).system.name
    except WinnowError:
        return proposal.subject


def signers_of(desks: Desks, told: Told) -> Sequence[Person]:
    """Who could sign a proposal now; privacy officers alone when it is them who are missing."""
    found = [each for each in desks.people.desk.all() if desks.signing.barred(told, each) is None]
    return sorted(found, key=lambda each: (_PRIVACY not in each.roles, each.name.casefold()))


def officer_lacking(told: Told, signers: Sequence[Person]) -> bool:
    """Whether it takes a privacy officer's signature, and there is nobody left who could give it."""
    signed = any(each.privacy for each in told.filed.sign_offs)
    return told.legal and not signed and not any(_PRIVACY in each.roles for each in signers)


def attachments_of(desks: Desks, told: Told, *, leads: bool) -> Mapping[str, Sequence[Figure]]:
    """The first figures of everything that is attached."""
    proposal = told.filed.proposal
    return {
        name: figures_in(desks.signing.attachment(proposal.id, name), leads=leads, most=_FEW)
        for name in proposal.attachments
    }


def _of_system(desks: Desks, told: Told) -> About:
    proposal = told.filed.proposal
    try:
        found = desks.systems.registered(proposal.subject)
    except WinnowError:
        return About(proposal.subject, moved=True)
    return About(found.system.name, moved=found.content_hash != proposal.content)
