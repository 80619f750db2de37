"""What an author who flips labels of a segment does to it, with and without caps and after unlearning: `--data FOLDER`.

Ten authors share the older four fifths of the leads. Mallory, who otherwise labels as honestly as the rest, calls
genuine leads of one segment junk: 2 % and 5 % of all labels. Told is the share of genuine leads of that segment, in
the newest fifth, that the scorecard then calls junk, at the score where it calls 5 % of all genuine leads so, and the
mean chance of junk they are given. Caps are those that `learn fit --label-author` sets by itself, which does not know
the segment; beside them, caps by somebody who knows it. Unlearning takes the batch of the attack back, as
`learn unlearn` does.
"""

import argparse
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from benchmarks.learn.sets import LabelledSet, read_sets
from winnow.adapters.trainer import EbmTrainer
from winnow.core.declared import DeclaredSignal, Reading
from winnow.core.learning.feedback.caps import Caps, Held, capped, weighed
from winnow.core.learning.feedback.outliers import Examined, examined
from winnow.core.learning.feedback.unlearn import Withdrawal, remaining_signed
from winnow.core.learning.feedback.vouched import Vouched
from winnow.core.learning.figures.measures import probability
from winnow.core.learning.fitting.points import scores
from winnow.core.learning.study import Study
from winnow.core.scorecard import Scorecard
from winnow.demo.dice import Dice
from winnow.ports import FitSettings
from winnow.services.learn import Terms, learned
from winnow.services.unlearn import card_hash

_SETS = ("bank calls", "e-commerce, purchase")
_AUTHORS, _MALLORY = 10, "mallory"
_RATES = (0.02, 0.05)
_TERMS = Terms("poison", "benchmark", FitSettings())
_CAPPED = replace(_TERMS, label_caps=Caps())
_CALLED_JUNK = 0.05
_FEWEST_NEW = 100


class Segment(NamedTuple):
    """Leads whose signal has this value."""

    signal: str
    value: object


class Attack(NamedTuple):
    """The study with flipped labels, which knows who gave each, and which were flipped."""

    study: Study
    flipped: frozenset[int]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=os.environ.get("WINNOW_DATA"), help="the folder with the sets")
    parser.add_argument("--rows", type=int, default=20_000, help="newest leads of each set to use")
    chosen = parser.parse_args(arguments)
    sets = [_generated(chosen.rows)]
    if chosen.data is not None:
        sets += [each for each in read_sets(Path(chosen.data)) if each.name in _SETS]
    for each in sets:
        study = each.study.part(max(0, len(each.study) - chosen.rows), len(each.study))
        _measure(each.name, study, len(study) * 4 // 5)


def _measure(name: str, study: Study, split: int) -> None:
    segment = _segment(study, split)
    print(
        f"{name}: {split:,} labels to learn from, {study.rate:.1%} {study.target}; attacked: {segment.value}",
        flush=True,
    )
    for rate in _RATES:
        attack = _attack(study, split, segment, rate)
        places = [place for place in range(len(study)) if place not in attack.flipped]
        left = split - len(attack.flipped)
        before = _fit(attack.study.having(places), left)
        new = study.part(split, len(study))
        print(f"  {len(attack.flipped):,} labels flipped ({len(attack.flipped) / split:.1%})", flush=True)
        told = {"before": before, "no caps": _fit(attack.study, split)}
        told["caps"] = _fit(attack.study, split, _CAPPED)
        told["caps, knowing the segment"] = _knowing(attack, split, segment)
        for label, card in told.items():
            share, chance = _targeted(card, new, segment)
            print(f"    {label:24}{share:6.1%} of its genuine leads called junk; mean chance {chance:.1%}", flush=True)
        print(f"    unlearned: {_unlearned(attack, split, places)}", flush=True)


def _segment(study: Study, split: int) -> Segment:
    """The text value of 8 to 30 % of the leads, and not rare in the newest ones, of which the least are positive."""
    found = []
    for signal in study.signals:
        column, newer = study.columns[signal.name][:split], list(study.columns[signal.name][split:])
        for value in set(column) if signal.kind is str else ():
            here = [truth for each, truth in zip(column, study.truth[:split], strict=True) if each == value]
            if value is not None and 0.08 * split <= len(here) <= 0.3 * split and newer.count(value) > _FEWEST_NEW:
                found.append((sum(here) / len(here), signal.name, str(value)))
    _, name, value = min(found)
    return Segment(name, value)


def _attack(study: Study, split: int, segment: Segment, rate: float) -> Attack:
    column = study.columns[segment.signal]
    targets = [place for place in range(split) if column[place] == segment.value and not study.truth[place]]
    flipped = frozenset(sorted(targets, key=lambda place: _lot(study.ids[place], "flip"))[: round(rate * split)])
    names = [_MALLORY, *(f"author {number}" for number in range(1, _AUTHORS))]
    authors = [names[int(_lot(lead, "author") * _AUTHORS)] for lead in study.ids]
    poisoned = replace(
        study,
        truth=[each or place in flipped for place, each in enumerate(study.truth)],
        authors=[_MALLORY if place in flipped else each for place, each in enumerate(authors)],
        batches=["attack" if place in flipped else "" for place in range(len(study))],
    )
    return Attack(poisoned, flipped)


def _lot(lead: str, what: str) -> float:
    return int.from_bytes(sha256(f"{what} {lead}".encode()).digest()[:8]) / 2**64


def _fit(study: Study, split: int, terms: Terms = _TERMS) -> Scorecard:
    found = learned(EbmTrainer(), study, split, terms)
    if found.safeguard is not None:
        guard = found.safeguard
        print(f"    compared by {', '.join(guard.by)}; {_words(guard.examined, guard.held)}", flush=True)
    return found.card


def _words(found: Examined, held: Sequence[Held]) -> str:
    said = ", ".join(f"{each.name} ({each.why}: {each.labels:,} count as {each.after:,.0f})" for each in held)
    return f"outliers: {', '.join(sorted(found.names)) or 'nobody'}; held: {said or 'nobody'}"


def _knowing(attack: Attack, split: int, segment: Segment) -> Scorecard:
    study, column = attack.study, attack.study.columns[segment.signal]
    labels = [Vouched(study.truth[place], study.authors[place], "", str(column[place])) for place in range(split)]
    found = examined(labels)
    weights = capped(labels, Caps(), found.names)
    print(f"    knowing the segment: {_words(found, weights.held)}", flush=True)
    return _fit(weighed(study, [*weights.weights, *[1.0] * (len(study) - split)]), split)


def _unlearned(attack: Attack, split: int, honest: Sequence[int]) -> str:
    """Whether what is left gives the scorecard of a history that never held the flipped labels, caps and all."""
    left = remaining_signed(attack.study, split, Withdrawal(_MALLORY, batch="attack"))
    never = _fit(attack.study.having(honest), split - len(attack.flipped), _CAPPED)
    again = card_hash(_fit(left.study, left.split, _CAPPED))
    same = again == card_hash(never)
    return f"{'the hash of before' if same else 'ANOTHER HASH THAN BEFORE'} ({again[:12]})"


def _cut(card: Scorecard, new: Study) -> int:
    genuine = sorted(score for score, truth in zip(scores(card, new), new.truth, strict=True) if not truth)
    return genuine[int(len(genuine) * (1 - _CALLED_JUNK))]


def _targeted(card: Scorecard, new: Study, segment: Segment) -> tuple[float, float]:
    """Of the segment's genuine leads: the share called junk, and the mean chance of junk they are given."""
    cut = _cut(card, new)
    told = zip(scores(card, new), new.truth, new.columns[segment.signal], strict=True)
    here = [score for score, truth, value in told if value == segment.value and not truth]
    return sum(score > cut for score in here) / len(here), sum(probability(score / 1000) for score in here) / len(here)


def _generated(rows: int) -> LabelledSet:
    """Leads by campaign, network and seats, an eighth of them junk."""
    lots = Dice.named("poison")
    names = ("campaign.origin", "network.kind", "order.seats")
    readings = (Reading.TEXT, Reading.TEXT, Reading.NUMBER)
    signals = tuple(
        DeclaredSignal(name, f"custom.{name.partition('.')[2]}", reading, name).signal
        for name, reading in zip(names, readings, strict=True)
    )
    drawn = list(_leads(lots, rows))
    columns = {name: [row[place] for row in drawn] for place, name in enumerate(names)}
    truth = [bool(row[3]) for row in drawn]
    ids, ones = [str(place) for place in range(rows)], [1.0] * rows
    study = Study("junk", signals, columns, truth, ones, [float(place) for place in range(rows)], ids, [None] * rows)
    return LabelledSet("generated", study, rows * 4 // 5)


def _leads(lots: Dice, rows: int) -> Iterator[tuple[str, str, float, bool]]:
    odds = {"search": 0.05, "fair": 0.03, "partner": 0.1, "social": 0.2, "ads": 0.25}
    kinds = {"home": 0.6, "office": 0.5, "hosting": 3.0}
    for _ in range(rows):
        origin, kind, seats = lots.pick(tuple(odds)), lots.pick(tuple(kinds)), float(lots.whole(1, 40))
        yield origin, kind, seats, lots.chance(min(0.9, odds[origin] * kinds[kind] * (1.4 if seats < 5 else 0.9)))  # noqa: PLR2004  # a small firm


if __name__ == "__main__":
    main()
