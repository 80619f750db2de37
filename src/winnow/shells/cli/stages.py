"""Progress of work in several stages, each with its own meter and time left."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from winnow.shells.bulk.progress import Meter, meter
from winnow.shells.cli.console import Output

_PARTS = 1000


@dataclass(slots=True)
class _Stages:
    output: Output
    stack: ExitStack
    stage: str = ""
    meter: Meter | None = field(default=None)

    def told(self, what: str, share: float) -> None:
        """Another stage closes the meter of the one before."""
        if self.meter is None or what != self.stage:
            self.stack.close()
            self.stage = what
            self.meter = self.stack.enter_context(meter(self.output.err, _PARTS, what, quiet=self.output.quiet))
        self.meter.at(round(share * _PARTS), 0)


@contextmanager
def stages(output: Output) -> Iterator[Callable[[str, float], None]]:
    """Gives a function that is told what is being done and which share of it is done, 0 to 1."""
    with ExitStack() as stack:
        yield _Stages(output, stack).told
