"""Rulesets as TOML files."""

from importlib.resources import files
from pathlib import Path

import tomlkit

from winnow.core.policy import Policy
from winnow.core.ruleset import Ruleset
from winnow.core.ruleset_read import WrittenRules, rules_from_toml, ruleset_from_toml
from winnow.core.ruleset_write import policy_document
from winnow.errors import InvalidInputError

STARTER = "starter.toml"


def read_ruleset(path: Path | None) -> Ruleset:
    """The ruleset in a file, or the starter ruleset; raises InvalidInputError with file and line."""
    return ruleset_from_toml(*_text(path))


def read_rules(path: Path | None) -> WrittenRules:
    """Only the rules of such a file, also when they may not be used as they are."""
    return rules_from_toml(*_text(path))


def _text(path: Path | None) -> tuple[str, str]:
    if path is None:
        return files("winnow.data").joinpath(STARTER).read_text(encoding="utf-8"), STARTER
    try:
        return path.read_text(encoding="utf-8-sig"), str(path)
    except OSError as error:
        what = f"cannot be read: {str(error.strerror).lower()}"
        raise InvalidInputError(what, where=str(path), fix="check the path") from None
    except UnicodeDecodeError:
        raise InvalidInputError("not a text in UTF-8", where=str(path), fix="save the file as UTF-8") from None


def ruleset_toml(ruleset: Ruleset) -> str:
    """The ruleset as the text of a TOML file; what is bound to this machine's reference data is left out."""
    document = {key: value for key, value in ruleset.document.items() if key != "references"}
    return tomlkit.dumps(document)


def policy_toml(policy: Policy) -> str:
    """The policy alone as the text of a TOML file, without what is at its default."""
    return tomlkit.dumps({"policy": policy_document(policy)})
