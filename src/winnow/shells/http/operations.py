"""What goes on beside the requests, and what is counted of them: the jobs, the spool, the numbers."""

from winnow.bootstrap.publishing import Publisher
from winnow.bootstrap.service import Service
from winnow.bootstrap.spooling import Spooling
from winnow.bootstrap.stopping import StopWatch
from winnow.bootstrap.telemetry import tracing
from winnow.services.off_limits import OffLimits
from winnow.shells.http.counters import Counters
from winnow.shells.http.watch import Watch
from winnow.shells.jobs.loop import Loop, Loops
from winnow.shells.jobs.run import Jobs

#: Seconds that saying good-bye may take.
_END_SECONDS = 5.0
#: Seconds between two times of writing down what was dropped as off limits.
_COUNT_SECONDS = 2.0


class Operations:
    """One for each running service.

    take: the service's own, counted · watch: looks on at requests
    """

    def __init__(self, service: Service, *, jobs: bool = True) -> None:
        self._tracing = tracing(service.config, service.clock)
        self.counters = Counters()
        self.take = self.counters.counting(service.intake.take, self._tracing.group if self._tracing else None)
        self.spooling = Spooling(service, self.take)
        self.publisher = Publisher(service)
        self.jobs = Jobs(service, self.publisher)
        stop_watch = StopWatch(service, "serve")
        self._beside = Loops(Loop("stops", stop_watch.step, stop_watch.close), _counting(service.off_limits))
        self._does_jobs = jobs
        access_log = service.config.flag("serve.access_log")
        self.watch = Watch(self.counters, access_log=access_log, tracing=self._tracing)

    @property
    def failing_jobs(self) -> list[str]:
        """Names of the jobs of this process that do not go on."""
        return self.jobs.failing if self._does_jobs else []

    def start(self) -> None:
        """Begin the jobs, unless another process does them; before, stop everything if the log is behind itself."""
        self.publisher.look()
        self._beside.start()
        if self._does_jobs:
            self.jobs.start()

    def stop(self) -> None:
        """End them, once nothing is recorded any more."""
        self.spooling.close()
        self._beside.stop(_END_SECONDS)
        if self._does_jobs:
            self.jobs.stop()
        if self._tracing is not None:
            self._tracing.close()


def _counting(off_limits: OffLimits) -> Loop:
    def step() -> float:
        off_limits.write()
        return _COUNT_SECONDS

    return Loop("off limits", step, off_limits.write)
