"""The repository as a test sees it: its root, its files, its modules."""

import ast
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "winnow"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

_NOT_OURS = {".git", ".venv", "build", "dist", "mutants", "__pycache__", ".hypothesis"}


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that is, or is about to be, part of the project."""
    found = _listed_by_git()
    if found is None:  # an unpacked archive, or a machine without git
        found = [path for path in ROOT.rglob("*") if _NOT_OURS.isdisjoint(path.relative_to(ROOT).parts)]
    return tuple(path for path in found if path.is_file() and "_cache" not in path.as_posix())


def _listed_by_git() -> list[Path] | None:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        return None
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.splitlines()]


def modules(folder: Path = SOURCE) -> list[Path]:
    return sorted(path for path in project_files() if path.suffix == ".py" and path.is_relative_to(folder))


def name_of(module: Path) -> str:
    return ".".join(module.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(".__init__")


def imports(module: Path) -> Iterator[str]:
    """Full names of what a module imports, also inside functions."""
    for node in ast.walk(ast.parse(module.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@cache
def make_targets() -> frozenset[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
