"""Wiring of the trainer: nothing is learned from people's data while the kill switch stops that."""

from collections.abc import Callable

from winnow.adapters.clock import SystemClock
from winnow.adapters.db.connections import make_engine
from winnow.adapters.db.stop_rows import in_force
from winnow.bootstrap import fitting
from winnow.bootstrap.service import data_folder, store_url
from winnow.config import Config
from winnow.core.govern.stop import UNREADABLE, Stops
from winnow.core.govern.terms import Action
from winnow.core.learning.study import Fitted, Study
from winnow.errors import RefusedByPolicyError, StoreAwayError, WinnowError
from winnow.ports import FitSettings, Trainer


def allowed_trainer(config: Config) -> Trainer:
    """What fits, unless learning is stopped in the installation of these settings.

    Raises RefusedByPolicyError when it is, also when that cannot be read, and MissingExtraError without `learn`.
    """
    need_learning(config)
    return _WhileAllowed(fitting.trainer(), config)


def need_learning(config: Config) -> None:
    """Raise RefusedByPolicyError while a stop of everything or of the action `train` is in force, or nobody can tell.

    Where there is no installation, there is no switch.
    """
    stop = _stops(config).covers(action=Action.TRAIN)
    if stop is None:
        return
    if stop in UNREADABLE.standing:
        what, fix = "nothing is learned, because nobody can tell whether that is stopped", "see `winnow doctor`"
    else:
        what = f"learning is stopped since {stop.at:%Y-%m-%d %H:%M} UTC: {stop.said}"
        fix = f"have two people lift it: winnow stop off {stop.id}"
    raise RefusedByPolicyError(what, where=f"the installation in {data_folder(config)}", fix=fix)


def _stops(config: Config) -> Stops:
    try:
        if not _has_store(config):
            return Stops(0)
        engine = make_engine(store_url(config))
    except (OSError, WinnowError):
        return UNREADABLE
    try:
        return in_force(engine, SystemClock().now())
    finally:
        engine.dispose()


def _has_store(config: Config) -> bool:
    """Whether there is a database to ask; raises StoreAwayError where there was one, and OSError."""
    folder = data_folder(config)
    if config.text("store.url") or (folder / "winnow.sqlite").exists():
        return True
    if (folder / "keys").exists():
        raise StoreAwayError("the database is gone", where=str(folder))
    return False


class _WhileAllowed:
    """Fulfils `Trainer`; what was fitted while somebody stopped learning is given to nobody."""

    def __init__(self, trainer: Trainer, config: Config) -> None:
        self._trainer = trainer
        self._config = config

    def fit(self, study: Study, settings: FitSettings, progress: Callable[[float], None]) -> Fitted:
        """See `Trainer`; raises RefusedByPolicyError, too."""
        need_learning(self._config)
        fitted = self._trainer.fit(study, settings, progress)
        need_learning(self._config)
        return fitted
