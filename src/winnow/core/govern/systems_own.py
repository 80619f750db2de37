"""Winnow's own screening as an AI system, so that it answers to the same register as everybody else's."""

from winnow.core.govern.risk import Trait
from winnow.core.govern.systems import AiSystem, Status
from winnow.core.govern.terms import OWN_SYSTEM, Action


def own_system() -> AiSystem:
    """The entry before anybody said more about it: nobody's, so that the register asks for an owner.

    Its version is the live ruleset, which has editions and sign-offs of its own; revision 0 was never kept.
    """
    return AiSystem(
        id=OWN_SYSTEM,
        name="Winnow's own screening",
        purpose="tell junk from genuine leads and decide which a person should see",
        version="the live ruleset",
        purposes=frozenset({"marketing"}),
        inputs=frozenset({"contact", "company", "message", "behaviour", "campaign", "network"}),
        outputs=frozenset({"junk", "conversion"}),
        actions=frozenset({Action.SCORE, Action.REJECT}),
        traits=frozenset({Trait.SCORES}),
        status=Status.LIVE,
        revision=0,
    )
