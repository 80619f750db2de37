"""What import-linter cannot say: the core imports only what is listed here, and nobody what is not declared."""

import importlib.metadata
import re
import sys
from collections.abc import Mapping

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.project import PYPROJECT, SOURCE, imports, modules, name_of

# Parts of the standard library whose answers depend on their arguments alone.
PURE = frozenset({
    "__future__",
    "base64",
    "bisect",
    "collections",
    "contextlib",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "enum",
    "functools",
    "hashlib",
    "heapq",
    "hmac",
    "ipaddress",
    "itertools",
    "json",
    "math",
    "operator",
    "re",
    "shlex",
    "string",
    "tomllib",
    "types",
    "typing",
    "unicodedata",
})  # fmt: skip
# PostgreSQL has one driver that is kept, an optional part: see docs/adr/0009.
WEAK_COPYLEFT = {"psycopg", "psycopg-binary"}
COPYLEFT = re.compile(r"\b(?:A|L)?GPL|\bGNU\b|\bBUSL\b|Business Source|\bSSPL\b|Commons Clause", flags=re.IGNORECASE)


def top_level(name: str) -> str:
    return name.partition(".")[0]


def test_the_core_imports_only_what_is_pure():
    impure = {
        f"{name_of(module)} imports {name}"
        for module in modules(SOURCE / "core")
        for name in imports(module)
        if top_level(name) not in PURE | {"winnow", "re2"}
    }
    assert impure == set()


def test_re2_has_one_importer_in_the_core():
    importers = [name_of(module) for module in modules(SOURCE / "core") if "re2" in imports(module)]
    assert len(importers) == 1, importers


def declared() -> dict[str, Requirement]:
    project = PYPROJECT["project"]
    texts = [*project["dependencies"], *(text for extra in project["optional-dependencies"].values() for text in extra)]
    return {canonicalize_name(requirement.name): requirement for requirement in map(Requirement, texts)}


def _providers_of(name: str, providers: Mapping[str, list[str]]) -> set[str]:
    """The distributions a package comes from; of a package that many share, those that are declared."""
    found = {str(canonicalize_name(each)) for each in providers.get(name, [f"no distribution provides {name}"])}
    return found & set(declared()) or found


def imported_distributions() -> dict[str, set[str]]:
    """Distribution → modules of ours that import it."""
    providers = importlib.metadata.packages_distributions()
    found: dict[str, set[str]] = {}
    for module in modules():
        for name in map(top_level, imports(module)):
            if name not in sys.stdlib_module_names | {"winnow"}:
                for distribution in _providers_of(name, providers):
                    found.setdefault(distribution, set()).add(name_of(module))
    return found


USED_WITHOUT_IMPORT = {
    "httptools": "uvicorn parses requests with it",
    "psycopg": "SQLAlchemy talks to PostgreSQL with it",
    "tzdata": "zoneinfo reads it where the system has no time zones",
    "uvloop": "uvicorn runs on it",
}


def test_every_import_is_declared_and_every_dependency_imported():
    imported = imported_distributions()
    undeclared = {name: importers for name, importers in imported.items() if name not in declared()}
    assert undeclared == {}
    assert set(declared()) - set(imported) == set(USED_WITHOUT_IMPORT)


def licence(distribution: importlib.metadata.Distribution) -> str:
    data = distribution.metadata
    classifiers = [line for line in data.get_all("Classifier") or [] if line.startswith("License")]
    named = [line[:100] for key in ("License-Expression", "License") for line in data.get_all(key) or []]
    return " ".join([*named, *classifiers])


def installed_with_winnow() -> set[str]:
    """Names of everything that installing Winnow with all extras brings along, on this machine."""
    seen: set[str] = set()
    waiting = list(declared().values())
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in seen or not (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
            continue
        seen.add(name)
        waiting += map(Requirement, importlib.metadata.requires(name) or [])
    return seen


def test_what_the_product_installs_is_permissively_licensed():
    names = installed_with_winnow()
    assert len(names) > len(declared())
    licences = {name: licence(importlib.metadata.distribution(name)) for name in names - WEAK_COPYLEFT}
    assert {name: text for name, text in licences.items() if COPYLEFT.search(text)} == {}


# The homes of what makes a decision irreproducible: see `banned-api` in pyproject.toml.
MAY_LIFT_THE_BAN = {
    "winnow.adapters.clock": "reads the time",
    "winnow.adapters.keys": "makes keys, nonces and ids",
    "winnow.config": "reads the environment",
    "winnow.demo.dice": "draws lots, from a seed",
}


def test_the_ban_on_clock_chance_and_environment_is_lifted_only_at_their_homes():
    lifting = {
        name_of(module) for module in modules() if re.search(r"noqa:.*TID251", module.read_text(encoding="utf-8"))
    }
    assert lifting <= set(MAY_LIFT_THE_BAN)
