"""The summary of a model card, for somebody who is no statistician: what it finds, what it costs, what nobody knows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from winnow.core.learning.card.facts import FEWEST, CardFacts, Estimate, Quality
from winnow.core.learning.card.weights import Weight, few, weights
from winnow.core.learning.figures.plain import counted, grouped, in_hundred, listed, per_hundred, spread
from winnow.core.scorecard import JUNK

#: As many features are named in the summary.
_NAMED = 3
#: The AUC of something that knows nothing.
_COIN = 0.5

#: A longer name or value is cut in a sentence, which it would drown; the tables have it whole.
_LONGEST = 60

_UNPROVEN = "nobody has shown that this is right often enough"


@dataclass(frozen=True, slots=True)
class TargetWords:
    """How to speak of what is counted.

    many, others: the leads that are it and those that are not · one, other: a single one of each
    towards, away: what points speak for and against
    """

    many: str
    others: str
    one: str
    other: str
    towards: str
    away: str


_TARGETS = {
    JUNK: TargetWords("junk leads", "genuine leads", "a junk lead", "a genuine one", "junk", "genuine"),
    "conversion": TargetWords(
        "leads that convert",
        "leads that do not",
        "a lead that converts",
        "one that does not",
        "converting",
        "not converting",
    ),
}


def target_words(target: str) -> TargetWords:
    """The words for a target; one that nobody foresaw is quoted."""
    quoted = f"“{target}”"
    general = TargetWords(f"{quoted} leads", "other leads", f"a {quoted} lead", "another one", quoted, f"not {quoted}")
    return _TARGETS.get(target, general)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One part of the summary; the first sentence is the one to remember."""

    heading: str
    sentences: tuple[str, ...]


def summary(facts: CardFacts) -> tuple[Paragraph, ...]:
    """The card in five short parts."""
    words = target_words(facts.target)
    parts = (
        ("What it is", _what(facts, words)),
        ("How good it is", _how_good(facts, words)),
        ("What it looks at most", _looks_at(facts, words)),
        ("What it may do today", _may(facts, words)),
        ("What we do not know", _unknown(facts)),
    )
    return tuple(Paragraph(heading, tuple(map(_quoted, sentences))) for heading, sentences in parts)


def _what(facts: CardFacts, words: TargetWords) -> Iterator[str]:
    yield (
        f"A list of points for {counted(len(facts.features), 'observation')} about a lead. The points are added up: "
        f"many speak for {words.towards}, few for {words.away}. Nothing else goes in."
    )
    meaning = f" ({facts.meaning})" if facts.meaning else ""
    share = in_hundred(facts.fit.positives / facts.fit.leads) if facts.fit.leads else "none"
    yield f"It was learned from {counted(facts.fit.leads, 'lead')}, of which {share} were {words.many}{meaning}."
    yield f"{_capital(facts.owner)} answers for it. {_capital(facts.author)} made it."
    for column in facts.columns:
        if column.override is not None:
            yield (
                f"Mind: “{_named(column.column)}” may know the future and was refused. {column.override.by} allowed it "
                f"all the same, for this reason: {_ended(column.override.why)}"
            )


def _how_good(facts: CardFacts, words: TargetWords) -> Iterator[str]:
    quality = facts.quality
    if quality is None:
        yield f"Too few to say: the part kept for the test has fewer than {FEWEST} leads of a kind."
        return
    found = quality.recall
    yield (
        f"Of 100 {words.many} it would find {per_hundred(found.value)}{spread(found.low, found.high)} while troubling "
        f"5 of 100 {words.others}."
    )
    ranked = quality.auc
    if ranked.low is not None and ranked.low <= _COIN:
        yield f"Mind: it was not shown to tell {words.many} from {words.others} better than tossing a coin would."
    yield (
        f"Shown {words.one} and {words.other}, it gives the first more points in {per_hundred(ranked.value)} of 100 "
        f"cases{spread(ranked.low, ranked.high)}; tossing a coin would do so in 50."
    )
    yield f"The chances it names are off by {per_hundred(quality.calibration_error.value)} in 100 on average."
    yield (
        f"This was measured on the newest {counted(quality.leads, 'lead')}, which it had never seen. "
        "“Between” is where the true figure lies with 95 % confidence."
    )
    yield from _weakest(facts)


def _weakest(facts: CardFacts) -> Iterator[str]:
    """The worst stretch of the hold-out, when there are several."""
    known: list[Quality] = [each.quality for each in facts.slices if each.part != "fit" and each.quality is not None]
    if len(known) > 1:
        worst = min(known, key=lambda each: each.recall.value)
        best = max(known, key=lambda each: each.recall.value)
        least, most = per_hundred(worst.recall.value), per_hundred(best.recall.value)
        found = f"over {len(known)} stretches of the test it found between {least} and {most} of 100"
        if _end(worst.recall.high, worst.recall) < _end(best.recall.low, best.recall):
            yield f"It was not equally good all the time: {found}."
        elif least != most:
            yield f"{_capital(found)}, a difference that may be chance."


def _end(end: float | None, found: Estimate) -> float:
    return found.value if end is None else end


def _looks_at(facts: CardFacts, words: TargetWords) -> Iterator[str]:
    named = weights(facts.features)[:_NAMED]
    if not named:
        yield "Nothing: it gives every lead the same points."
        return
    labels = listed([_named(weight.feature.label) for weight in named])
    yield f"{_capital(labels)}: {in_hundred(sum(weight.share for weight in named))} of what moves a score."
    yield from (f"{_capital(_named(weight.feature.label))}: {_poles(weight, words)}." for weight in named)


def _poles(weight: Weight, words: TargetWords) -> str:
    """Which values point furthest either way; rare ones are not worth a sentence."""
    common = [each for each in weight.feature.bins if not few(each)]
    highest = max(common, key=lambda each: each.points, default=None)
    lowest = min(common, key=lambda each: each.points, default=None)
    said = [
        f"“{_named(each.words)}” points most towards {word}"
        for each, word, sign in ((highest, words.towards, 1), (lowest, words.away, -1))
        if each is not None and each.points * sign > 0
    ]
    return ", ".join(said) or "no value of it points far"


def _may(facts: CardFacts, words: TargetWords) -> Iterator[str]:
    yield "Nothing, until a second person has signed it off; until then it only runs in shadow, without effect."
    if facts.target != JUNK:
        yield f"Then it may put accepted leads in order, by how much speaks for {words.towards}."
        yield "It may not screen anybody."
        return
    yield "Then it may tag leads and send them to people for review."
    proof = facts.certificate
    if proof is None:
        yield f"It may not reject anybody: {_ended(facts.not_certified or _UNPROVEN)}"
        return
    yield (
        f"It may reject from {grouped(proof.threshold)} points up until {proof.expires_at[:10]}: of the leads there at "
        f"least {in_hundred(proof.precision_bound)} are junk, shown on {counted(proof.labels, 'lead')} with 95 % "
        f"confidence. That is {in_hundred(proof.coverage)} of all {words.many}."
    )


def _unknown(facts: CardFacts) -> Iterator[str]:
    data = facts.data
    if data.rows > data.labelled:
        left = counted(data.rows - data.labelled, "lead")
        yield f"What became of {left} in the file: they have no outcome that counts, and were left out."
    if not data.time_column:
        yield "How it does on later leads: the file does not say when leads came, so its order was taken as it is."
    if data.sources:
        seen = listed([*map(_named, data.sources)])
        yield f"How it does on leads from anywhere else than {seen}: it has never seen any."
    small = [f"{each.by} {_named(each.value) or 'unknown'}" for each in facts.groups if each.quality is None]
    if small:
        yield f"How it does on {listed(small)}: too few leads to say."
    for check in facts.checks:
        if check.result == "not testable":
            yield f"{_capital(check.name)}: not testable{f', {check.note}' if check.note else ''}."
    doubted = [each.column for each in facts.columns if each.used and each.suspicion == "doubtful"]
    doubtful = [f"“{_named(column)}”" for column in dict.fromkeys(doubted)]
    if doubtful:
        yield f"Whether {listed(doubtful)} would be known in time: the leak detector has its doubts."
    yield from facts.unknowns
    yield "Whether leads will go on being as they were: it must be examined again when a guard reports drift."


def _quoted(sentence: str) -> str:
    """A sentence for readers who never met a backtick."""
    return re.sub("`([^`]*)`", r"“\1”", sentence)


def _named(text: str) -> str:
    """A name from the data, short enough for a sentence."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _ended(text: str) -> str:
    """What somebody wrote, as the end of a sentence."""
    return f"{text.rstrip(' .')}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
