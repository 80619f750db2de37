"""Both databases with the tables of the newest edition."""

import pytest

from tests.support.databases import KINDS, new_database
from winnow.adapters.db.connections import make_engine
from winnow.adapters.db.store import prepare
from winnow.adapters.db.vault import Vault


@pytest.fixture
def vault():
    return Vault(b"w" * 32, b"o" * 32, b"p" * 32)


@pytest.fixture(params=KINDS)
def store(request, tmp_path):
    """An engine on an empty, prepared database of each kind."""
    engine = make_engine(new_database(request.param, tmp_path))
    prepare(engine, lambda: "in_test")
    yield engine
    engine.dispose()
