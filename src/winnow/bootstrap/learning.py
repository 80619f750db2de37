"""Wiring of learning: reading a labelled file for a fit, and reading one again as a model's manifest says."""

from bisect import bisect_left
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from winnow.adapters.files.maps import load_mapping
from winnow.adapters.files.models import CARD, MAP, RULESET, read_manifest, read_part
from winnow.adapters.files.source import open_source
from winnow.bootstrap.files import load_ruleset
from winnow.bootstrap.histories import Progress, content_of, gathered, unwatched
from winnow.config import Config, load
from winnow.core.canonical import content_hash
from winnow.core.learning.reading.recipe import Recipe, need_allowed, recipe_from
from winnow.core.learning.reading.split import ids_hash
from winnow.core.learning.study import Study
from winnow.core.ruleset import Ruleset
from winnow.core.ruleset_write import scorecard_document
from winnow.core.scorecard import Scorecard
from winnow.core.scorecard_read import scorecard_from
from winnow.core.tables import Table
from winnow.core.toml_text import located, parsed
from winnow.errors import InvalidInputError, InvalidRulesetError


class Again(NamedTuple):
    """A history as a model's fit read it.

    study: with the signals the model was fitted on · ruleset: the model's draft; None when it counts no junk
    manifest: the document · split: place in the study of the first lead the model has not learned from
    """

    study: Study
    ruleset: Ruleset | None
    manifest: Mapping[str, Any]
    split: int


def study_again(model: Path, data: str, *, config: Config | None = None, progress: Progress = unwatched) -> Again:
    """Read labelled leads the way the fit of a model read them.

    model: a model folder · data: the file it was fitted on, or one with later leads, or `-`
    The split of the same file is that of the manifest, checked by its hash; of another file, it lies where the
    hold-out of the fit began. Raises InvalidInputError when that cannot be told.
    """
    settings = config or load()
    manifest = read_manifest(model)
    recipe = recipe_of(model, manifest)
    ruleset = model_ruleset(model, settings)
    in_force = load_ruleset(settings.path("screen.ruleset"), settings).policy.forbidden
    need_allowed(recipe, recipe.off_limits | in_force | (ruleset.policy.forbidden if ruleset else frozenset()))
    with open_source(data, recipe.mapping.csv, optional=recipe.mapping.optional) as source:
        same = content_of(source) == _section(manifest, "data").get("sha256")
        study = gathered(source, recipe, settings, progress).study
    split = _split_of(study, manifest) if same else _first_unseen(study, manifest, data)
    return Again(study, ruleset, manifest, split)


def recipe_of(model: Path, manifest: Mapping[str, Any]) -> Recipe:
    """How the model's data was read."""
    try:
        return recipe_from(_section(manifest, "recipe"), load_mapping(model / MAP))
    except InvalidRulesetError as error:
        error.where = f"{model / 'manifest.json'}: recipe.{error.where or ''}"
        raise


def model_ruleset(model: Path, config: Config | None = None) -> Ruleset | None:
    """The model's draft of a ruleset; None when its scorecard counts something else than junk."""
    there = read_part(model, RULESET) is not None
    return load_ruleset(model / RULESET, config) if there else None


def model_card(model: Path) -> Scorecard:
    """The model's scorecard, whatever it counts."""
    name = RULESET if read_part(model, RULESET) is not None else CARD
    text = read_part(model, name)
    if text is None:
        raise InvalidInputError("the model has no scorecard", where=str(model), fix="fit it again: winnow learn fit")
    where = str(model / name)
    document = parsed(text, where)
    try:
        return scorecard_from(Table(document).table("scorecard"))
    except InvalidRulesetError as error:
        error.where = located(text, where, error.where)
        raise


def edited(model: Path) -> bool:
    """Whether the scorecard in the folder is neither the one that was fitted nor the one that was certified."""
    manifest = read_manifest(model)
    known = {manifest.get("scorecard_hash"), manifest.get("certified_scorecard_hash")}
    return content_hash(scorecard_document(model_card(model))) not in known


def _section(manifest: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = manifest.get(name)
    if not isinstance(found, dict):
        raise InvalidInputError(f"the manifest says nothing of `{name}`", fix="fit the model again: winnow learn fit")
    return found


def _split_of(study: Study, manifest: Mapping[str, Any]) -> int:
    """The split of the very file the model was fitted on."""
    split = _section(manifest, "split")
    place = split.get("fit")
    if not isinstance(place, int) or ids_hash(study.ids[place:]) != split.get("holdout_ids"):
        raise InvalidInputError(
            "the file is that of the fit, and yet its hold-out reads differently",
            fix="see that map.toml and manifest.json of the model were not changed",
        )
    return place


def _first_unseen(study: Study, manifest: Mapping[str, Any], data: str) -> int:
    """Where, in another file, the leads begin that came when the hold-out of the fit did, or later."""
    first = _section(manifest, "split").get("holdout_from")
    if not isinstance(first, int | float) or not study.times:
        raise InvalidInputError(
            "it is not the file the model was fitted on, and without times nobody knows which of its leads are new",
            where=data,
            fix="give the file of the fit, or fit a model on leads with times",
        )
    return bisect_left(study.times, first)
