"""Proof that a stranger's first minutes work: a copy of the project, an empty environment, one command."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.project import ROOT, project_files

pytestmark = pytest.mark.proof

# What a machine may need to reach its package index; nothing else of this environment helps.
NETWORK = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "PIP_CERT")


def environment(home: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in NETWORK if name in os.environ}  # noqa: TID251  # of the process that is started
    return {"HOME": os.fspath(home), "PATH": "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin", **kept}


def test_a_fresh_clone_becomes_a_working_command(tmp_path):
    clone, home = tmp_path / "clone", tmp_path / "home"
    home.mkdir()
    for path in project_files():
        copy = clone / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)

    def run(*command: str) -> str:
        done = subprocess.run(
            command, cwd=clone, env=environment(home), capture_output=True, text=True, check=False, timeout=600
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("make", "setup")
    assert "Nothing to be done" in run("make", "setup")
    assert "screen" in run(".venv/bin/winnow", "--help")
