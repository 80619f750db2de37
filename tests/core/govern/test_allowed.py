"""Which data may be used for what, and what may be concluded about a person."""

from datetime import date

import pytest

from winnow.core.govern.allowed import data_allowed, inference_allowed
from winnow.core.govern.limits import Limits, Purpose, PurposeKind
from winnow.core.govern.packs import LawPack, LawRule
from winnow.core.govern.terms import Answer

_DAY = date(2026, 1, 1)
_LAW = LawPack(
    "law",
    "a law",
    _DAY,
    (
        LawRule("faces", "Art. 5", _DAY, frozenset({"DE"}), "no faces", "", infers=frozenset({"union"}),
                inputs=frozenset({"biometrics"})),
        LawRule("all", "Art. 6", _DAY, frozenset({"FR"}), "nothing", "", infers=frozenset({"politics"})),
    ),
)  # fmt: skip
_LAX = Limits(inferences=frozenset())


@pytest.mark.parametrize(
    ("purpose", "categories", "answer", "grounds"),
    [
        ("marketing", (), Answer.YES, ()),
        ("marketing", ("contact", "company"), Answer.YES, ()),
        ("marketing", ("contact", "health"), Answer.NO, ("policy.off_limits_categories",)),
        ("marketing", ("age", "family"), Answer.NO, ("policy.purposes.marketing",) * 2),
        ("marketing", ("nonsense",), Answer.NO, ("policy.purposes.marketing",)),
        ("narrow", ("company",), Answer.NO, ("policy.purposes.narrow",)),
        ("marketting", ("contact",), Answer.UNKNOWN, ("policy.purposes",)),
        (None, ("contact",), Answer.UNKNOWN, ("policy.purposes",)),
        (None, ("health",), Answer.NO, ("policy.off_limits_categories",)),
    ],
)
def test_data_for_a_purpose(
    purpose: str | None, categories: tuple[str, ...], answer: Answer, grounds: tuple[str, ...]
) -> None:
    limits = Limits(
        categories=frozenset({"health"}),
        purposes=(*Limits().purposes, Purpose("narrow", PurposeKind.SERVICE, data=frozenset({"contact"}))),
    )
    found = data_allowed(limits, purpose, categories)
    assert (found.answer, tuple(each.id for each in found.because)) == (answer, grounds)


@pytest.mark.parametrize(
    ("label", "answer"),
    [
        ("lead score", Answer.YES),
        ("healthRisk", Answer.NO),
        ("account health", Answer.YES),
        ("AccountHealth", Answer.YES),
        ("account health risk", Answer.NO),
        ("Shoe-Size", Answer.NO),
        ("shoesize_guess", Answer.NO),
        ("", Answer.UNKNOWN),
        ("—", Answer.UNKNOWN),
    ],
)
def test_what_may_be_concluded(label: str, answer: Answer) -> None:
    usual = Limits()
    limits = Limits(inferences=usual.inferences | {"custom.shoe_size"}, cleared_labels=frozenset({"account health"}))
    found = inference_allowed(limits, label)
    assert found.answer is answer
    assert bool(found.because) is (label != "lead score")


@pytest.mark.parametrize(
    ("label", "place", "inputs", "on", "answer"),
    [
        ("union member", "DE", {"biometrics"}, _DAY, Answer.NO),
        ("union member", "DE", None, _DAY, Answer.NO),
        ("union member", None, None, _DAY, Answer.NO),
        ("union member", "DE", {"contact"}, _DAY, Answer.YES),
        ("union member", "FR", {"biometrics"}, _DAY, Answer.YES),
        ("union member", "DE", {"biometrics"}, date(2025, 12, 31), Answer.YES),
        ("union member", "DE", {"biometrics"}, None, Answer.YES),
        ("politics", "FR", {"contact"}, _DAY, Answer.NO),
        ("lead score", None, None, _DAY, Answer.YES),
    ],
)
def test_laws_forbid_what_the_policy_does_not(
    label: str, place: str | None, inputs: set[str] | None, on: date | None, answer: Answer
) -> None:
    assert inference_allowed(_LAX, label, (_LAW,), place, inputs, on).answer is answer
