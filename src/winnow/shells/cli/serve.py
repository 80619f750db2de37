"""`winnow serve` and `winnow worker`: the service over HTTP, and its jobs alone."""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from winnow.config import Config
from winnow.shells.cli.console import output
from winnow.shells.cli.installation import Data, Store, installed, opened
from winnow.shells.cli.options import ConfigFile
from winnow.shells.logs import set_up

if TYPE_CHECKING:
    from winnow.bootstrap.service import Service

MOST_PORTS = 65_535
_MOST_WORKERS = 256

_DEMO = """\
made-up data only, gone when this ends. Try:

  curl -H 'Authorization: Bearer {key}' {address}/v1/leads \\
       -d '{{"full_name": "Ana Kovač", "email": "ana@bluebird.example", "message": "Do you ship to Zagreb?"}}'
  curl -d 'name=Bo' -d 'email=junk@winnow.example' -d 'message=cheap backlinks' {address}/f/website
"""


def serve(
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on. [127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option("--port", min=1, max=MOST_PORTS, help="Port. [8420]")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Try it in a folder that is removed at the end.")] = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Serve the API until it is told to stop (Ctrl-C); what was accepted by then is recorded."""
    more = {"serve__host": host or "", "serve__port": str(port or ""), "serve__sandbox": "yes" if demo else ""}
    with ExitStack() as until_the_end:
        if demo:
            data = Path(until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="winnow-demo-")))
            store = f"sqlite:///{data / 'winnow.sqlite'}"
        _serve(installed(config, data, store, **more), demo=demo)


def _serve(settings: Config, *, demo: bool) -> None:
    from winnow.bootstrap.service import open_service  # noqa: PLC0415  # a second that no other command needs
    from winnow.shells.http.server import bound, listening, run  # noqa: PLC0415
    from winnow.shells.http.workers import Workers  # noqa: PLC0415

    set_up()
    service = open_service(settings)
    host, port = settings.text("serve.host"), settings.count("serve.port", most=MOST_PORTS)
    workers = settings.count("serve.workers", most=_MOST_WORKERS)
    with bound(host, port, shared=True) if workers > 1 else listening(host, port) as socket:
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        output.say(f"listening on {address} · data in {service.folder}")
        if demo:
            key = service.key_desk.create("demo", ["ingest", "rep"], created_by="demo").token
            output.say(_DEMO.format(key=key, address=address))
        else:
            _welcome(service, address)
        if workers == 1:
            run(service, socket)
            return
        service.close()  # what is open cannot be shared with the processes that follow

        def work(place: int) -> None:
            with listening(host, port, shared=True) as own:
                run(open_service(settings), own, jobs=place == 0)

        Workers(workers, work).run()


def _welcome(service: "Service", address: str) -> None:
    """What to do first, once: as long as there is no key nobody can do anything."""
    token = service.first_run.token()
    if token is not None:
        output.say(f"set up: {address}/setup/{token} (good for 24 hours, until there is a key or an account)")


def worker(data: Data = None, store: Store = None, config: ConfigFile = None) -> None:
    """Do what `winnow serve` does beside answering requests: publish the log, deliver webhooks, keep the store tidy."""
    from winnow.shells.jobs.worker import work  # noqa: PLC0415

    set_up()
    service = opened(config, data, store)
    output.say(f"working · data in {service.folder}")
    work(service)
