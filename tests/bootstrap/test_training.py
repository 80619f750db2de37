"""The trainer is nobody's while learning is stopped, or while nobody can tell."""

import pytest

from tests.support.command import winnow
from tests.support.learned import TableTrainer
from winnow.bootstrap import fitting
from winnow.bootstrap.service import open_service
from winnow.bootstrap.stopping import make_stop
from winnow.bootstrap.training import allowed_trainer, need_learning
from winnow.config import load
from winnow.core.govern.stop import StopScope
from winnow.core.govern.terms import OWN_SYSTEM
from winnow.errors import RefusedByPolicyError
from winnow.ports import FitSettings


@pytest.fixture
def service(tmp_path, monkeypatch):
    monkeypatch.setattr(fitting, "trainer", TableTrainer)
    service = open_service(load(flags={"data.folder": str(tmp_path / "data")}))
    yield service
    service.close()


@pytest.mark.parametrize(
    ("scope", "target"), [(StopScope.ALL, ""), (StopScope.ACTION, "train")], ids=["everything", "learning"]
)
def test_nothing_is_learned_while_that_is_stopped(service, scope, target):
    need_learning(service.config)
    stop = make_stop(service).engage(scope, target, "wrong labels came in", "tests").stop
    with pytest.raises(RefusedByPolicyError) as refused:
        allowed_trainer(service.config)
    assert "wrong labels came in" in refused.value.what
    assert str(service.folder) in str(refused.value.where)
    assert stop.id in (refused.value.fix or "")


@pytest.mark.parametrize(
    ("scope", "target"),
    [
        (StopScope.ACTION, "reject"),
        (StopScope.SOURCE, "train"),
        (StopScope.SYSTEM, OWN_SYSTEM),
        (StopScope.RULE, "mailing"),
    ],
)
def test_other_stops_let_learn(service, scope, target):
    make_stop(service).engage(scope, target, "something else", "tests")
    need_learning(service.config)


def test_a_drill_that_stops_nothing_lets_learn(service):
    make_stop(service).drill("tests", seconds=0, dry=True)
    need_learning(service.config)


def _damage(folder):
    (folder / "winnow.sqlite").write_bytes(b"this is no database")


def _empty(folder):
    (folder / "winnow.sqlite").write_bytes(b"")


def _away(folder):
    (folder / "winnow.sqlite").unlink()


@pytest.mark.parametrize("harm", [_damage, _empty, _away])
def test_what_cannot_be_read_is_stopped(tmp_path, harm):
    (tmp_path / "keys").mkdir()
    harm_me = tmp_path / "winnow.sqlite"
    harm_me.write_bytes(b"")
    harm(tmp_path)
    with pytest.raises(RefusedByPolicyError, match="nobody can tell"):
        need_learning(load(flags={"data.folder": str(tmp_path)}))


def test_a_server_that_does_not_answer_is_stopped(tmp_path):
    flags = {"data.folder": str(tmp_path), "store.url": "postgresql://nobody@127.0.0.1:1/none"}
    with pytest.raises(RefusedByPolicyError, match="nobody can tell"):
        need_learning(load(flags=flags))


def test_where_there_is_no_installation_there_is_no_switch(tmp_path):
    folder = tmp_path / "none"
    need_learning(load(flags={"data.folder": str(folder)}))
    assert not folder.exists()


def test_what_was_fitted_while_somebody_stopped_is_given_to_nobody(service, monkeypatch):
    class Slow:
        def fit(self, *_):
            make_stop(service).engage(StopScope.ACTION, "train", "in the middle", "tests")
            return "a model"

    monkeypatch.setattr(fitting, "trainer", Slow)
    trainer = allowed_trainer(service.config)
    with pytest.raises(RefusedByPolicyError, match="in the middle"):
        trainer.fit(None, FitSettings(), lambda _: None)  # type: ignore[arg-type]  # nobody looks at it


def test_no_command_learns_while_that_is_stopped(service, tmp_path):
    make_stop(service).engage(StopScope.ACTION, "train", "wrong labels", "tests")
    settings = tmp_path / "winnow.toml"
    settings.write_text(f'[data]\nfolder = "{service.folder}"\n')
    leads, model = tmp_path / "leads.csv", tmp_path / "m.model"
    leads.write_text("id,result\n")
    for command in (
        ("fit", leads, "--target", "result", "-o", model, "--data", service.folder),
        ("fit", leads, "--target", "result", "-o", model, "--config", settings),
        ("unlearn", model, leads, "--author", "eve", "--labels", leads, "--config", settings),
        ("certify", model, leads, "--config", settings),
    ):
        ran = winnow("learn", *command)
        assert (ran.code, "learning is stopped since" in ran.messages) == (4, True), (command, ran.messages)
        assert "have two people lift it" in ran.messages
    assert not model.exists()
