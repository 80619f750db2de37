"""What a start loads, and what it leaves alone until somebody needs it."""

import gc
import subprocess
import sys

import pytest

from winnow.shells.cli.loading import loading

#: Each is for installations that have set something up, or for one command.
SELDOM = ("aiosmtplib", "alembic", "joserfc", "numpy", "polars", "interpret", "sklearn")


def test_a_service_does_not_load_what_few_installations_need():
    program = (
        "import sys, winnow.shells.cli, winnow.bootstrap.service, winnow.shells.http.server, winnow.shells.web.site\n"
        f"print(*(name for name in {SELDOM} if name in sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_is_afterwards_as_it_was(on):
    before = gc.isenabled()
    (gc.enable if on else gc.disable)()
    try:
        with loading():
            assert not gc.isenabled()
        assert gc.isenabled() is on
    finally:
        (gc.enable if before else gc.disable)()
        gc.unfreeze()
