"""Both databases with the tables of the newest edition."""

import pytest

from tests.support.databases import KINDS, lent_database
from winnow.adapters.db.connections import make_engine
from winnow.adapters.db.store import prepare
from winnow.adapters.db.vault import Vault


@pytest.fixture
def vault():
    return Vault(b"w" * 32, b"o" * 32, b"p" * 32)


@pytest.fixture(params=KINDS)
def store(request, tmp_path):
    """An engine on an empty, prepared database of each kind."""
    with lent_database(request.param, tmp_path) as url:
        engine = make_engine(url)
        prepare(engine, lambda: "in_test")
        yield engine
        engine.dispose()
