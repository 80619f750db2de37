"""A demo of few leads, made once for all tests that only look at it."""

from datetime import UTC, datetime

import pytest

from winnow.bootstrap.demo.loading import load
from winnow.bootstrap.demo.place import demo_config
from winnow.bootstrap.service import open_service
from winnow.config import load as load_config

NOW = datetime(2026, 11, 22, 11, 38, tzinfo=UTC)
LEADS, SEED = 120, 7


def settings_in(folder, store=""):
    return demo_config(load_config(None, flags={"data.folder": str(folder)}), store)


@pytest.fixture(scope="session")
def small_demo(tmp_path_factory):
    """Settings of a demo that is there, and what loading it gave."""
    settings = settings_in(tmp_path_factory.mktemp("data") / "winnow")
    return settings, load(settings, leads=LEADS, seed=SEED, now=NOW)


@pytest.fixture(scope="session")
def demo_service(small_demo):
    service = open_service(small_demo[0])
    yield service
    service.close()
