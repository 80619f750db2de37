"""The data manifest of a model: what went into it, why, and what was left out."""

from winnow.core.learning.feedback.safeguard import safeguard_document
from winnow.core.learning.fitting.examined import Examined, all_left_out, sources
from winnow.core.learning.made import Made
from winnow.core.learning.reading.columns import Column
from winnow.core.learning.reading.recipe import recipe_document
from winnow.core.learning.reading.split import ids_hash

FORMAT = "winnow-model/1"

Tables = dict[str, object]


def manifest_document(made: Made) -> Tables:
    """All of it as plain data; dates of its making stand under `made_at` and nowhere else."""
    study, split, counts = made.study, made.split, made.file.counts
    first, last = made.ends
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
            **({} if made.copies is None else {"copies": made.copies.repeats, "copies_seen": made.copies.seen}),
        },
        "target": {
            "name": study.target,
            "column": made.recipe.labels.column,
            "values": [
                {"value": cell, "leads": leads, "counts_as": made.recipe.labels.counts_as(cell)}
                for cell, leads in made.commonest_cells
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
