"""A service, a browser, and people in front of it."""

import pytest
from playwright.sync_api import expect

from tests.support.browsing import Watched, browsing, chromium, installed, signed_in

# A busy machine takes its time, and nothing is proven by haste.
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture(scope="module")
def browser():
    """Not for longer: what drives it holds the loop of this thread, which tests elsewhere want for themselves."""
    if chromium() is None:
        pytest.skip("no chromium on this machine: `apt-get install chromium`")
    with browsing() as found:
        yield found


@pytest.fixture(scope="module")
def winnow(tmp_path_factory):
    """A running service of this module; see tests.support.browsing.Installation."""
    with installed(tmp_path_factory.mktemp("winnow")) as running:
        yield running


@pytest.fixture
def watched():
    """What pages did that no page may do; a test that passes has nothing in it."""
    found = Watched()
    yield found
    assert found.faults == []


@pytest.fixture
def page_of(browser, winnow, watched):
    """`page_of("reviewer", name="Bo", **looks)`: a page of somebody new or known who signed in; `page_of()`: nobody."""
    contexts = []

    def opened(*roles, name="", **looks):
        context = signed_in(browser, winnow, *roles, name=name, **looks)
        contexts.append(context)
        page = context.new_page()
        watched.watch(page)
        return page

    yield opened
    for context in contexts:
        context.close()
