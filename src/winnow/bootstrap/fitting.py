"""Wiring of a fit: a labelled file is opened, its columns are settled and measured, a model folder is written."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import tomlkit

from winnow import __version__
from winnow.adapters.clock import SystemClock
from winnow.adapters.files.maps import load_mapping
from winnow.adapters.files.models import (
    CARD,
    CARD_FACTS,
    MANIFEST,
    MAP,
    RULESET,
    check_model_target,
    read_manifest,
    read_part,
    write_model,
)
from winnow.adapters.files.source import Source, open_source
from winnow.adapters.rulesets import ruleset_toml
from winnow.bootstrap.files import load_ruleset
from winnow.bootstrap.fit_request import Request
from winnow.bootstrap.histories import Gathered, Progress, cells_of, content_of, gathered, need_column
from winnow.core.learning.card.document import card_document, card_from
from winnow.core.learning.fitting.draft import draft_ruleset, rule_caps
from winnow.core.learning.made import File, Made
from winnow.core.learning.manifest import manifest_document
from winnow.core.learning.reading.columns import Choice, Settled, forbidden_columns, settled
from winnow.core.learning.reading.copies import RepeatedId, repeated_ids
from winnow.core.learning.reading.labels import Labels, labels_for
from winnow.core.learning.reading.recipe import Recipe
from winnow.core.learning.reading.timing import Timing, timing_for
from winnow.core.mapping import Guess, LeadMapping, check_columns, guess, off_limits_columns, permitted, render_mapping
from winnow.core.ruleset import Ruleset
from winnow.core.ruleset_write import scorecard_document, signal_document
from winnow.core.scorecard import JUNK
from winnow.errors import InvalidInputError, RefusedByPolicyError
from winnow.ports import FitSettings, Trainer
from winnow.services.learn import Commission, Learning, Terms


@dataclass(frozen=True, slots=True)
class Prepared:
    """A history that was read and understood, ready to be fitted.

    guessed: None when a map said what the columns are · cells: of the target column
    ids: what repeats in columns that should name leads
    """

    request: Request
    base: Ruleset
    guessed: Guess | None
    labels: Labels
    timing: Timing
    settled: Settled
    before: LeadMapping
    recipe: Recipe
    gathered: Gathered
    cells: Mapping[str, int]
    file: File
    ids: tuple[RepeatedId, ...] = ()


def prepared(request: Request, progress: Progress) -> Prepared:
    """Read a labelled file; raises InvalidInputError or RefusedByPolicyError."""
    base = load_ruleset(request.config.path("screen.ruleset"), request.config)
    written = load_mapping(request.mapping) if request.mapping else None
    with open_source(
        request.data,
        written.csv if written else None,
        kind=request.kind,
        optional=written.optional if written else (),
    ) as source:
        return _Preparing(request, base, source, written, progress).prepared()


@dataclass(slots=True)
class _Preparing:
    request: Request
    base: Ruleset
    source: Source
    written: LeadMapping | None
    progress: Progress

    def prepared(self) -> Prepared:
        request, source = self.request, self.source
        guessed = None if self.written else guess(source.columns, source.sample())
        proposed = self.written or (guessed.mapping if guessed else LeadMapping({}))
        off_limits = self.base.policy.forbidden
        forbidden = frozenset((
            *off_limits_columns(proposed, source.columns, off_limits),
            *forbidden_columns(source.columns, off_limits),
        ))  # fmt: skip
        self._check(forbidden)
        cells = cells_of(source, [each for each in source.columns if each not in forbidden], self.progress)
        labels = labels_for(request.target, cells[request.target].counts, request.target_as, request.truth)
        mapping = self._without_roles(permitted(proposed, off_limits))
        timing = timing_for(mapping, cells, request.time, guessed=self.written is None)
        found = settled(source.columns, cells, timing.mapping, self._choice(timing, forbidden))
        check_columns(found.mapping, source.columns)
        recipe = Recipe(
            labels,
            found.mapping,
            tuple(found.declared),
            off_limits,
            weight=request.weight,
            order=timing.number,
            author=request.label_author,
            batch=request.label_batch,
        )
        read = gathered(source, recipe, request.config, self.progress)
        file = File(Path(source.name).name, content_of(source), read.counts)
        return Prepared(
            request,
            self.base,
            guessed,
            labels,
            timing,
            found,
            timing.mapping,
            recipe,
            read,
            cells[request.target].counts,
            file,
            tuple(repeated_ids(mapping, cells)),
        )

    def _check(self, forbidden: frozenset[str]) -> None:
        request = self.request
        for where, column in request.named:
            need_column(self.source, column, where)
            if column in forbidden and where != "--leave-out":
                raise RefusedByPolicyError(
                    f"the policy puts `{column}` off limits, so nothing may be learned from it",
                    where=where,
                    fix="leave it out, or have the policy changed by whoever owns it",
                )

    def _without_roles(self, mapping: LeadMapping) -> LeadMapping:
        """The map without what is no part of a lead: the target is never one."""
        roles = self.request.roles
        takes = {target: take for target, take in mapping.takes.items() if roles.keys().isdisjoint(take.columns)}
        if self.written is not None and len(takes) < len(mapping.takes):
            taken = next(target for target in mapping.takes if target not in takes)
            column = next(each for each in mapping.takes[taken].columns if each in roles)
            raise InvalidInputError(
                f"the map makes `{taken}` of the {roles[column]}",
                where=str(self.request.mapping),
                fix="take that line out of the map: it would be learned from",
            )
        return replace(mapping, takes=takes)

    def _choice(self, timing: Timing, forbidden: frozenset[str]) -> Choice:
        roles = dict(self.request.roles)
        for column in timing.columns:
            roles.setdefault(column, "time")
        request = self.request
        return Choice(roles, request.only, request.left_out, forbidden, real_times=timing.real, decimal=request.decimal)


def fit(ready: Prepared, trainer: Trainer, progress: Progress) -> Made:
    """Fit what was prepared."""
    request, recipe = ready.request, ready.recipe
    settings = FitSettings(
        seed=request.seed,
        pairs=request.pairs,
        rising=_signals(ready, request.rising, "--rising"),
        falling=_signals(ready, request.falling, "--falling"),
    )
    caps = rule_caps(ready.base) if recipe.labels.target == JUNK else {}
    commission = Commission(
        study=ready.gathered.study,
        file=ready.file,
        recipe=recipe,
        columns=tuple(ready.settled.columns),
        cells=ready.cells,
        terms=Terms(request.name, request.owner, settings, caps, request.caps),
        author=request.author,
        version=__version__,
        holdout=request.holdout,
        overrides=request.overrides,
    )
    made = Learning(trainer, SystemClock()).fit(commission, lambda share: progress("fitting", share))
    return replace(made, recipe=_narrowed(ready, made))


def _signals(ready: Prepared, named: Sequence[str], where: str) -> frozenset[str]:
    """The signals meant by columns or names of signals."""
    known = {signal.name for signal in ready.gathered.study.signals}
    of = {column.name: column.signals for column in ready.settled.columns}
    found: set[str] = set()
    for each in named:
        meant = {each} & known or set(of.get(each, ()))
        if not meant:
            raise InvalidInputError(
                f"`{each}` is no column or signal that is learned from", where=where, fix="name one of them, or none"
            )
        found |= meant
    return frozenset(found)


def _narrowed(ready: Prepared, made: Made) -> Recipe:
    """How to read what the model reads, and nothing besides: columns that were refused are not even opened again."""
    used = set(made.used)
    reads = {field for signal in made.study.signals for field in signal.reads}
    recipe = ready.recipe
    kept = {
        target: take for target, take in recipe.mapping.takes.items() if target in reads | ready.before.takes.keys()
    }
    return replace(
        recipe,
        mapping=replace(recipe.mapping, takes=kept, name="map.toml"),
        declared=tuple(each for each in recipe.declared if each.name in used),
        signals=frozenset(used),
    )


def model_files(ready: Prepared, made: Made) -> dict[str, str]:
    """The files of a model folder, besides its card."""
    files = {MAP: render_mapping(made.recipe.mapping), MANIFEST: json_text(manifest_document(made))}
    if made.card.target == JUNK:
        note = f"A draft: learned from {made.file.name}. May tag and queue, never rejects."
        draft = draft_ruleset(ready.base, made.card, made.recipe.declared, made.bands, note)
        return {**files, RULESET: ruleset_toml(draft)}
    signals = [signal_document(each) for each in made.recipe.declared]
    return {**files, CARD: tomlkit.dumps({"signals": signals, "scorecard": scorecard_document(made.card)})}


def json_text(document: Mapping[str, object]) -> str:
    """A document as people read it."""
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=False, allow_nan=False) + "\n"


def check_target(folder: Path, *, replacing: bool) -> None:
    """Raise InvalidInputError when a model cannot be written there."""
    check_model_target(folder, replacing=replacing)


def save_model(folder: Path, files: Mapping[str, str]) -> None:
    """Write a model folder, whole or not at all."""
    write_model(folder, files)


def trainer() -> Trainer:
    """What fits; raises MissingExtraError without the extra `learn`."""
    from winnow.adapters.trainer import EbmTrainer  # noqa: PLC0415  # only a fit needs the training library

    return EbmTrainer()


def saved_documents(folder: Path) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """The manifest and the card of a model; raises InvalidInputError for one that was tampered with."""
    manifest, text = read_manifest(folder), read_part(folder, CARD_FACTS)
    try:
        document = json.loads(text or "")
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise InvalidInputError("the model has no card", where=str(folder / CARD_FACTS), fix="fit it again")
    return manifest, card_document(card_from(document))
