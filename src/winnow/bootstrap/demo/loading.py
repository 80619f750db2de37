"""Loading a demo: a folder of its own, three months told to it, and a mark that tells everybody what it is."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from winnow.adapters.clock import SystemClock
from winnow.adapters.db.notes import remember
from winnow.bootstrap.demo.company import Account, new_password
from winnow.bootstrap.demo.life import Life
from winnow.bootstrap.demo.place import CUSTOMERS, Made, clear, made, need_free, remove
from winnow.bootstrap.demo.told import Told
from winnow.bootstrap.people import make_people
from winnow.bootstrap.service import DEMO_NOTE, Service, data_folder, open_service
from winnow.config import Config
from winnow.demo import customers
from winnow.demo.season import season
from winnow.demo.staff import STAFF

_SYSTEM = "system"
#: The name of the key that is printed.
_KEY = "demo"


class Loaded(NamedTuple):
    """A demo that can be served, and who can sign in to it."""

    made: Made
    accounts: list[Account]


def load(
    config: Config,
    *,
    leads: int,
    seed: int,
    now: datetime | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Loaded:
    """Make a demo installation, whole or not at all; `config` is from `demo_config`.

    leads: see winnow.demo.season · now: when its three months end, this moment if None
    Raises ConflictError when there is something already.
    """
    left = made(config)
    if left is not None and not left.whole:
        clear(config)  # somebody pulled the plug while it was loaded
    need_free(config)
    making = Made(leads, seed, now or SystemClock().now(), parent=not data_folder(config).parent.exists())
    try:
        return _told(config, making, progress)
    except BaseException:
        remove(config, parent=making.parent)
        raise


def _told(config: Config, making: Made, progress: Callable[[int], None]) -> Loaded:
    leads = season(making.at, leads=making.leads, seed=making.seed)
    begin = leads[0].received_at if leads else making.at
    told = Told(begin.replace(hour=0, minute=0, second=0) - timedelta(hours=6), making.at)
    folder = data_folder(config)
    folder.mkdir(mode=0o700, parents=True)
    known = customers(leads=making.leads, seed=making.seed)
    (folder / CUSTOMERS).write_text("".join(f"{each}\n" for each in known), encoding="utf-8")
    service = open_service(config, told, told.seconds)
    try:
        remember(service.engine, DEMO_NOTE, making.note)
        accounts = Life(service, told, leads, making.seed, progress).live()
        whole = making._replace(whole=True)
        remember(service.engine, DEMO_NOTE, whole.note)
    finally:
        service.close()
    return Loaded(whole, accounts)


def fresh_key(service: Service) -> str:
    """A key to try the API with, in place of those that were printed before."""
    for each in service.key_desk.all_keys():
        if each.name == _KEY and each.revoked_at is None:
            service.key_desk.revoke(each.id, _SYSTEM)
    return service.key_desk.create(_KEY, ["ingest", "rep"], _SYSTEM).token


def renewed(config: Config) -> list[Account]:
    """New passwords for the people of a demo, of whom nobody remembers the old ones."""
    accounts = [Account(each, new_password()) for each in STAFF]
    service = open_service(config)
    try:
        desk = make_people(service).desk
        for account in accounts:
            desk.set_password(desk.called(account.colleague.email).id, account.password, _SYSTEM)
    finally:
        service.close()
    return accounts
