"""`winnow log`: the decision log for those who check it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from winnow.config import Config
from winnow.errors import InvalidInputError
from winnow.shells.cli.console import output
from winnow.shells.cli.installation import Data, Store, installed
from winnow.shells.cli.log_search import search
from winnow.shells.cli.options import AsJson, ConfigFile

if TYPE_CHECKING:
    from winnow.bootstrap.service import Service

app = typer.Typer(help="The decision log: search it, verify it, prove a decision, hand it on.", no_args_is_help=True)
app.command("search")(search)

Since = Annotated[
    Path | None,
    typer.Option("--since", help="File with a signed checkpoint you verified before; only what came after is read."),
]


@app.command("verify")
def verify(
    since: Since = None,
    records: Annotated[bool, typer.Option("--records", help="Also check every stored record against it.")] = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Recompute the log and compare it with all that was signed and published; exits with 3 when it is broken."""
    from winnow.bootstrap.auditing import verify_log  # noqa: PLC0415  # see installation.py

    service = _existing(installed(config, data, store))
    found = verify_log(service, _text(since), records=records, progress=_progress)
    if as_json:
        output.data({"ok": True, **{name: getattr(found, name) for name in found.__slots__}})
        return
    output.say(f"the log is in order: entries {found.start:,} to {found.size:,}, {found.heads:,} signed checkpoints")
    output.say(f"published: {found.published:,} entries")
    if found.records is not None:
        output.say("every stored record is the one that was logged")


@app.command("receipt")
def receipt(
    decision: Annotated[int, typer.Argument(help="Number of the decision.", min=0)],
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Print the receipt of a decision, which docs/verify_log.py verifies anywhere; it tells about a person."""
    from winnow.bootstrap.publishing import Publisher  # noqa: PLC0415  # see installation.py
    from winnow.bootstrap.receipts import receipt as receipt_of  # noqa: PLC0415  # as above
    from winnow.core.receipt import receipt_document  # noqa: PLC0415  # as above

    service = _existing(installed(config, data, store))
    Publisher(service).publish_now()
    output.data(receipt_document(receipt_of(service, decision)))


@app.command("export")
def export(
    folder: Annotated[Path, typer.Argument(help="Folder to write to; it may hold an earlier export.")],
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Write the published log into a folder, for a web server, an auditor or another machine."""
    from winnow.bootstrap.auditing import export_log  # noqa: PLC0415  # see installation.py

    service = _existing(installed(config, data, store))
    head = export_log(service, folder)
    output.say(f"{head.size:,} entries: {folder}")
    output.say(f"check it with: python docs/verify_log.py log {folder} --key '{service.log_key}'")


@app.command("key")
def key(data: Data = None, store: Store = None, config: ConfigFile = None) -> None:
    """Print the public key of the log; write it down today, and check the log with what you wrote down."""
    print(_existing(installed(config, data, store)).log_key)


def _existing(config: Config) -> "Service":
    from winnow.bootstrap.service import open_service  # noqa: PLC0415  # see installation.py
    from winnow.bootstrap.stores import require_installation  # noqa: PLC0415  # as above

    require_installation(config)
    return open_service(config)


def _text(path: Path | None) -> str | None:
    """A checkpoint from a file: the signed note itself, or the last line of a file that checkpoints are pushed to."""
    if path is None:
        return None
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"it cannot be read: {error}", where=str(path), fix="check the path") from None
    if text.startswith("{"):
        try:
            return str(json.loads(text.splitlines()[-1])["note"])
        except (ValueError, KeyError):
            raise InvalidInputError("its last line is no pushed checkpoint", where=str(path)) from None
    return text


def _progress(what: str, done: int) -> None:
    output.say(f"{what}: {done:,}")
