import socket
import threading
import webbrowser

import pytest

from winnow.shells.cli import browser


@pytest.fixture
def opened(monkeypatch):
    """The pages that were opened, with something to wait for."""
    pages, told = [], threading.Event()

    def show(page):
        pages.append(page)
        told.set()

    monkeypatch.setattr(webbrowser, "open", show)
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.BackgroundBrowser("a-browser"))
    return pages, told


@pytest.mark.enable_socket
def test_the_page_opens_once_somebody_listens(opened):
    pages, told = opened
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
        browser.open_when_ready("http://page", "127.0.0.1", port)
        assert not told.wait(0.3)
        server.listen()
        assert told.wait(20)
    assert pages == ["http://page"]


def _nothing():
    raise webbrowser.Error


@pytest.mark.parametrize("found", [_nothing, lambda: webbrowser.GenericBrowser("lynx")])
def test_without_a_screen_nothing_opens(opened, monkeypatch, found):
    monkeypatch.setattr(webbrowser, "get", found)
    threads = threading.active_count()
    browser.open_when_ready("http://page", "127.0.0.1", 1)
    assert threading.active_count() == threads
    assert opened[0] == []
