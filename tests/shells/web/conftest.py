"""One application with pages, asked in-process, and people who signed in."""

import pytest

from tests.support.seeing import Seen
from tests.support.served import serving


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """See tests.support.seeing.Seen."""
    with serving(tmp_path_factory.mktemp("pages"), pages=True, serve__sandbox="yes") as running:
        yield Seen(running)
