"""The data manifest of a model and the facts of its card: what went in, why, and what came out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from winnow.core.canonical import content_hash
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
from winnow.core.learning.feedback.safeguard import Safeguard, safeguard_document
from winnow.core.learning.fitting.examined import Examined, all_left_out, sources
from winnow.core.learning.fitting.points import RoundingLoss
from winnow.core.learning.fitting.protected import protected_name
from winnow.core.learning.reading.columns import Column
from winnow.core.learning.reading.recipe import BY_FILE, BY_TIME, Recipe, recipe_document
from winnow.core.learning.reading.split import ids_hash
from winnow.core.learning.reading.survey import Counts
from winnow.core.learning.study import Study
from winnow.core.ruleset_write import scorecard_document
from winnow.core.scorecard import JUNK, Scorecard
from winnow.core.thresholds import Bands

FORMAT = "winnow-model/1"

Tables = dict[str, object]


@dataclass(frozen=True, slots=True)
class File:
    """What was read: its name, its SHA-256, and what became of its rows."""

    name: str
    sha256: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Made:
    """One fit with all that led to it.

    study: with the signals that were fitted · examined: these and the others
    cells: what stands in the target column, and how often · directions: `rising` or `falling` by signal
    settings, versions: what it takes to fit it again
    safeguard: what the authors of labels were held to; None when nobody knows them
    """

    card: Scorecard
    bands: Bands
    study: Study
    split: int
    rounding: RoundingLoss
    recipe: Recipe
    file: File
    columns: tuple[Column, ...]
    examined: tuple[Examined, ...]
    cells: Mapping[str, int]
    author: str
    made_at: str
    directions: Mapping[str, str]
    settings: Mapping[str, object]
    versions: Mapping[str, str]
    safeguard: Safeguard | None = None

    @property
    def card_hash(self) -> str:
        """SHA-256 of the scorecard alone."""
        return content_hash(scorecard_document(self.card))

    @property
    def used(self) -> tuple[str, ...]:
        """The signals that were fitted."""
        return tuple(signal.name for signal in self.study.signals)

    @property
    def time_column(self) -> str:
        """The column that puts the leads in order; empty when nothing but the file does."""
        take = self.recipe.mapping.takes.get("received_at")
        return self.recipe.order or (", ".join(take.columns) if take else "")

    def dated(self, order: float) -> str:
        """A lead's place in time, for people."""
        if self.recipe.ordered_by != BY_TIME:
            return f"{order:.15g}"
        return datetime.fromtimestamp(order, UTC).isoformat().replace("+00:00", "Z")


def manifest_document(made: Made) -> Tables:
    """All of it as plain data; dates of its making stand under `made_at` and nowhere else."""
    study, split, counts = made.study, made.split, made.file.counts
    first, last = _ends(made)
    return {
        "format": FORMAT,
        "id": made.card.id,
        "made_at": made.made_at,
        "author": made.author,
        "owner": made.card.owner,
        "scorecard_hash": made.card_hash,
        "data": {
            "file": made.file.name,
            "sha256": made.file.sha256,
            "rows": counts.rows,
            "labelled": counts.labelled,
            "unlabelled": counts.unlabelled,
            "without_time": counts.unordered,
            "unreadable": counts.unreadable,
        },
        "target": {
            "name": study.target,
            "column": made.recipe.labels.column,
            "values": [
                {"value": cell, "leads": leads, "counts_as": made.recipe.labels.counts_as(cell)}
                for cell, leads in sorted(made.cells.items(), key=lambda each: (-each[1], each[0]))
            ],
        },
        "time": {"column": made.time_column, "by": made.recipe.ordered_by, "first": first, "last": last},
        "split": {
            "fit": split,
            "holdout": len(study) - split,
            "holdout_from": study.times[split] if study.times else None,
            "holdout_first": made.dated(study.times[split]) if study.times else "",
            "holdout_ids": ids_hash(study.ids[split:]),
        },
        **({} if made.safeguard is None else {"labels": safeguard_document(made.safeguard)}),
        "columns": [_column(column, made) for column in made.columns],
        "signals": [_signal(each) for each in made.examined],
        "recipe": recipe_document(made.recipe, made.used),
        "settings": dict(made.settings),
        "versions": dict(made.versions),
    }


def _ends(made: Made) -> tuple[str, str]:
    times = made.study.times
    return (made.dated(times[0]), made.dated(times[-1])) if times else ("", "")


def _column(column: Column, made: Made) -> Tables:
    """A column, with what was found against the signals made of it."""
    left_out = all_left_out(column, made.examined)
    of = [each for each in made.examined if sources(each.signal, (column,))]
    found = of if left_out else [each for each in of if each.signal in column.signals]
    used = column.used and not left_out
    whys = [column.why] if used or not found else dict.fromkeys(each.why for each in found)
    document: Tables = {
        "column": column.name,
        "kind": column.kind,
        "field": column.field,
        "used": used,
        "why": "; ".join(whys),
        "signals": list(column.signals),
    }
    against = next((each for each in found if each.suspicion is not None), None)
    return document if against is None else {**document, **_against(against)}


def _signal(each: Examined) -> Tables:
    return {"signal": each.signal, "used": each.used, "why": each.why, **_against(each)}


def _against(each: Examined) -> Tables:
    found: Tables = {}
    if each.suspicion is not None:
        found = {"suspicion": str(each.suspicion.verdict), "evidence": list(each.suspicion.evidence)}
    if each.override is not None:
        found["override"] = {"by": each.override.by, "why": each.override.reason}
    return found


def card_facts(made: Made) -> CardFacts:
    """All that the card says."""
    study, split, counts = made.study, made.split, made.file.counts
    scored = Scored(made.card, study, split, made.dated)
    first, last = _ends(made)
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
            outcomes=tuple(
                OutcomeCount(cell, leads, labels.counts_as(cell))
                for cell, leads in sorted(made.cells.items(), key=lambda each: (-each[1], each[0]))
            ),
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
    yield CheckFacts("columns that know the future", "refused" if allowed else "passed", note)
    protected = protected_columns(made.columns, made.used)
    if protected:
        note = f"it was learned from {', '.join(protected)}; whether that is lawful is for its owner to say"
        yield CheckFacts("attributes that the law may protect", "refused", note)
    if made.safeguard is not None:
        yield authors_check(made.safeguard)
    note = "this was not examined; that a column is not used does not show that others do not stand for it"
    yield CheckFacts("whether the score stands for an attribute the law protects", "not testable", note)


def _unknowns(made: Made) -> Iterator[str]:
    if made.safeguard is not None:
        yield from holdout_doubts(made.safeguard, len(made.study) - made.split)
    if made.recipe.ordered_by == BY_FILE:
        yield "Whether the file is in the order of time: no column says so, and the split relies on it."
    if made.file.counts.unreadable:
        yield f"What {made.file.counts.unreadable:,} rows hold: they could not be read and were left out."


def protected_columns(columns: Sequence[Column], used: Sequence[str]) -> tuple[str, ...]:
    """The columns that something was learned from and whose names speak of what the law may protect."""
    return tuple(
        column.name for column in columns if protected_name(column.name) and not set(used).isdisjoint(column.signals)
    )
