"""Every kind of entry that the decision log can hold has words of its own on pages."""

import re
from pathlib import Path

import winnow
from winnow.shells.web.log_words import KINDS

#: How kinds are written where entries are made; those made of parts (`incident.{step}`) are not found like this.
_KIND = re.compile(r"""(?:Change\(\s*|\b[A-Z_]*KIND[A-Z_]* = |\bkind = )"([a-z-]+\.[a-z_-]+)\"""")


def test_every_kind_of_entry_has_words():
    rooms = [Path(winnow.__file__).parent / room for room in ("adapters", "services", "bootstrap")]
    written = {kind for room in rooms for file in room.rglob("*.py") for kind in _KIND.findall(file.read_text("utf-8"))}
    assert {"permit.answered", "consent.recorded", "key.revoked", "permits.forgotten"} <= written
    assert sorted(written - KINDS.keys()) == []
