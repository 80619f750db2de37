"""Whether a policy does what its author says it does: its examples, worked out one by one."""

from collections.abc import Sequence

from winnow.core.govern.limits import Limits, PolicyExample
from winnow.core.govern.packs import LawPack, chosen
from winnow.core.govern.requirement import requirement, suffices
from winnow.core.govern.terms import Answer
from winnow.errors import InvalidRulesetError


def check_limits(limits: Limits, known: Sequence[LawPack]) -> None:
    """Refuse limits that name a pack that is not there, or an example that does not hold.

    known: the packs there are; raises InvalidRulesetError with the place
    """
    packs = chosen(limits.packs, known)
    for index, example in enumerate(limits.examples):
        wrong = contradiction(limits, packs, example)
        if wrong is not None:
            what = f"the example {named(example)} does not hold: {wrong}"
            fix = "mend the policy, or what the example expects"
            raise InvalidRulesetError(what, where=f"policy.examples[{index}]", fix=fix)


def contradiction(limits: Limits, packs: Sequence[LawPack], example: PolicyExample) -> str | None:
    """What comes out instead of what an example expects, and why; None when it holds."""
    asked = requirement(limits, packs, example.place, example.channel, example.purpose, example.on)
    grounds = "; ".join(each.text for each in asked.because)
    if example.needed not in (None, asked.needed):
        return f"it needs {asked.needed.word} ({grounds})"
    allowed = suffices(asked, example.told, example.basis, example.since, example.on) is Answer.YES
    if example.allowed not in (None, allowed):
        return f"it is {'allowed' if allowed else 'not allowed'}, as it needs {asked.needed.word} ({grounds})"
    return None


def named(example: PolicyExample) -> str:
    """An example as errors call it."""
    return f"`{example.place or 'anywhere'} · {example.channel} · {example.purpose} · {example.on}`"
