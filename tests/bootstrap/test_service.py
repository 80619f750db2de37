"""An installation is opened with its own keys or not at all."""

import shutil

import pytest

from tests.support.cases import lead
from winnow.adapters.keys import LOG_KEY, MASTER_KEY, PEPPER
from winnow.bootstrap.service import open_service
from winnow.bootstrap.stores import upgrade_store
from winnow.config import load
from winnow.errors import ConflictError, WinnowError
from winnow.ports import Arrival


@pytest.fixture
def config(tmp_path):
    return load(flags={"data.folder": str(tmp_path / "data")})


def opened(config):
    service = open_service(config)
    service.close()
    return service


def test_keys_are_made_once(config):
    assert opened(config).log_key == opened(config).log_key


def test_tables_that_were_made_ahead_are_no_installation_yet(config):
    upgrade_store(config)
    service = open_service(config)
    (answer,) = service.intake.take([Arrival([lead()], [True])])
    service.close()
    assert not isinstance(answer, ConflictError)
    assert [decided.lead_id for decided in answer] == [lead().id]


@pytest.mark.parametrize("lost", [LOG_KEY, MASTER_KEY, PEPPER, ""])
def test_lost_keys_are_never_replaced_by_new_ones(config, lost):
    folder = opened(config).folder / "keys"
    if lost:
        (folder / lost).unlink()
    else:
        shutil.rmtree(folder)
    before = sorted(folder.iterdir()) if folder.exists() else None
    with pytest.raises(WinnowError, match="restore"):
        open_service(config)
    assert (sorted(folder.iterdir()) if folder.exists() else None) == before
