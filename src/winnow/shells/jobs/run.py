"""Which jobs there are, and in what order they end."""

import logging

from winnow.bootstrap.activating import Overseeing
from winnow.bootstrap.delivering import Delivering
from winnow.bootstrap.guarding import Guarding
from winnow.bootstrap.keeping import Forgetting, write_back
from winnow.bootstrap.mailing import Mailing
from winnow.bootstrap.publishing import Publisher
from winnow.bootstrap.searching import FilingJob
from winnow.bootstrap.service import Service
from winnow.bootstrap.today import Counting
from winnow.errors import WinnowError
from winnow.shells.jobs.loop import Loop, Loops

_log = logging.getLogger(__name__)

#: Seconds between two checkpoints while the log grows, between two looks whether it has grown, between two pushes.
PUBLISH_SECONDS, LOOK_SECONDS, PUSH_SECONDS = 1.0, 0.2, 60.0
#: Seconds a job may take to end; deliveries on their way may take as long as one attempt.
_END_SECONDS = 5.0
_MOST_TIMEOUT = 120


class Jobs:
    """The jobs of a service: the log published, events and letters sent, the store kept in shape, guards."""

    def __init__(self, service: Service, publisher: Publisher) -> None:
        self._publisher = publisher
        self._published = -1
        self._write_back = write_back(service)
        self._service = service
        forgetting = Forgetting(service)
        delivering = Delivering(service)
        self._sending = Loop("deliveries", delivering.step, delivering.close)
        self._keeping = Loops(
            Loop("publisher", self._publish),
            Loop("push", self._push),
            Loop("forgetting", forgetting.step),
            Loop("guards", Guarding(service).step),
            Loop("filing", FilingJob(service).step),
            Loop("figures", Counting(service).step),
            Loop("sign-offs", Overseeing(service).step),
        )
        mailing = Mailing(service)
        self._letters = Loop("letters", mailing.step) if mailing.needed else None
        self._upkeep = Loop("write-back", self._write_back.step, self._write_back.close)

    @property
    def failing(self) -> list[str]:
        """The jobs whose last step failed, or that are not running."""
        loops = [*self._keeping.loops, self._sending, *([self._upkeep] if self._write_back.needed else [])]
        loops += [self._letters] if self._letters else []
        return [loop.name for loop in loops if loop.failures or not loop.alive]

    def start(self) -> None:
        """Begin all of them."""
        self._keeping.start()
        self._sending.start()
        if self._write_back.needed:
            self._upkeep.start()
        if self._letters:
            self._letters.start()

    def stop(self) -> None:
        """End all of them; what was recorded by now is published, and what is on its way to receivers may arrive."""
        self._sending.stop()
        if self._letters:
            self._letters.stop()
        late = self._keeping.stop(_END_SECONDS)
        if not late:
            self._publish_last()
        timeout = self._service.config.count("webhooks.timeout_seconds", most=_MOST_TIMEOUT)
        if not self._sending.wait(timeout + _END_SECONDS):
            late.append(self._sending.name)
        if self._letters and not self._letters.wait(_END_SECONDS):
            late.append(self._letters.name)
        if self._write_back.needed:
            late += Loops(self._upkeep).stop(_END_SECONDS)
        if late:
            _log.warning("these jobs did not end in time: %s", ", ".join(late))

    def _publish(self) -> float:
        size = self._publisher.publish_now().size
        grown, self._published = size != self._published, size
        return PUBLISH_SECONDS if grown else LOOK_SECONDS

    def _push(self) -> float:
        return PUSH_SECONDS if self._publisher.push_now() else PUBLISH_SECONDS

    def _publish_last(self) -> None:
        """A checkpoint over the very last entry; without it nothing is lost: the next start makes up for it."""
        try:
            self._publisher.publish_now()
            self._publisher.push_now()
        except WinnowError as error:
            _log.warning("the last checkpoint was not published: %s", error)
