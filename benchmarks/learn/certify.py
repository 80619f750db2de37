"""Certified rejecting on real labelled sets, judged by leads that came later: `--data FOLDER`.

The newest fifth of every set is put away. On the older four fifths all happens as `learn fit` and `learn certify` would
do it on that day: the older of them are fitted, on a fifth or on half of them a certificate is sought. What was put
away then shows what the certificate would have done. Beside it, a threshold read off the same leads without a bound.

What counts as junk: fraud, spam, and for the marketing sets the leads that did not convert. That is not what a lost
lead is (it was real); it only makes a hard test. Exits with 1 if a certificate was right in under 99 of 100.
"""

import argparse
import csv
import math
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from benchmarks.learn.sets import read_sets
from winnow.adapters.trainer import EbmTrainer
from winnow.core.declared import DeclaredSignal, Reading
from winnow.core.learning.fitting.points import scores
from winnow.core.learning.proof.certify import Certified, Terms
from winnow.core.learning.proof.rehearsal import Rehearsal, rehearsed
from winnow.core.learning.study import Study
from winnow.core.scorecard import JUNK, Scorecard
from winnow.core.thresholds import PRECISION_FLOOR
from winnow.ports import FitSettings
from winnow.services.learn import Terms as FitTerms
from winnow.services.learn import learned

_FIT = FitTerms("benchmark", "benchmark", FitSettings())
_LEAST = (0.995, 0.99)
_AWAY = 0.2
_PROVING = (0.2, 0.5)

#: What no proof on older leads can see coming; guards, the blind sample and the date of lapse are there for it.
_UNFORESEEABLE = "generated, right until the newest fifth and then not"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what was certified where, and what became of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=os.environ.get("WINNOW_DATA"), help="the folder with the sets")
    parser.add_argument("--only", default="", help="sets whose name has this in it")
    chosen = parser.parse_args(arguments)
    if chosen.data is None:
        parser.error("say where the sets are with --data or WINNOW_DATA")
    broken = [name for name, study in studies(Path(chosen.data)) if chosen.only in name and not _kept(name, study)]
    meant = [name for name in broken if name == _UNFORESEEABLE]
    found = [name for name in broken if name != _UNFORESEEABLE]
    print(f"certificates that were not kept: {', '.join(found) or 'none'}")
    print(f"not kept in a set made to break them, which does not count: {', '.join(meant) or 'none'}")
    sys.exit(bool(found))


def studies(folder: Path) -> Iterator[tuple[str, Study]]:
    """Every set by its name, with what counts as junk."""
    for each in read_sets(folder):
        marketing = not each.name.startswith("e-commerce")
        yield f"{each.name}, {'not converted' if marketing else 'fraud'}", as_junk(each.study, inverted=marketing)
        if each.name == "e-commerce, purchase":
            for leads in range(2000, 6001, 1000):
                yield f"{each.name}, only the first {leads:,}", as_junk(each.study.part(0, leads), inverted=False)
    yield "SMS, spam", spam(folder / "sms_spam.tsv")
    yield "generated, 999 of 1,000 right at the top", generated(0.999)
    yield "generated, 985 of 1,000 right at the top", generated(0.985)
    yield _UNFORESEEABLE, generated(0.999, later=0.5)


def as_junk(study: Study, *, inverted: bool) -> Study:
    """The study with its outcome, or the opposite, taken for junk."""
    return replace(study, target=JUNK, truth=[truth is not inverted for truth in study.truth])


def _kept(name: str, study: Study) -> bool:
    """Try both bounds on one set; whether each certificate would have been kept."""
    split = round(len(study) * (1 - _AWAY))
    print(f"{name}: {len(study):,} leads, {study.rate:.1%} junk; {len(study) - split:,} put away", flush=True)
    kept = [_tried(study, split, share) for share in _PROVING]
    return all(kept)


def _tried(study: Study, split: int, share: float) -> bool:
    cards: list[Scorecard] = []

    def fit(past: Study, place: int) -> Scorecard:
        if not cards:  # the same for both bounds
            cards.append(learned(EbmTrainer(), past, place, _FIT).card)
        return cards[0]

    found = [rehearsed(fit, study, split, Terms(least=least), share) for least in _LEAST]
    for least, each in zip(_LEAST, found, strict=True):
        print(f"  proving on {share:.0%}, {least:.1%}: {_said(each)}", flush=True)
    if cards:
        print(f"  without a bound: {_unbounded(cards[0], study, split, share)}", flush=True)
    return all(_right(each) for each in found)


def _right(rehearsal: Rehearsal) -> bool:
    """Whether the certificate, if there was one, was right often enough later on."""
    found = rehearsal.realised
    return found is None or found.precision is None or found.precision >= PRECISION_FLOOR


def _said(rehearsal: Rehearsal) -> str:
    answer, later = rehearsal.answer, rehearsal.realised
    if not isinstance(answer, Certified) or later is None:
        return answer.reason if answer is not None and not isinstance(answer, Certified) else rehearsal.note
    precision = "none flagged" if later.precision is None else f"{later.precision:.2%} right"
    return (
        f"certified from {answer.threshold} points up on {answer.labels:,} labels, {answer.wrong} wrong, coverage "
        f"{answer.coverage:.1%}; put away: {later.flagged:,} of {later.leads:,} flagged, {precision}"
    )


def _unbounded(card: Scorecard, study: Study, split: int, share: float) -> str:
    """The lowest threshold at which 995 of 1,000 were right on the same leads, and what it did later."""
    place = split - round(split * share)
    points = scores(card, study)
    tried = sorted(zip(points[place:split], study.truth[place:split], strict=True), reverse=True)
    right, threshold = 0, None
    for count, (score, junk) in enumerate(tried, 1):
        right += junk
        if right >= 0.995 * count:
            threshold = score
    if threshold is None:
        return "no such threshold"
    flagged = [junk for score, junk in zip(points[split:], study.truth[split:], strict=True) if score >= threshold]
    later = f"{sum(flagged) / len(flagged):.2%} right" if flagged else "none flagged"
    return f"from {threshold} points up; put away: {len(flagged):,} flagged, {later}"


# ── Sets that are made here ──────────────────────────────────────────────────────────────────────


def spam(path: Path) -> Study:
    """Texts in the order of the file: words that told spam from ham in its first two fifths, and simple counts."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    texts, truth = [row["SMS"] for row in rows], [row["Label"] == "spam" for row in rows]
    weight = word_weights(texts[: len(rows) * 2 // 5], truth)
    columns: dict[str, list[float]] = {
        "words": [sum(weight.get(word, 0.0) for word in set(text.lower().split())) for text in texts],
        "length": [float(len(text)) for text in texts],
        "digits": [float(sum(letter.isdigit() for letter in text)) for text in texts],
        "capitals": [sum(letter.isupper() for letter in text) / max(1, len(text)) for text in texts],
        "signs": [float(sum(letter in "£$!/" for letter in text)) for text in texts],
    }
    return numeric(columns, truth)


def word_weights(texts: Sequence[str], truth: Sequence[bool]) -> dict[str, float]:
    """How much a word speaks for spam: the log of the ratio of its shares in spam and ham, with one added to each."""
    spam, ham = Counter[str](), Counter[str]()
    for text, junk in zip(texts, truth, strict=False):
        (spam if junk else ham).update(set(text.lower().split()))
    return {word: math.log((spam[word] + 1) / (ham[word] + 1)) for word in spam | ham}


def generated(precision: float, later: float | None = None, size: int = 20_000) -> Study:
    """A third of the leads is caught by two signals, and so often rightly; in the newest fifth `later`, if given."""
    columns: dict[str, list[float]] = {"speed": [], "copies": [], "noise": []}
    truth = []
    for place in range(size):
        digest = sha256(f"{precision}/{later}/{place}".encode()).digest()
        kind, fate, noise = (int.from_bytes(digest[at : at + 8]) / 2**64 for at in (0, 8, 16))
        rate = later if later is not None and place >= size * (1 - _AWAY) else precision
        caught = kind < 1 / 3
        truth.append(fate < (rate if caught else 0.1))
        columns["speed"].append(kind if caught else 5 + 10 * noise)
        columns["copies"].append(4 + kind if caught else 2 * noise)
        columns["noise"].append(noise)
    return numeric(columns, truth)


def numeric(columns: dict[str, list[float]], truth: Sequence[bool]) -> Study:
    """A study of numbers, each column a family of its own."""
    signals = [DeclaredSignal(f"{name}.value", f"custom.{name}", Reading.NUMBER, name).signal for name in columns]
    size = len(truth)
    values = {f"{name}.value": column for name, column in columns.items()}
    return Study(JUNK, tuple(signals), values, truth, [1.0] * size, (), list(map(str, range(size))), [None] * size)


if __name__ == "__main__":
    main()
