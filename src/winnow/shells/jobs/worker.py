"""The jobs alone, for a machine or a container beside those that answer requests."""

import os
import signal
from threading import Event
from types import FrameType

from winnow.bootstrap.publishing import Publisher
from winnow.bootstrap.service import Service
from winnow.bootstrap.stopping import StopWatch
from winnow.shells.jobs.loop import Loop, Loops
from winnow.shells.jobs.run import Jobs

_BY_SIGNAL = 128
#: Seconds that saying good-bye may take.
_END_SECONDS = 5.0


def work(service: Service) -> None:
    """Work until a signal says stop; a second one ends it at once."""
    told = Event()

    def stop(sig: int, _frame: FrameType | None) -> None:
        if told.is_set():
            os._exit(_BY_SIGNAL + sig)
        told.set()

    for sig in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sig, stop)
    publisher, watch = Publisher(service), StopWatch(service, "worker")
    jobs, stops = Jobs(service, publisher), Loops(Loop("stops", watch.step, watch.close))
    publisher.look()
    stops.start()
    jobs.start()
    told.wait()
    jobs.stop()
    stops.stop(_END_SECONDS)
