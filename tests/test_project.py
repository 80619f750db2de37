"""Checks on the repository itself: promises that no compiler keeps."""

import ast
import os
import re
import stat
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import winnow
from tests.support.project import PYPROJECT, ROOT, SOURCE, make_targets, modules, project_files

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))

# Written in pieces, so that this file passes its own check.
REGISTRIES = ("pypi.org" + "/simple", "files.python" + "hosted.org", "registry." + "npmjs", "deb.debian" + ".org")
MACHINE_PATHS = ("/" + "work/", "/" + "tmp/", "/" + "root/", "/" + "opt/")
VAGUE_NAMES = {"helper", "helpers", "util", "utils", "manager", "engine", "misc", "common"}


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def offenders(paths: list[Path], banned: tuple[str, ...]) -> list[str]:
    return [f"{relative(path)}: {word}" for path in paths for word in banned if word in text(path)]


def test_no_file_names_a_package_registry():
    assert offenders(list(project_files()), REGISTRIES) == []


def test_no_file_but_a_test_names_a_path_of_some_machine():
    assert offenders([path for path in project_files() if not relative(path).startswith("tests/")], MACHINE_PATHS) == []


# ── Locks ────────────────────────────────────────────────────────────────────────────────────────

PINNED = re.compile(r"(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>[^ ;]+)(?: ; [^\\]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")
COMMENT = re.compile(r"    #.*|")


def pins(lock: Path) -> dict[str, str]:
    return {found["name"]: found["version"] for found in map(PINNED.fullmatch, text(lock).splitlines()) if found}


@pytest.mark.parametrize("lock", LOCKS, ids=relative)
def test_a_lock_holds_pins_and_hashes_and_nothing_else(lock):
    lines = text(lock).splitlines()
    odd = [line for line in lines if not any(kind.fullmatch(line) for kind in (PINNED, HASH, COMMENT))]
    assert odd == []
    hashless = [line for line, after in pairwise(lines) if PINNED.match(line) and not HASH.match(after)]
    assert hashless == []
    assert pins(lock)


def test_the_locks_meet_what_the_project_asks_for():
    project, groups = PYPROJECT["project"], PYPROJECT["dependency-groups"]
    asked = {
        "dev.txt": [*project["dependencies"], *project["optional-dependencies"]["parquet"], *groups["dev"]],
        "uv.txt": groups["uv"],
        "mutate.txt": groups["mutate"],
    }
    assert {lock.name for lock in LOCKS} == set(asked)
    for name, requirements in asked.items():
        pinned = pins(ROOT / "requirements" / name)
        for requirement in map(Requirement, requirements):
            version = pinned.get(canonicalize_name(requirement.name))
            assert version is not None, f"{requirement} is not in {name}: run `make lock`"
            assert requirement.specifier.contains(version, prereleases=True), f"{requirement}: {name} has {version}"


def test_the_locks_agree_with_each_other():
    pinned: dict[str, set[str]] = {}
    for lock in LOCKS:
        for name, version in pins(lock).items():
            pinned.setdefault(name, set()).add(version)
    assert {name: versions for name, versions in pinned.items() if len(versions) > 1} == {}


# ── Source ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("folder", ["src", "benchmarks", "scripts"])
def test_every_module_says_why_it_exists(folder):
    silent = [relative(path) for path in modules(ROOT / folder) if not ast.get_docstring(ast.parse(path.read_bytes()))]
    assert silent == []


def test_no_module_is_long():
    written = [path for path in modules(SOURCE) if path.parent.name != "versions"]  # migrations are made, not written
    lengths = {relative(path): len(text(path).splitlines()) for path in written}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_names_of_modules_say_something():
    vague = [relative(path) for path in modules(SOURCE) if not VAGUE_NAMES.isdisjoint(path.stem.split("_"))]
    assert vague == []


def test_the_version_is_told_once():
    assert PYPROJECT["project"]["version"] == winnow.__version__


# ── Documents ────────────────────────────────────────────────────────────────────────────────────


def test_the_readme_starts_with_two_commands_that_exist():
    first_block = re.search(r"```sh\n(.*?)```", text(ROOT / "README.md"), flags=re.DOTALL)
    assert first_block
    assert re.findall(r"^make (\w+)", first_block[1], flags=re.MULTILINE) == ["demo", "test"]


def test_every_make_command_in_a_document_is_a_target():
    documents = [path for path in project_files() if path.suffix == ".md"]
    named = {
        (relative(path), target)
        for path in documents
        for target in re.findall(r"(?:^|`)make ([a-z]+)", text(path), flags=re.MULTILINE)
    }
    assert {(path, target) for path, target in named if target not in make_targets()} == set()


def test_every_link_between_documents_leads_somewhere():
    broken = [
        f"{relative(path)}: {link}"
        for path in project_files()
        if path.suffix == ".md"
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text(path))
        if not (path.parent / link).exists()
    ]
    assert broken == []


@pytest.mark.parametrize("word", ["black" + "list", "white" + "list"])
def test_the_readme_uses_the_old_words_only_to_be_found(word):
    assert len(re.findall(word, text(ROOT / "README.md"), flags=re.IGNORECASE)) <= 1


def test_ci_runs_what_a_contributor_runs():
    script = text(ROOT / ".ci" / "run")
    assert "set -euo pipefail" in script
    assert re.findall(r"^make (\w+)$", script, flags=re.MULTILINE) == ["check", "test"]
    assert {"check", "test"} <= make_targets()
    assert (ROOT / ".ci" / "run").stat().st_mode & stat.S_IXUSR


def test_the_changelog_has_room_for_the_next_change():
    headings = re.findall(r"^## \[(.+?)\]", text(ROOT / "CHANGELOG.md"), flags=re.MULTILINE)
    assert headings[0] == "Unreleased"


def test_decision_records_are_numbered_without_gaps():
    assert DECISIONS
    assert [path.name[:4] for path in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("record", DECISIONS, ids=relative)
def test_a_decision_record_names_the_check_that_enforces_it(record):
    content = text(record)
    for heading in ("## Context", "## Decision", "## Consequences"):
        assert heading in content
    enforced_by = re.search(r"^Enforced by: (.+?)(?:\n\n|\Z)", content, flags=re.MULTILINE | re.DOTALL)
    assert enforced_by, "add a line `Enforced by: …`"
    checks = re.findall(r"`([^`]+)`", enforced_by[1])
    assert checks
    assert [check for check in checks if not exists(check)] == []


def exists(check: str) -> bool:
    """A check is `path` (a folder counts), `path::test`, `make target` or the id of an import contract."""
    if check.startswith("make "):
        return check.removeprefix("make ") in make_targets()
    path, _, test = check.partition("::")
    if (ROOT / path).exists():
        return not test or f"def {test}(" in text(ROOT / path)
    return any(contract["id"] == check for contract in PYPROJECT["tool"]["importlinter"]["contracts"])


# ── Setting up ───────────────────────────────────────────────────────────────────────────────────

OLD_PYTHON = "#!/bin/sh\nexit 1\n"
WITHOUT_ENSUREPIP = """#!/bin/sh
case "$2" in
    *version_info\\ \\<*) exit 0 ;;
    *ensurepip*) exit 1 ;;
    *) echo 3.11 ;;
esac
"""
WHOLE_PYTHON = "#!/bin/sh\nexit 0\n"


@pytest.fixture
def find_python(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the script on a machine that has just these Pythons, by name."""

    def run(pythons: dict[str, str]) -> subprocess.CompletedProcess[str]:
        for name, body in pythons.items():
            path = tmp_path / name
            path.write_text(body, encoding="utf-8")
            path.chmod(0o755)
        (tmp_path / "cat").symlink_to("/bin/cat")
        script = ROOT / "scripts" / "find-python.sh"
        return subprocess.run(
            ["/bin/sh", script], env={"PATH": os.fspath(tmp_path)}, capture_output=True, text=True, check=False
        )

    return run


def test_setup_takes_a_newer_python_over_the_systems_old_one(find_python, tmp_path):
    found = find_python({"python3": OLD_PYTHON, "python3.13": WHOLE_PYTHON})
    assert (found.returncode, found.stdout) == (0, f"{tmp_path}/python3.13\n")


def test_setup_says_which_debian_package_is_missing(find_python):
    found = find_python({"python3": WITHOUT_ENSUREPIP})
    assert (found.returncode, found.stdout) == (1, "")
    assert "apt-get install python3.11-venv" in found.stderr


@pytest.mark.parametrize("pythons", [{}, {"python3": OLD_PYTHON}])
def test_setup_says_how_to_get_a_python(find_python, pythons):
    found = find_python(pythons)
    assert found.returncode == 1
    assert "no Python 3.11 or newer found" in found.stderr
    assert "brew install python" in found.stderr
