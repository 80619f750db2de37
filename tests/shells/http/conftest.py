"""One application for all tests that only ask it something; those that change its settings start their own."""

import pytest

from tests.support.served import serving


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """See tests.support.served.Served."""
    with serving(tmp_path_factory.mktemp("api"), serve__sandbox="yes") as running:
        yield running
