"""Wiring of unlearning: a model and its data are read again, labels come out of a file or an installation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from winnow.adapters.files.cells import csv_cell
from winnow.adapters.files.label_file import read_labels
from winnow.adapters.files.models import read_manifest, write_model
from winnow.adapters.rulesets import ruleset_toml
from winnow.bootstrap.fitting import json_text
from winnow.bootstrap.histories import Progress
from winnow.bootstrap.learning import model_card, study_again
from winnow.config import Config
from winnow.core.learning.feedback.unlearn import Affected, Said
from winnow.core.learning.reading.labels import Labels, Verdict
from winnow.core.learning.study import Study
from winnow.core.scorecard import Scorecard
from winnow.core.thresholds import Bands
from winnow.errors import InvalidInputError
from winnow.ports import KnownLabel, Trainer
from winnow.services.learn import learned, terms_of
from winnow.services.unlearn import Model, Refit, Unlearned

UNLEARNED, RULESET, RESCREEN = "unlearned.json", "ruleset.toml", "rescreen.csv"

_HEADER = "lead,source,outcome_before,outcome_after,score_before,score_after"


def model_again(folder: Path, data: str, config: Config, progress: Progress) -> tuple[Model, Mapping[str, Any]]:
    """A fitted model with the leads it was fitted on, and its manifest."""
    again = study_again(folder, data, config=config, progress=progress)
    return Model(again.study, again.split, model_card(folder), again.ruleset), again.manifest


def refit(trainer: Trainer, manifest: Mapping[str, Any], progress: Progress) -> Refit:
    """The fit a manifest tells of, for another study: the same settings and seed."""
    terms = terms_of(manifest)

    def fit(study: Study, split: int) -> tuple[Scorecard, Bands]:
        found = learned(trainer, study, split, terms, lambda share: progress("fitting", share))
        return found.card, found.bands

    return fit


def signed(folder: Path) -> bool:
    """Whether the file a model was fitted on says itself who gave its labels."""
    return bool(read_manifest(folder).get("labels"))


# ── labels ───────────────────────────────────────────────────────────────────────────────────────


def labels_in(path: Path, target: str) -> list[Said]:
    """The labels of a file as they speak about what is learned; those that do not are left out."""
    rows = read_labels(path)
    known = set(Verdict)
    unknown = next((row.verdict for row in rows if row.verdict not in known), None)
    if unknown is not None:
        raise InvalidInputError(f"`{unknown[:40]}` is no verdict", where=str(path), fix=f"use {', '.join(Verdict)}")
    meant = _meaning(target)
    return [
        Said(row.lead, truth, row.author, row.source, row.batch, row.at)
        for row in rows
        if (truth := meant.truth(row.verdict)) is not None
    ]


def labels_of(standing: Sequence[KnownLabel], target: str) -> list[Said]:
    """The same for labels on record."""
    meant = _meaning(target)
    return [
        Said(each.lead_id, truth, each.said.author, each.source, each.said.batch, each.at)
        for each in standing
        if (truth := meant.truth(each.said.verdict)) is not None
    ]


def _meaning(target: str) -> Labels:
    return Labels("verdict", target, {word.value: word for word in Verdict})


# ── what is written ──────────────────────────────────────────────────────────────────────────────


def unlearned_document(found: Unlearned) -> dict[str, object]:
    """Everything that came of unlearning, as plain data."""
    return {
        "withdrawn": {
            **found.withdrawal.document,
            "labels": found.remaining.labels,
            "leads_without_truth": list(found.remaining.withdrawn),
            "leads_turned": list(found.remaining.turned),
        },
        "scorecard": {"before": found.hashes[0], "after": found.hashes[1]},
        "auc": {"before": found.aucs[0], "after": found.aucs[1]},
        "points": [asdict(each) for each in found.changes],
        "thresholds": None if found.draft is None else asdict(found.draft.thresholds.bands),
        "affected": [_affected(each) for each in found.affected],
    }


def _affected(each: Affected) -> dict[str, object]:
    words = {"before": each.before.word, "after": each.after.word}
    return {"lead": each.lead, "source": each.source, **words, "score": [each.score_before, each.score_after]}


def save_unlearned(folder: Path, found: Unlearned) -> None:
    """Write a folder with what came of unlearning, whole or not at all."""
    files = {UNLEARNED: json_text(unlearned_document(found)), RESCREEN: "".join(_lines(found.affected))}
    if found.draft is not None:
        files[RULESET] = ruleset_toml(found.draft)
    write_model(folder, files)


def _lines(affected: Sequence[Affected]) -> Iterator[str]:
    yield f"{_HEADER}\n"
    for each in affected:
        cells = (each.lead, each.source or "", each.before.word, each.after.word)
        yield ",".join([*map(csv_cell, cells), str(each.score_before), str(each.score_after)]) + "\n"


def save_weights(path: Path, leads: Sequence[str], weights: Sequence[float]) -> None:
    """Write what each lead's label weighs, as CSV."""
    lines = [f"{csv_cell(lead)},{weight:.6g}\n" for lead, weight in zip(leads, weights, strict=True)]
    path.write_text("".join(["lead,weight\n", *lines]), encoding="utf-8", newline="")
