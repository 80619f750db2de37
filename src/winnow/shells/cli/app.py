"""The command's frame: groups, global flags, and the one place where errors become exit codes."""

import os
import sys
from typing import Annotated

import typer

from winnow import __version__
from winnow.errors import WinnowError
from winnow.shells.cli import (
    audit,
    config,
    consent,
    demo,
    doctor,
    explain,
    gate,
    incident,
    learn,
    lists,
    log,
    openapi,
    permits,
    policy,
    proposal,
    prune,
    queue,
    rule,
    ruleset,
    screen,
    serve,
    simulate,
    smtp_gate,
    stop,
    store,
    system,
    today,
    token,
    user,
)
from winnow.shells.cli.console import make_streams_safe, output

app = typer.Typer(
    name="winnow",
    help="Screen leads: accept, tag, review or reject each one, with exact reasons.",
    epilog="Next step: winnow demo make -o leads.csv && winnow screen leads.csv",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("screen")(screen.screen)
app.command("explain")(explain.explain)
app.command("simulate")(simulate.simulate)
rule.app.command("prune")(prune.rules)
lists.app.command("prune")(prune.entries)
app.add_typer(rule.app, name="rule")
app.add_typer(ruleset.app, name="ruleset")
app.add_typer(proposal.app, name="proposal")
app.add_typer(learn.app, name="learn")
app.add_typer(demo.app, name="demo")
app.add_typer(config.app, name="config")
app.command("doctor")(doctor.doctor)
app.command("serve")(serve.serve)
app.command("worker")(serve.worker)
app.command("smtp-gate")(smtp_gate.smtp_gate)
app.command("openapi")(openapi.openapi)
app.add_typer(token.app, name="token")
app.add_typer(user.app, name="user")
app.add_typer(lists.app, name="list")
app.add_typer(consent.app, name="consent")
gate.app.command("check")(permits.check)
gate.app.command("key")(permits.key)
app.add_typer(incident.app, name="incident")
app.add_typer(gate.app, name="gate")
app.add_typer(stop.app, name="stop")
app.add_typer(policy.app, name="policy")
app.add_typer(system.app, name="system")
app.add_typer(audit.app, name="audit")
app.add_typer(queue.app, name="queue")
app.command("today")(today.today)
app.add_typer(log.app, name="log")
app.add_typer(store.db, name="db")
app.add_typer(store.backup, name="backup")
app.command("restore")(store.restore)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"winnow {__version__}")
        raise typer.Exit


@app.callback()
def _globals(
    version: Annotated[  # noqa: ARG001  # its callback has answered it by now
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors and results only.")] = False,
    plain: Annotated[
        bool, typer.Option("--plain", help="No colour and no drawing, for logs and screen readers.")
    ] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colour (NO_COLOR is honoured as well).")] = False,
) -> None:
    output.set_up(plain=plain, quiet=quiet, no_color=no_color)


def main() -> None:
    """Run the command line and exit with its code; an expected error is printed and never a traceback."""
    make_streams_safe()
    try:
        try:
            app()
        finally:
            sys.stdout.flush()  # at exit Python itself would do it, and complain in its own words
    except WinnowError as error:
        output.error(error)
        sys.exit(error.exit_code)
    except OSError as error:
        _drop_stdout()
        output.error(_told(error))
        sys.exit(WinnowError.exit_code)


def _told(error: OSError) -> WinnowError:
    """A full disk, a lost network drive: what the system said, and where."""
    where = str(error.filename) if error.filename is not None else None
    fix = "mend that, then give the same command again"
    return WinnowError(f"the system said: {str(error.strerror or error).lower()}", where=where, fix=fix)


def _drop_stdout() -> None:
    """Keep what is still unwritten from failing a second time at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
