"""People by their names, where only their ids are on record."""

from collections.abc import Callable

from winnow.bootstrap.desks import Desks
from winnow.errors import WinnowError


def names_in(desks: Desks, me: str, yourself: str) -> Callable[[str], str]:
    """What turns ids into names for one page: `me` is called `yourself`, programs are called by their ids."""
    known = {me: yourself}

    def name_of(who: str) -> str:
        if who not in known:
            known[who] = _name(desks, who)
        return known[who]

    return name_of


def _name(desks: Desks, who: str) -> str:
    try:
        return desks.people.desk.person(who).name
    except WinnowError:
        return who
