"""What a user installs is the wheel, not this tree: it must hold every file and run by itself."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.support.project import ROOT, SOURCE, project_files


def run(*command: str | os.PathLike[str], cwd: Path) -> str:
    # `-I` and an environment without PYTHONPATH: nothing of this tree may help.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}  # noqa: TID251  # of the process that is started
    done = subprocess.run(command, cwd=cwd, env=kept, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = "import sys, hatchling.build as backend; backend.build_wheel(sys.argv[1])"
    run(sys.executable, "-I", "-c", build, folder, cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of an environment that has the wheel and borrows the libraries of this one."""
    root = tmp_path_factory.mktemp("environment")
    venv.create(root, symlinks=True, with_pip=False)
    (library,) = root.glob("lib/python*/site-packages")
    borrowed = sysconfig.get_path("purelib")
    (library / "borrowed.pth").write_text(borrowed, encoding="utf-8")
    into = ("--python", root / "bin" / "python")
    run(sys.executable, "-m", "uv", "pip", "install", "--offline", "--no-deps", *into, wheel, cwd=root)
    return root / "bin"


def test_the_wheel_holds_every_file_of_the_package_and_no_other(wheel):
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    wanted = {path.relative_to(SOURCE.parent).as_posix() for path in project_files() if path.is_relative_to(SOURCE)}
    assert packed == wanted
    assert "winnow/py.typed" in packed


def test_the_wheel_carries_its_licence(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_installed_package_is_the_one_that_runs(installed):
    where = run(installed / "python", "-I", "-c", "import winnow; print(winnow.__file__)", cwd=installed)
    assert Path(where.strip()).is_relative_to(installed.parent)


def test_the_installed_command_runs(installed):
    assert "screen" in run(installed / "winnow", "--help", cwd=installed)
