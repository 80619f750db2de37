"""`winnow serve`: the service over HTTP."""

from pathlib import Path
from typing import Annotated

import typer

from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.shells.cli.console import output
from winnow.shells.cli.options import ConfigFile

Data = Annotated[Path | None, typer.Option("--data", help="Folder of everything the service keeps.")]
Store = Annotated[str | None, typer.Option("--store", help="Address of a PostgreSQL database, instead of SQLite.")]

_MOST_PORTS = 65_535


def serve(
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on. [127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option("--port", min=1, max=_MOST_PORTS, help="Port. [8420]")] = None,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Serve the API until it is told to stop (Ctrl-C); what was accepted by then is recorded."""
    from winnow.shells.http.server import run  # noqa: PLC0415  # half a second that no other command needs

    flags = {"data.folder": str(data or ""), "store.url": store or "", "serve.host": host or "", "serve.port": str(port or "")}
    settings = load(config, flags=flags)
    service = open_service(settings)
    address, number = settings.text("serve.host"), settings.count("serve.port", most=_MOST_PORTS)
    output.say(f"listening on http://{address}:{number} · data in {service.folder}")
    run(service, address, number)
