"""Learning: leaks are refused, the older leads are fitted, the newest say what that is worth; no outcome is touched."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from winnow.core.learning.feedback.caps import Caps, weighed
from winnow.core.learning.feedback.safeguard import Safeguard, caps_from, safeguarded
from winnow.core.learning.fitting.additive import innocent, logits
from winnow.core.learning.fitting.calibration import Calibration, calibration
from winnow.core.learning.fitting.directions import directions
from winnow.core.learning.fitting.draft import bands_for
from winnow.core.learning.fitting.examined import Override, examined
from winnow.core.learning.fitting.points import RoundingLoss, calibrated, rounding_loss, scorecard_from, scores
from winnow.core.learning.made import File, Made
from winnow.core.learning.reading.columns import Column
from winnow.core.learning.reading.copies import copies_in
from winnow.core.learning.reading.recipe import Recipe
from winnow.core.learning.reading.split import need_enough, split_place
from winnow.core.learning.study import Fitted, Study
from winnow.core.scorecard import JUNK, Scorecard
from winnow.core.thresholds import Bands
from winnow.errors import InvalidInputError
from winnow.ports import Clock, FitSettings, Trainer

#: The newest part of the leads that are learned from; probabilities are set right and bands are chosen with it.
CALIBRATION_SHARE = 0.15

_NOTE = "Learned. 1,000 points are one logit towards {}."


@dataclass(frozen=True, slots=True)
class Terms:
    """What a fit does besides its data; the same terms and data give the same scorecard.

    other_caps: of families that rules of the ruleset use
    label_caps: how much any author's labels may weigh; None when nobody knows who gave them
    """

    card_id: str
    owner: str
    settings: FitSettings
    other_caps: Mapping[str, int] = field(default_factory=dict)
    label_caps: Caps | None = None


def terms_of(manifest: Mapping[str, Any]) -> Terms:
    """The terms of an earlier fit, by its manifest: what it takes to fit it again on other labels.

    Raises InvalidInputError when the manifest does not tell them.
    """
    try:
        return _terms(manifest)
    except (KeyError, TypeError, AttributeError):
        raise InvalidInputError(
            "the manifest does not say how the model was fitted",
            where="manifest.json: id, owner, settings",
            fix="put it back as it was, or fit the model again: winnow learn fit",
        ) from None


def _terms(manifest: Mapping[str, Any]) -> Terms:
    settings = manifest["settings"]
    signed = manifest.get("labels")
    return Terms(
        card_id=manifest["id"],
        owner=manifest["owner"],
        settings=FitSettings(
            seed=settings["seed"],
            pairs=settings["pairs"],
            rising=frozenset(settings["rising"]),
            falling=frozenset(settings["falling"]),
        ),
        other_caps=settings["other_caps"],
        label_caps=caps_from(signed["caps"]) if signed else None,
    )


@dataclass(frozen=True, slots=True)
class Learned:
    """A scorecard with what it came from.

    study: all leads, with the signals that were fitted · split: those before it were learned from
    rounding: what its points cost on the hold-out · safeguard: what the authors of labels were held to
    """

    card: Scorecard
    study: Study
    split: int
    bands: Bands
    calibration: Calibration
    rounding: RoundingLoss
    library: str
    safeguard: Safeguard | None = None


def learned(
    trainer: Trainer, study: Study, split: int, terms: Terms, progress: Callable[[float], None] = lambda _: None
) -> Learned:
    """Fit all signals of the study on the leads before `split`, the older ones; see them set right by the others.

    Raises InvalidInputError when there are too few labels.
    """
    need_enough(study, split)
    early = split - max(round(CALIBRATION_SHARE * split), 1)
    older, newer = study.part(0, early), study.part(early, split)
    guard = safeguarded(study, split, terms.label_caps) if terms.label_caps is not None else None
    if guard is not None:
        older, newer = weighed(older, guard.weights[:early]), weighed(newer, guard.corrections[early:])
    fitted = trainer.fit(older, directed(study, terms.settings), progress)
    shift = calibration(logits(_fair(fitted, study.target), newer), newer.truth, newer.weights)
    model = calibrated(_fair(fitted, study.target), shift)
    card = _card(model, study, terms)
    holdout = study.part(split, len(study))
    return Learned(
        card,
        study,
        split,
        bands_for(card, scores(card, newer)),
        shift,
        rounding_loss(model, card, holdout),
        fitted.library,
        guard,
    )


@dataclass(frozen=True, slots=True)
class Commission:
    """What is to be fitted: a history as it was read, and what somebody asked for.

    study: with every signal that could be measured · cells: what stands in the target column, and how often
    holdout: share of the leads, the newest, that is set aside
    """

    study: Study
    file: File
    recipe: Recipe
    columns: tuple[Column, ...]
    cells: Mapping[str, int]
    terms: Terms
    author: str
    version: str
    holdout: float = 0.2
    overrides: Sequence[Override] = ()


class Learning:
    """Fits scorecards."""

    def __init__(self, trainer: Trainer, clock: Clock) -> None:
        self._trainer = trainer
        self._clock = clock

    def fit(self, asked: Commission, progress: Callable[[float], None] = lambda _: None) -> Made:
        """Split, examine, fit, and keep what is needed to account for it.

        Raises InvalidInputError when the data does not allow it.
        """
        split = split_place(asked.study.times, len(asked.study), asked.holdout)
        need_enough(asked.study, split)
        found = examined(asked.study, split, asked.columns, asked.overrides)
        study = asked.study.using([each.signal for each in found if each.used])
        result = learned(self._trainer, study, split, asked.terms, progress)
        settings = directed(study, asked.terms.settings)
        return Made(
            card=result.card,
            bands=result.bands,
            study=study,
            split=split,
            rounding=result.rounding,
            recipe=asked.recipe,
            file=asked.file,
            columns=asked.columns,
            examined=found,
            cells=asked.cells,
            author=asked.author,
            made_at=self._clock.now().isoformat(timespec="seconds").replace("+00:00", "Z"),
            directions=_directions(study, settings),
            settings={
                "seed": settings.seed,
                "pairs": settings.pairs,
                "holdout": asked.holdout,
                "rising": sorted(settings.rising),
                "falling": sorted(settings.falling),
                "calibration_slope": round(result.calibration.slope, 6),
                "calibration_intercept": round(result.calibration.intercept, 6),
                "other_caps": dict(asked.terms.other_caps),
            },
            versions={"winnow": asked.version, "library": result.library},
            safeguard=result.safeguard,
            copies=copies_in(study, split) if study.faces else None,
        )


def _directions(study: Study, settings: FitSettings) -> dict[str, str]:
    names = {signal.name for signal in study.signals}
    rising = dict.fromkeys(sorted(names & settings.rising), "rising")
    return rising | dict.fromkeys(sorted(names & settings.falling), "falling")


def _fair(fitted: Fitted, target: str) -> Fitted:
    return innocent(fitted) if target == JUNK else fitted


def directed(study: Study, settings: FitSettings) -> FitSettings:
    """The directions somebody gave, and those nobody doubts."""
    rising, falling = directions(study.target, [signal.name for signal in study.signals])
    return replace(
        settings,
        rising=settings.rising | (rising - settings.falling),
        falling=settings.falling | (falling - settings.rising),
    )


def _card(model: Fitted, study: Study, terms: Terms) -> Scorecard:
    card = scorecard_from(
        model,
        study,
        card_id=terms.card_id,
        owner=terms.owner,
        note=_NOTE.format(study.target),
        other_caps=terms.other_caps,
    )
    if not card.features:
        raise InvalidInputError(
            "nothing was learned: no signal tells the leads apart", fix="bring other columns, or more labelled leads"
        )
    return card
