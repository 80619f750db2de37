"""`winnow token`: keys for programs."""

from typing import Annotated

import typer

from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.core.apikeys import ROLES
from winnow.shells.cli.console import output
from winnow.shells.cli.options import AsJson, ConfigFile
from winnow.shells.cli.serve import Data, Store

app = typer.Typer(help="Keys with which programs reach the service.", no_args_is_help=True)


@app.command("create")
def create(
    role: Annotated[str, typer.Option("--role", help=f"What it may do: {', '.join(ROLES)}.")] = "ingest",
    name: Annotated[str, typer.Option("--name", help="Which program will use it.")] = "command line",
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, once: only a hash of it is kept."""
    service = open_service(load(config, flags={"data.folder": str(data or ""), "store.url": store or ""}))
    made = service.key_desk.create(name, [role], created_by="command line")
    if as_json:
        output.data({"id": made.key.id, "key": made.token, "scopes": sorted(made.key.scopes)})
    else:
        print(made.token)
