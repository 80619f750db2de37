"""Sixty-four leads decided by keyboard in a browser, 60 ms away from the service: how long until the next one is there.

`python -m benchmarks.browser` prints it; `--pace 0.2` presses a key every fifth of a second, `--store URL` takes
another database, `--shots DIR` keeps a picture of the first page. Needs Chromium and the packages of the tests.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from benchmarks.report import report
from tests.support.browsing import Installation, browsing, installed, signed_in

LEADS = 64
#: What is emulated between browser and service, there and back.
ROUND_TRIP_MS = 60
_KEYS = (("a",), ("t",), ("r", "3"), ("a",))

#: Measured within the page, from the key that decides to the first frame drawn with another lead in front.
_WATCH = """
() => {
  window.measured = [];
  const front = () => document.querySelector('.case:not([hidden])')?.dataset.case ?? 'clear';
  document.addEventListener('keydown', (event) => {
    const before = front(), since = event.timeStamp, key = event.key;
    const look = () => {
      if (front() === before) { if (performance.now() - since < 5000) requestAnimationFrame(look); return; }
      // The frame that was just prepared is drawn before the next task.
      const drawn = new MessageChannel();
      drawn.port1.onmessage = () => window.measured.push(performance.now() - since);
      drawn.port2.postMessage(0);
    };
    if (key === 'a' || key === 't' || key === '3') requestAnimationFrame(look);
  }, true);
}
"""


def measured(winnow: Installation, pace: float, shots: Path | None = None) -> dict[str, float]:
    """Milliseconds from key to next lead, and what the first page costs."""
    for number in range(LEADS):
        winnow.screened(**_lead(number))
    with browsing() as browser:
        context = signed_in(browser, winnow, "reviewer", viewport={"width": 1440, "height": 900})
        page = context.new_page()
        weight = _weighed(page)
        page.goto("/account")  # nothing of the queue; the connection and the process are warm
        cold = context.new_cdp_session(page)
        cold.send("Network.enable")
        cold.send("Network.clearBrowserCache")
        far = {"offline": False, "latency": ROUND_TRIP_MS, "downloadThroughput": -1, "uploadThroughput": -1}
        cold.send("Network.emulateNetworkConditions", far)
        weight.clear()
        started = time.monotonic()
        page.goto("/queue")
        page.locator(".case:not([hidden])").wait_for()
        first = (time.monotonic() - started) * 1000
        if shots:
            page.screenshot(path=shots / "queue.png")
        page.wait_for_load_state("networkidle")
        kilobytes = sum(weight.values()) / 1000
        page.evaluate(_WATCH)
        began = time.monotonic()
        _decide_all(page, pace)
        lasted = time.monotonic() - began
        times = sorted(page.evaluate("window.measured"))
        context.close()
    assert len(times) == LEADS, f"{len(times)} of {LEADS} steps were seen"
    assert winnow.desks.review.waiting().waiting == 0
    cuts = statistics.quantiles(times, n=20)
    return {
        "key to next lead, median, ms": statistics.median(times),
        "key to next lead, 95th percentile, ms": cuts[18],
        "key to next lead, longest, ms": times[-1],
        f"{LEADS} leads, s": lasted,
        "first page with nothing kept, ms": first,
        "first page with all it loads, compressed, KB": kilobytes,
    }


def _decide_all(page: Page, pace: float) -> None:
    """Press keys like somebody who reads fast, and wait until all of it has arrived."""
    for turn in range(LEADS):
        page.locator(".case:not([hidden])").wait_for()
        for key in _KEYS[turn % len(_KEYS)]:
            page.keyboard.press(key)
        page.wait_for_timeout(pace * 1000)
    page.get_by_role("heading", name="Queue is clear").wait_for()
    page.wait_for_function("JSON.parse(sessionStorage.getItem('winnow-unsent') ?? '[]').length === 0")


def _weighed(page: Page) -> dict[str, float]:
    """Bytes that came over the line, by request; filled while the page loads."""
    sizes: dict[str, float] = {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def took(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = event["encodedDataLength"]

    session.on("Network.loadingFinished", took)
    return sizes


def _lead(number: int) -> dict[str, Any]:
    return {
        "id": f"l{number}",
        "source": ("web form", "trade fair", "newsletter")[number % 3],
        "full_name": f"Person {number}",
        "company": f"Firm {number % 9}",
        "email": f"p{number}@firm{number % 9}.example",
        "form_fill_seconds": 1.0,
        "form_honeypot": True,
        "message": f"Offer {number}: buy http://a.example http://b.example now. " * 4,
    }


def run(pace: float = 0.35, store: str = "", shots: Path | None = None) -> dict[str, float]:
    """Milliseconds from a key to the next lead, 64 leads decided by keyboard at a round trip of 60 ms."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {"store__url": store} if store else {}
        with installed(Path(folder), review__second_percent="0", **settings) as winnow:
            return measured(winnow, pace, shots)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pace", type=float, default=0.35, help="seconds between two decisions")
    parser.add_argument("--store", default="", help="address of the database")
    parser.add_argument("--shots", type=Path, help="folder for a picture")
    chosen = parser.parse_args()
    report("browser", run.__doc__ or "", lambda: run(chosen.pace, chosen.store, chosen.shots))


if __name__ == "__main__":
    main()
