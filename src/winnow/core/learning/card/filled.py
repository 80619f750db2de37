"""Fills in the facts of a model card out of one fit."""

from collections.abc import Iterator

from winnow.core.learning.card.authors import authors_check, holdout_doubts
from winnow.core.learning.card.described import Scored, bin_counts, rounding_facts
from winnow.core.learning.card.facts import (
    CardFacts,
    CheckFacts,
    ColumnFacts,
    DataFacts,
    OutcomeCount,
    OverrideFacts,
)
from winnow.core.learning.card.features import feature_facts, pair_facts
from winnow.core.learning.card.repeated import copies_doubts
from winnow.core.learning.fitting.examined import all_left_out, sources
from winnow.core.learning.fitting.protected import protected_name
from winnow.core.learning.made import Made
from winnow.core.learning.reading.recipe import BY_FILE
from winnow.core.scorecard import JUNK


def card_facts(made: Made) -> CardFacts:
    """All that the card says."""
    study, split, counts = made.study, made.split, made.file.counts
    scored = Scored(made.card, study, split, made.dated)
    first, last = made.ends
    labels = made.recipe.labels
    junk = study.target == JUNK
    signals = {signal.name: signal for signal in study.signals}
    return CardFacts(
        id=made.card.id,
        target=study.target,
        meaning=_meaning(made),
        author=made.author,
        owner=made.card.owner,
        made_at=made.made_at,
        scorecard_hash=made.card_hash,
        data=DataFacts(
            file=made.file.name,
            sha256=made.file.sha256,
            rows=counts.rows,
            labelled=counts.labelled,
            time_column=made.time_column,
            first=first,
            last=last,
            outcomes=tuple(OutcomeCount(cell, leads, labels.counts_as(cell)) for cell, leads in made.commonest_cells),
            sources=tuple(sorted({source for source in study.sources if source})),
        ),
        fit=scored.part(0, split),
        holdout=scored.part(split, len(study)),
        columns=tuple(_column_facts(made)),
        checks=tuple(_checks(made)),
        quality=scored.quality(range(split, len(study))),
        quality_fit=scored.quality(range(split)),
        slices=scored.slices(),
        groups=scored.groups(),
        reliability=scored.reliability(),
        rounding=rounding_facts(made.rounding),
        base=made.card.base,
        caps=made.card.caps,
        features=feature_facts(
            made.card,
            signals,
            bin_counts(made.card, study.part(0, split)),
            made.directions,
        ),
        pairs=pair_facts(made.card, signals),
        bands=scored.bands(made.bands) if junk else (),
        not_certified="rejecting by this score was not examined yet (winnow learn certify)" if junk else "",
        unknowns=tuple(_unknowns(made)),
        assumptions=(
            "later leads come from the same sources and forms as those it was fitted on",
            "the outcomes in the target column are right, and those that are missing are missing by chance",
        ),
        settings={name: str(value) for name, value in made.settings.items()},
        versions=made.versions,
    )


def _meaning(made: Made) -> str:
    labels = made.recipe.labels
    cells = [f"`{cell}`" for cell in sorted(made.cells) if labels.truth(cell)]
    return f"{', '.join(cells)} in the column `{labels.column}`"


def _column_facts(made: Made) -> Iterator[ColumnFacts]:
    """A line for each signal that was examined, and one for each column that no signal was made of."""
    of = {name: column for column in made.columns for name in column.signals}
    reads = {signal.name: signal for signal in made.study.signals}
    for each in made.examined:
        column = of.get(each.signal)
        signal = reads.get(each.signal)
        fields = ", ".join(sources(each.signal, made.columns) or (signal.reads if signal else ()))
        suspicion, override = each.suspicion, each.override
        yield ColumnFacts(
            column=column.name if column else fields or each.signal,
            signal=each.signal,
            reading=column.kind if column else "measured",
            used=each.used,
            why=each.why,
            suspicion=str(suspicion.verdict) if suspicion else "",
            evidence=suspicion.evidence if suspicion else (),
            override=OverrideFacts(override.by, override.reason) if override else None,
            direction=made.directions.get(each.signal, ""),
        )
    for column in made.columns:
        if not column.signals:
            off_limits = "off limits" if column.kind == "off limits" else "allowed"
            left_out = all_left_out(column, made.examined)
            why = "nothing that is measured in it was learned from" if left_out else column.why
            used = column.kind == "field" and column.used and not left_out
            yield ColumnFacts(column.name, "", column.kind, used, why, off_limits)


def _checks(made: Made) -> Iterator[CheckFacts]:
    dropped = [column.name for column in made.columns if column.kind == "off limits"]
    note = (
        f"dropped before anything was looked at: {', '.join(dropped)}" if dropped else "no such column is in the file"
    )
    yield CheckFacts("data that is off limits", "passed", note)
    refused = sum(each.suspicion is not None and not each.used for each in made.examined)
    allowed = sum(each.override is not None for each in made.examined)
    note = f"{refused} refused" + (f", {allowed} used all the same by an override" if allowed else "")
    yield CheckFacts("columns that know the future", "used" if allowed else "passed", note)
    yield from _protected(made)
    if made.safeguard is not None:
        yield authors_check(made.safeguard)
    note = "this was not examined; that a column is not used does not show that others do not stand for it"
    yield CheckFacts("whether the score stands for an attribute the law protects", "not testable", note)


def _protected(made: Made) -> Iterator[CheckFacts]:
    """What became of columns that are called like what the law may protect."""
    what, used = "attributes that the law may protect", made.protected
    if used:
        note = f"it was learned from {', '.join(used)}; whether that is lawful is for its owner to say"
        yield CheckFacts(what, "used", note)
        return
    there = [each.name for each in made.columns if each.kind != "off limits" and protected_name(each.name)]
    if there:
        yield CheckFacts(what, "passed", f"in the file, and not learned from: {', '.join(there)}")


def _unknowns(made: Made) -> Iterator[str]:
    if made.safeguard is not None:
        yield from holdout_doubts(made.safeguard, len(made.study) - made.split)
    if made.copies is not None:
        yield from copies_doubts(made.copies)
    if made.recipe.ordered_by == BY_FILE:
        yield "Whether the file is in the order of time: no column says so, and the split relies on it."
    if made.file.counts.unreadable:
        yield f"What {made.file.counts.unreadable:,} rows hold: they could not be read and were left out."
