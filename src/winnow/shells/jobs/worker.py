"""The jobs alone, for a machine or a container beside those that answer requests."""

import os
import signal
from threading import Event
from types import FrameType

from winnow.bootstrap.publishing import Publisher
from winnow.bootstrap.service import Service
from winnow.shells.jobs.run import Jobs

_BY_SIGNAL = 128


def work(service: Service) -> None:
    """Work until a signal says stop; a second one ends it at once."""
    told = Event()

    def stop(sig: int, _frame: FrameType | None) -> None:
        if told.is_set():
            os._exit(_BY_SIGNAL + sig)
        told.set()

    for sig in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sig, stop)
    jobs = Jobs(service, Publisher(service))
    jobs.start()
    told.wait()
    jobs.stop()
