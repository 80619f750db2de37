"""Which data may be used for a purpose, and what may be concluded about a person."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from winnow.core.govern.labels import spoken_of, words_of
from winnow.core.govern.limits import Because, Judgement, Limits
from winnow.core.govern.packs import LawPack, reaches
from winnow.core.govern.requirement import place_of
from winnow.core.govern.terms import Answer

#: Of a label that is not shown whole.
_SHOWN = 60


def data_allowed(limits: Limits, purpose: str | None, categories: Collection[str]) -> Judgement:
    """Whether data of these categories may be used for a purpose; UNKNOWN for a purpose nobody declared.

    The grounds name every category that stands in the way.
    """
    forbidden = sorted(set(categories) & limits.categories)
    if forbidden:
        return Judgement(Answer.NO, tuple(map(_off_limits, forbidden)))
    found = limits.purpose(purpose)
    if found is None:
        text = f"The policy declares no purpose `{(purpose or '')[:_SHOWN]}`."
        return Judgement(Answer.UNKNOWN, (Because("policy.purposes", "", text),))
    other = sorted(set(categories) - found.data)
    grounds = [
        Because(f"policy.purposes.{found.name}", "", f"The policy does not use `{each[:_SHOWN]}` for {found.name}.")
        for each in other
    ]
    return Judgement(Answer.NO if other else Answer.YES, tuple(grounds))


def inference_allowed(
    limits: Limits,
    label: str,
    packs: Sequence[LawPack] = (),
    place: str | None = None,
    inputs: Collection[str] | None = None,
    on: date | None = None,
) -> Judgement:
    """Whether something of that name may be concluded about a person, by the policy and by the laws in use.

    label: the name of an output, in any spelling, such as `healthRisk` · inputs: categories of data it is concluded
    from; None is not known, which a law about some inputs takes for those · on: the day; None: no law is asked
    """
    if not words_of(label):
        return Judgement(Answer.UNKNOWN, (Because("policy.inferences", "", "The output has no name."),))
    if words_of(label) in {words_of(each) for each in limits.cleared_labels}:
        return Judgement(Answer.YES, (Because("policy.cleared_labels", "", "The policy says that it is harmless."),))
    told = {*spoken_of(label), *_own(limits, label)}
    grounds = [_prohibited(each) for each in sorted(told & limits.inferences)]
    if on is not None:
        grounds += _by_law(packs, place, told, inputs, on)
    return Judgement(Answer.NO if grounds else Answer.YES, tuple(grounds))


def _own(limits: Limits, label: str) -> set[str]:
    """The prohibited inferences, those of the organisation's own too, whose very name the label has in it."""
    squashed = "".join(words_of(label))
    return {each for each in limits.inferences if "".join(words_of(each.removeprefix("custom."))) in squashed}


def _by_law(
    packs: Iterable[LawPack], place: str | None, told: Collection[str], inputs: Collection[str] | None, on: date
) -> list[Because]:
    at = place_of(place)
    return [
        Because(f"{pack.id}.{rule.id}", rule.article, rule.text)
        for pack in packs
        for rule in pack.rules
        if rule.holds_on(on) and (at is None or reaches(rule.places, at))
        if not rule.infers.isdisjoint(told) and (not rule.inputs or inputs is None or rule.inputs & set(inputs))
    ]


def _off_limits(category: str) -> Because:
    return Because("policy.off_limits_categories", "", f"The policy puts `{category[:_SHOWN]}` off-limits.")


def _prohibited(name: str) -> Because:
    return Because("policy.prohibited_inferences", "", f"The policy forbids to conclude `{name}` about a person.")
