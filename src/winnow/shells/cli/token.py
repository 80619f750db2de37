"""`winnow token`: keys for programs."""

from typing import Annotated

import typer
from rich.text import Text

from winnow.core.apikeys import ROLES, ApiKey
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, opened
from winnow.shells.cli.options import AsJson, ConfigFile

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
    service = opened(config, data, store)
    made = service.key_desk.create(name, [role], created_by="command line")
    if as_json:
        output.data({"id": made.key.id, "key": made.token, "scopes": sorted(made.key.scopes)})
    else:
        print(made.token)


@app.command("list")
def show(data: Data = None, store: Store = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """List all keys there ever were, without their secrets."""
    keys = opened(config, data, store).key_desk.all_keys()
    if as_json:
        output.data([_document(key) for key in keys])
        return
    for key in keys:
        state = "revoked" if key.revoked_at else f"until {key.expires_at:%Y-%m-%d}" if key.expires_at else "live"
        output.out.print(Text(printable(f"{key.id}  {state}  {key.name}  ({', '.join(sorted(key.scopes))})")))


@app.command("revoke")
def revoke(
    key_id: Annotated[str, typer.Argument(help="The id of a key, wk_ and what follows up to the next _.")],
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """End a key for good, everywhere within a second."""
    opened(config, data, store).key_desk.revoke(key_id, "command line")
    output.say(f"revoked {key_id}")


def _document(key: ApiKey) -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "scopes": sorted(key.scopes),
        "networks": [str(network) for network in key.networks],
        "created_at": key.created_at.isoformat(),
        "created_by": key.created_by,
        "expires_at": key.expires_at.isoformat() if key.expires_at else None,
        "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
    }
