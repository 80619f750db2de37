"""`winnow smtp-gate`: the mail server that passes on only what may be sent."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from winnow.errors import WinnowError
from winnow.shells.cli.console import output
from winnow.shells.cli.installation import Data, Store, standing
from winnow.shells.cli.options import ConfigFile
from winnow.shells.logs import set_up

#: Recipients that are asked about at the same time.
_THREADS = 8


def smtp_gate(data: Data = None, store: Store = None, config: ConfigFile = None) -> None:
    """Take mail of tools and campaigns, and pass on only what may be sent, until it is told to stop (Ctrl-C).

    Whoever opted out, or may not be written to for another reason, is refused by name, with the reason. Nothing is
    kept here: what cannot be passed on stays with whoever handed it in. See docs/smtp-gate.md.
    """
    from winnow.bootstrap.publishing import Publisher  # noqa: PLC0415  # what no other command needs
    from winnow.bootstrap.smtp_gate import make_smtp_gate  # noqa: PLC0415  # as above
    from winnow.bootstrap.stopping import StopWatch  # noqa: PLC0415  # as above
    from winnow.shells.jobs.loop import Loop  # noqa: PLC0415  # as above
    from winnow.shells.smtp.fields import Existing  # noqa: PLC0415  # as above
    from winnow.shells.smtp.gate import Gate, Limits  # noqa: PLC0415  # as above
    from winnow.shells.smtp.server import run  # noqa: PLC0415  # as above

    set_up()
    service = standing(config, data, store)
    Publisher(service).look()  # after an old backup nobody knows who said no
    parts = make_smtp_gate(service)
    settings = parts.settings
    watch = StopWatch(service, "smtp-gate")
    watching = Loop("stop watch", watch.step, watch.close)
    gate = Gate(
        parts.desk,
        parts.carrier,
        parts.link,
        settings.name,
        parts.now,
        ThreadPoolExecutor(_THREADS, "winnow-gate"),
        Limits(settings.most_bytes, settings.most_connections, settings.most_recipients),
        Existing.KEEP if settings.keep else Existing.REPLACE,
        settings.tls,
        parts.folder,
    )
    for doubt in filter(None, (*parts.doubts, parts.server_doubt())):
        output.warning(doubt)
    with _listening(settings.host, settings.port) as listener:
        output.say(f"mail is taken on {settings.host}:{settings.port} · data in {service.folder}")
        watching.start()
        run(gate, listener, parts.refresh)
    watching.stop()
    watching.wait(1.0)
    service.close()


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens; raises WinnowError that names the settings when the address cannot be had."""
    from winnow.shells.http.server import listening  # noqa: PLC0415  # what no other command needs

    with ExitStack() as stack:
        try:
            listener = stack.enter_context(listening(host, port))
        except WinnowError as error:
            where = f"smtp_gate.host, smtp_gate.port ({host}:{port})"
            raise WinnowError(error.what, where=where, fix="choose another port, or stop what uses it") from None
        yield listener
