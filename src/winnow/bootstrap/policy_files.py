"""Policies in files, and the law packs they are checked with; needs no installation."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from winnow.adapters.packs import law_packs
from winnow.adapters.rulesets import policy_toml
from winnow.config import Config, load
from winnow.core.govern.examples import check_limits
from winnow.core.govern.packs import LawPack
from winnow.core.policy import Policy
from winnow.core.policy_read import policy_from_toml
from winnow.core.ruleset import Ruleset
from winnow.errors import InvalidInputError, InvalidRulesetError

__all__ = ["packs_of", "policy_checker", "policy_in", "policy_toml", "text_of"]


def packs_of(config: Config) -> tuple[LawPack, ...]:
    """The law packs there are: those that come with Winnow, and those of the organisation's own folder."""
    return law_packs(config.path("policy.packs_folder"))


def policy_checker(config: Config) -> Callable[[Ruleset], None]:
    """What refuses a ruleset whose policy names a law pack that is not there, or whose examples do not hold."""
    return partial(_check, packs_of(config))


def _check(packs: tuple[LawPack, ...], ruleset: Ruleset) -> None:
    check_limits(ruleset.policy.limits, packs)


def policy_in(path: Path, config: Config | None = None) -> Policy:
    """The policy of a file, with examples that hold; raises InvalidInputError with file and line."""
    policy = policy_from_toml(text_of(path), str(path))
    try:
        check_limits(policy.limits, packs_of(config or load()))
    except InvalidRulesetError as error:
        error.where = f"{path}: {error.where}"
        raise
    return policy


def text_of(path: Path) -> str:
    """The text of a file; raises InvalidInputError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        what = f"cannot be read: {str(error.strerror).lower()}"
        raise InvalidInputError(what, where=str(path), fix="check the path") from None
    except UnicodeDecodeError:
        raise InvalidInputError("not a text in UTF-8", where=str(path), fix="save the file as UTF-8") from None
