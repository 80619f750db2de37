"""Running the application with uvicorn: started, stopped in order by one signal, at once by a second."""

import gc
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn

from winnow.bootstrap.service import Service
from winnow.errors import WinnowError
from winnow.shells.http.app import App
from winnow.shells.http.site import MakeSite

#: Seconds that requests under way may take when the service is told to stop.
_DRAIN_SECONDS = 30
_BACKLOG = 2048
#: New containers before the youngest are looked through for cycles, and how seldom the older ones are.
_COLLECT_AFTER = (20_000, 20, 20)
#: What a shell reports of a command that a signal ended.
_BY_SIGNAL = 128


@contextmanager
def listening(host: str, port: int, *, shared: bool = False) -> Iterator[socket.socket]:
    """A socket that listens; raises WinnowError when the address cannot be had.

    shared: among several processes, each with a socket of its own, so that the system spreads connections evenly
    """
    with bound(host, port, shared=shared) as listener:
        listener.listen(_BACKLOG)
        yield listener


@contextmanager
def bound(host: str, port: int, *, shared: bool = False) -> Iterator[socket.socket]:
    """A socket that has the address and does not listen yet."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            what = f"cannot listen there: {(error.strerror or str(error)).lower()}"
            raise WinnowError(what, where=f"{host}:{port}", fix="choose another --port, or stop what uses it") from None
        yield listener


def run(service: Service, listener: socket.socket, *, jobs: bool = True, site: MakeSite | None = None) -> None:
    """Serve until a signal says stop; what was accepted by then is recorded, and the log published."""
    proxies = service.config.texts("serve.proxies")
    config = uvicorn.Config(
        App(service, jobs=jobs, site=site),
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies) or None,
        timeout_graceful_shutdown=_DRAIN_SECONDS,
        loop="uvloop",
        http="httptools",
        lifespan="on",
        ws="none",
    )
    _spare_the_collector()
    _Server(config).run([listener])


def _spare_the_collector() -> None:
    """What is there by now stays; and leads are no cycles, so looking for these seldom is often enough."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)


class _Server(uvicorn.Server):
    """Ends with exit code 0 when it was told to stop and did."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002  # as signal handlers are
        """The first signal: finish what was begun. The second: at once; nothing acknowledged gets lost by that."""
        if self.should_exit:
            os._exit(_BY_SIGNAL + sig)
        self.should_exit = True
