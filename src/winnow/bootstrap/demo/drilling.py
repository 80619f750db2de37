"""A drill of the kill switch in a past that is told: the time it takes is told, too."""

from winnow.bootstrap.demo.told import Told
from winnow.bootstrap.service import Service
from winnow.bootstrap.stopping import StopWatch, rights_in
from winnow.services.stop import StopDesk, ThereIs, Time

#: Seconds that one look at the clock and one look of a process take.
_GLANCE, _LOOK = 0.003, 0.06


def drill_desk(service: Service, told: Told) -> StopDesk:
    """The kill switch of an installation that is being served: two processes look while the drill waits."""
    watches = [StopWatch(service, kind) for kind in ("serve", "deliver")]
    for watch in watches:
        watch.step()

    def seconds() -> float:
        told.spend(_GLANCE)
        return told.seconds()

    def sleep(wanted: float) -> None:
        told.spend(wanted)
        for watch in watches:
            told.spend(_LOOK)
            watch.step()

    time = Time(seconds, sleep)
    return StopDesk(service.stops, service.live.stops, service.clock, service.new_id, time, ThereIs(rights_in(service)))
