"""One application for the tests of a module that only ask it something; others start their own."""

import pytest

from tests.support.served import serving


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """See tests.support.served.Served."""
    # Not for longer: it runs in a thread, which tests elsewhere that replace what all threads use would disturb.
    with serving(tmp_path_factory.mktemp("served"), serve__sandbox="yes") as running:
        yield running
