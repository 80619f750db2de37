"""Opening the browser once somebody listens, where there is a screen to show it on."""

import socket
import time
import webbrowser
from contextlib import suppress
from threading import Thread

_PATIENCE, _PAUSE = 30.0, 0.1


def open_when_ready(page: str, host: str, port: int) -> None:
    """Open a page in the browser, from a thread of its own, as soon as its server listens; nothing without a screen."""
    if _has_screen():
        Thread(target=_open, args=(page, host, port), name="winnow-browser", daemon=True).start()


def _has_screen() -> bool:
    """Whether Python found a browser that is not one for the terminal, where the service writes."""
    try:
        return type(webbrowser.get()) is not webbrowser.GenericBrowser
    except webbrowser.Error:
        return False


def _open(page: str, host: str, port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection((host, port), timeout=1):
            webbrowser.open(page)
            return
        time.sleep(_PAUSE)
