"""How much an AI system can harm people: a few questions, each answer with the article it follows from.

The questions follow the EU AI Act (Regulation 2024/1689: Article 5, Annex III, Article 50), the GDPR (Articles 13 to
15, 21, 22) and what California calls significant decisions. It is a first sorting, not advice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from winnow.errors import InvalidInputError, RefusedByPolicyError

#: The pack that a policy has to name before a system of high risk may stand in the register.
HIGH_RISK_PACK = "high-risk"

_SHOWN = 40


class Risk(StrEnum):
    """How much harm a system can do; HIGH ones are refused without the pack for them."""

    MINIMAL = "minimal"
    LIMITED = "limited"
    HIGH = "high"


class Trait(StrEnum):
    """One thing that can be true of an AI system and matters to people."""

    CREDIT = "credit"
    EMPLOYMENT = "employment"
    INSURANCE = "insurance"
    HOUSING = "housing"
    EDUCATION = "education"
    HEALTH = "health"
    ESSENTIALS = "essential-services"
    JUSTICE = "justice"
    EXPLOITS = "exploits-weakness"
    SOCIAL_SCORING = "social-scoring"
    EMOTIONS = "emotions"
    BIOMETRICS = "biometrics"
    SCORES = "scores-people"
    ALONE = "decides-alone"
    TALKS = "talks"
    WRITES = "writes"


@dataclass(frozen=True, slots=True)
class Because:
    """What follows from one trait: `text` is a sentence, `source` the article it follows from."""

    trait: Trait
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the wizard: which of these are true of the system? None of them is an answer, too."""

    id: str
    text: str
    choices: Mapping[Trait, str]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the answers come to.

    refused: why it may not stand in the register at all; None when it may · because: what speaks for the class
    """

    risk: Risk
    because: tuple[Because, ...]
    refused: str | None = None

    def need_allowed(self) -> None:
        """Raise RefusedByPolicyError when it may not stand in the register."""
        if self.refused is not None:
            fix = f"leave it out, or have the policy name the pack `{HIGH_RISK_PACK}` under four eyes"
            raise RefusedByPolicyError(self.refused, where="answers", fix=fix)


QUESTIONS: tuple[Question, ...] = (
    Question(
        "decides",
        "Does what it says decide, or help to decide, about one of these?",
        {
            Trait.CREDIT: "a loan, a limit, terms of payment, or whether somebody can pay",
            Trait.EMPLOYMENT: "hiring, work, pay or dismissal",
            Trait.INSURANCE: "an insurance or its price",
            Trait.HOUSING: "a flat or a house",
            Trait.EDUCATION: "a school, a course or an examination",
            Trait.HEALTH: "health care, or who is entitled to it",
            Trait.ESSENTIALS: "public benefits, energy, water, emergency calls",
            Trait.JUSTICE: "police, courts, borders or elections",
        },
    ),
    Question(
        "practices",
        "Does it do one of these?",
        {
            Trait.EXPLOITS: "make use of somebody's age, disability or hardship, or steer people without their notice",
            Trait.SOCIAL_SCORING: "rate people by how they behave elsewhere in life, to treat them worse here",
            Trait.EMOTIONS: "tell moods or feelings from a voice, a face or a way of writing",
            Trait.BIOMETRICS: "recognise or sort people by body, face or voice",
        },
    ),
    Question(
        "people",
        "What does it do with people's data?",
        {
            Trait.SCORES: "score, rank or sort people",
            Trait.ALONE: "decide about them with no person looking at it",
        },
    ),
    Question(
        "contact",
        "Do people meet it?",
        {
            Trait.TALKS: "it talks or writes with them by itself",
            Trait.WRITES: "it makes texts, voices or pictures that they read, hear or see",
        },
    ),
)

_ANNEX_III = "EU AI Act, Annex III"
_ARTICLE_5 = "EU AI Act, Article 5"

#: What no pack makes right.
_FORBIDDEN: Mapping[Trait, Because] = {
    each.trait: each
    for each in (
        Because(Trait.EXPLOITS, "steering people by their weaknesses is forbidden", f"{_ARTICLE_5}(1)(a) and (b)"),
        Because(Trait.SOCIAL_SCORING, "rating people by their life elsewhere is forbidden", f"{_ARTICLE_5}(1)(c)"),
    )
}

_HIGH: Mapping[Trait, Because] = {
    each.trait: each
    for each in (
        Because(Trait.CREDIT, "it bears on whether somebody gets credit", f"{_ANNEX_III}(5)(b); GDPR, Article 22"),
        Because(Trait.EMPLOYMENT, "it bears on somebody's work", f"{_ANNEX_III}(4)"),
        Because(Trait.INSURANCE, "it bears on an insurance", f"{_ANNEX_III}(5)(c)"),
        Because(Trait.HOUSING, "it bears on where somebody lives", "11 CCR 7001 (significant decision)"),
        Because(Trait.EDUCATION, "it bears on somebody's education", f"{_ANNEX_III}(3)"),
        Because(Trait.HEALTH, "it bears on somebody's health care", f"{_ANNEX_III}(5)(a); 11 CCR 7001"),
        Because(Trait.ESSENTIALS, "it bears on what people cannot do without", f"{_ANNEX_III}(5)(a) and (d)"),
        Because(Trait.JUSTICE, "it bears on police, courts, borders or elections", f"{_ANNEX_III}(6) to (8)"),
        Because(Trait.EMOTIONS, "it tells feelings", f"{_ANNEX_III}(1)(c); Article 5(1)(f)"),
        Because(Trait.BIOMETRICS, "it knows people by their bodies", f"{_ANNEX_III}(1)"),
    )
}

_LIMITED: Mapping[Trait, Because] = {
    each.trait: each
    for each in (
        Because(Trait.SCORES, "who is scored may ask how, and object", "GDPR, Articles 13 to 15 and 21"),
        Because(Trait.ALONE, "who is decided about may ask for a person", "GDPR, Article 22"),
        Because(Trait.TALKS, "people have to be told that it is a machine", "EU AI Act, Article 50(1)"),
        Because(Trait.WRITES, "what it makes has to be marked as made by a machine", "EU AI Act, Article 50(2) to (4)"),
    )
}


def traits_of(answers: Mapping[str, Sequence[str]]) -> frozenset[Trait]:
    """What the answers, by the ids of the questions, say is true; an empty answer says that none of it is.

    Raises InvalidInputError when a question is not answered, or something else is.
    """
    for known in QUESTIONS:
        if known.id not in answers:
            raise InvalidInputError(
                f"the question `{known.id}` is not answered", where="answers", fix="an empty answer says: none of these"
            )
    by_id = {question.id: question for question in QUESTIONS}
    unknown = sorted(answers.keys() - by_id.keys())
    if unknown:
        fix = f"answer {', '.join(by_id)}"
        raise InvalidInputError(f"there is no question `{unknown[0][:_SHOWN]}`", where="answers", fix=fix)
    return frozenset(_trait(by_id[name], word) for name, words in answers.items() for word in words)


def answers_of(traits: frozenset[Trait]) -> dict[str, list[str]]:
    """The answers that say so; what `traits_of` undoes."""
    return {question.id: [trait.value for trait in question.choices if trait in traits] for question in QUESTIONS}


def assess(traits: frozenset[Trait], packs: Sequence[str] = ()) -> Assessment:
    """The class of a system of which this is true, and whether it may stand in the register.

    packs: those that the policy names
    """
    forbidden, high, limited = (_those(table, traits) for table in (_FORBIDDEN, _HIGH, _LIMITED))
    because = (*forbidden, *high, *limited)
    if forbidden:
        return Assessment(Risk.HIGH, because, f"{forbidden[0].text} ({forbidden[0].source}), whatever the policy says")
    if high:
        what = f"{high[0].text} ({high[0].source}), and the policy does not name the pack `{HIGH_RISK_PACK}`"
        return Assessment(Risk.HIGH, because, None if HIGH_RISK_PACK in packs else what)
    return Assessment(Risk.LIMITED if limited else Risk.MINIMAL, because)


def _those(table: Mapping[Trait, Because], traits: frozenset[Trait]) -> tuple[Because, ...]:
    return tuple(because for trait, because in table.items() if trait in traits)


def _trait(question: Question, word: str) -> Trait:
    for trait in question.choices:
        if trait.value == word:
            return trait
    raise InvalidInputError(
        f"`{word[:_SHOWN]}` is no answer to `{question.id}`",
        where=f"answers.{question.id}",
        fix=f"use some of {', '.join(trait.value for trait in question.choices)}, or none",
    )
