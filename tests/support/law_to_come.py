"""An installation with a law pack of its own that changes one day, and people whom that touches."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.gatekeeping import ASK, agree, gatekeeper, opt_out, recipient
from tests.support.governed import govern
from tests.support.served import Served, serving
from winnow.services.gatekeep import Asking

PACK = """
title = "Laws of our own"
as_of = 2026-11-22
places = ["DE", "US-CA"]

[[rules]]
id = "today"
article = "§ 1"
effective = 2020-01-01
channels = ["email"]
purposes = ["marketing"]
needed = "opt-out"
text = "Nothing is needed."
source = "our lawyers"

[[rules]]
id = "then"
article = "§ 2"
effective = 2099-01-01
channels = ["email"]
purposes = ["marketing"]
needed = "express"
text = "A yes is needed."
source = "our lawyers"
"""
ANA, BO, CY = "ana@bluebird.example", "bo@acme.example", "cy@kestrel.example"


@contextmanager
def law_to_come(folder: Path, *, pages: bool = False) -> Iterator[Served]:
    """Four leads with an address and one without, four answers of the gate; from 2099 on mail needs a yes."""
    own = folder / "packs"
    own.mkdir()
    (own / "ours.toml").write_text(PACK, encoding="utf-8")
    with serving(folder / "data", pages=pages, policy__packs_folder=str(own)) as served:
        govern(served.service, text='[policy]\npacks = ["ours"]\n')
        agree(served.service, [recipient(ANA)])
        opt_out(served.service, [recipient(CY)])
        for email, country in ((ANA, "DE"), (BO, "DE"), (CY, "DE"), ("di@kestrel.example", "US"), (None, "DE")):
            said = {"email": email} if email else {"phone": "+493012345678"}
            served.screened(country=country, source="website", **said)
        gate = gatekeeper(served.service)
        gate.ask(ASK, [recipient(ANA), recipient(BO), recipient(CY)], Asking("wk_1"))
        gate.ask(ASK, [recipient(BO, "JP")], Asking("wk_1"))
        yield served
