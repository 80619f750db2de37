"""`winnow incident`: what guards and people have found in an installation, what was done about it, and closing it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from winnow.core.apikeys import Scope
from winnow.core.monitor.finding import Severity
from winnow.core.monitor.incident import Kind, Link, Step
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, standing
from winnow.shells.cli.options import AsJson, ConfigFile
from winnow.shells.cli.person import As, Code, PasswordStdin, need, person_of

if TYPE_CHECKING:
    from winnow.core.monitor.incident import Incident
    from winnow.services.guards import GuardDesk
    from winnow.services.incidents import IncidentDesk

app = typer.Typer(help="What went wrong, and what was done about it (docs/incidents.md).", no_args_is_help=True)

#: Whom the decision log names for what is done here.
_ACTOR = "command line"
#: A finding is present.
_FOUND = 3
_MOST = 1_000

IncidentId = Annotated[str, typer.Argument(help="The id of an incident.")]


@app.command("list")
def list_incidents(
    everything: Annotated[bool, typer.Option("--all", help="Also those that are closed.")] = False,
    limit: Annotated[int, typer.Option("--limit", help="How many at most.", min=1, max=_MOST)] = 50,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """List incidents, the newest first; exits with 3 when one is not closed."""
    found = _guards(config, data, store).page(None, limit, unclosed=not everything).items
    if as_json:
        output.data([_document(incident) for incident in found])
    for incident in () if as_json else found:
        output.out.print(Text(printable(_line(incident))))
    if not found:
        output.say("no incident")
    if any(incident.closed_at is None for incident in found):
        raise typer.Exit(_FOUND)


@app.command()
def show(
    incident_id: IncidentId, data: Data = None, store: Store = None, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Say all about one incident."""
    incident = _guards(config, data, store).incident(incident_id)
    if as_json:
        output.data(_document(incident))
        return
    paused = "rejecting without a person was paused for it" if incident.pauses else "nothing was paused for it"
    for line in (_line(incident), *incident.figures, paused):
        output.out.print(Text(printable(line)))
    if incident.closed_at is not None:
        closed = f"closed {incident.closed_at:%Y-%m-%d %H:%M} UTC by {incident.closed_by}: {incident.reason}"
        output.out.print(Text(printable(closed)))


@app.command()
def close(
    incident_id: IncidentId,
    reason: Annotated[str, typer.Option("--reason", help="What was found out and done; kept for ever.")],
    email: As,
    renew: Annotated[
        bool,
        typer.Option("--renew", help="All is as it should be since it began: compare with that from now on."),
    ] = False,
    lessons: Annotated[
        str, typer.Option("--lessons", help="What will be done otherwise; asked for when it is severe.")
    ] = "",
    code: Code = None,
    password_stdin: PasswordStdin = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Close an incident and lift its pause, everywhere within a second; somebody answers for that."""
    from winnow.bootstrap.guarding import make_guards  # noqa: PLC0415  # see _guards

    service = standing(config, data, store)
    by = person_of(service, email, code, from_stdin=password_stdin)
    need(by, Scope.INCIDENTS_WRITE)
    incident = make_guards(service).close(incident_id, reason, by.id, renew=renew, lessons=lessons)
    resumed = "; rejecting is no longer paused for it" if incident.pauses else ""
    output.say(f"closed {incident.id}{resumed}")


@app.command("open")
def open_one(
    kind: Annotated[Kind, typer.Argument(help="What it is about.")],
    what: Annotated[str, typer.Option("--what", help="What happened, without names; kept for ever.")],
    severity: Annotated[Severity, typer.Option("--severity", help="How bad it is.")] = Severity.ALARM,
    source: Annotated[str | None, typer.Option("--source", help="Where, if at one source.")] = None,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Open an incident that you have seen. It stops nothing: see `winnow stop on`."""
    incident = _incidents(config, data, store).open(kind, what, severity, _ACTOR, source=source)
    output.say(f"opened {incident.id}")


@app.command()
def step(
    incident_id: IncidentId,
    reached: Annotated[Step, typer.Argument(help="contained: no more harm · fixed: its cause is gone.")],
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Say that an incident is contained or fixed."""
    output.say(f"{incident_id} is {_incidents(config, data, store).step(incident_id, reached, _ACTOR).state}")


@app.command()
def note(
    incident_id: IncidentId,
    text: Annotated[str, typer.Argument(help="What was done, without names; kept for ever.")],
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Write down what was done."""
    _incidents(config, data, store).note(incident_id, text, _ACTOR)
    output.say(f"noted for {incident_id}")


@app.command()
def link(
    incident_id: IncidentId,
    kind: Annotated[Link, typer.Argument(help="What was done about it elsewhere.")],
    target: Annotated[str, typer.Argument(help="Its id; of a roll-back, the hash of the ruleset.")],
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Name the stop, the roll-back or the unlearning that was done about it."""
    _incidents(config, data, store).link(incident_id, kind, target, _ACTOR)
    output.say(f"linked to {incident_id}")


@app.command()
def people(
    incident_id: IncidentId,
    leads: Annotated[list[int], typer.Argument(help="Numbers of leads.", min=0)],
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Name leads of people concerned."""
    count = _incidents(config, data, store).add_leads(incident_id, leads, _ACTOR)
    output.say(f"{incident_id} concerns {count:,} leads")


@app.command()
def export(
    incident_id: IncidentId, data: Data = None, store: Store = None, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Print the report of an incident: what happened, the clock, what was done and learnt."""
    desk = _incidents(config, data, store)
    if as_json:
        output.data(desk.report(incident_id))
    else:
        output.out.print(Text(printable(desk.report_text(incident_id).rstrip("\n"))))


@app.command()
def check(data: Data = None, store: Store = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Let the guards look now instead of within the hour; exits with 3 when they find something."""
    look = _guards(config, data, store).look()
    if as_json:
        too_few = [
            {"guard": each.guard, "source": each.source, "about": each.about, "size": each.size, "needed": each.needed}
            for each in look.too_few
        ]
        standing = [{"guard": each.guard, "source": each.source, "about": each.about} for each in look.standing]
        output.data({"opened": [_document(each) for each in look.opened], "standing": standing, "too_few": too_few})
    else:
        for incident in look.opened:
            output.out.print(Text(printable(_line(incident))))
        output.say(f"found: {len(look.opened)} new, {len(look.standing)} known · too few to say: {len(look.too_few)}")
    if look.opened or look.standing:
        raise typer.Exit(_FOUND)


def _line(incident: "Incident") -> str:
    figure = incident.figures[0] if incident.figures else ""
    return f"{incident.id}  {incident.state}  {incident.severity}  {incident.guard}  since {incident.since}  {figure}"


def _document(incident: "Incident") -> dict[str, object]:
    times = {name: getattr(incident, name) for name in ("opened_at", "contained_at", "fixed_at", "closed_at")}
    return {
        "id": incident.id,
        "guard": incident.guard.value,
        "source": incident.source,
        "about": incident.about,
        "severity": incident.severity.value,
        "size": incident.size,
        "since": incident.since.isoformat(),
        "figures": list(incident.figures),
        "state": incident.state.value,
        **{name: at.isoformat() if at else None for name, at in times.items()},
        "closed_by": incident.closed_by,
        "reason": incident.reason,
        "renewed": incident.renewed,
        "opened_by": incident.opened_by,
        "contained_by": incident.contained_by,
        "fixed_by": incident.fixed_by,
        "lessons": incident.lessons,
    }


def _incidents(config: Path | None, data: Path | None, store: str | None) -> "IncidentDesk":
    from winnow.bootstrap.incidents import make_incidents  # noqa: PLC0415  # a second that other commands need not wait

    return make_incidents(standing(config, data, store))


def _guards(config: Path | None, data: Path | None, store: str | None) -> "GuardDesk":
    from winnow.bootstrap.guarding import make_guards  # noqa: PLC0415  # a second that other commands need not wait

    return make_guards(standing(config, data, store))
