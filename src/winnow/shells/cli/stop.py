"""`winnow stop`: stop everything automatic, or one thing; two people start again."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from winnow.core.govern.stop import StopScope
from winnow.errors import CodeNeededError, InvalidInputError
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, standing
from winnow.shells.cli.options import AsJson, ConfigFile

if TYPE_CHECKING:
    from winnow.bootstrap.service import Service
    from winnow.core.people.accounts import Person
    from winnow.ports.stop import PastStop
    from winnow.services.sign_in import SignIns
    from winnow.services.stop import StopDesk

app = typer.Typer(help="The kill switch (docs/stop.md).", no_args_is_help=True)

#: Whom the decision log names for what is done here.
_ACTOR = "command line"
#: A finding is present.
_FOUND = 3
_LONGEST_LINE = 1024
_MOST_DRILL = 60
_TWO = 2


@app.command("on")
def on(
    reason: Annotated[str, typer.Option("--reason", help="Why; kept for ever.")],
    source: Annotated[str | None, typer.Option("--source", help="Only leads of this source.")] = None,
    scorecard: Annotated[str | None, typer.Option("--scorecard", help="Only this scorecard, by its hash.")] = None,
    rule: Annotated[str | None, typer.Option("--rule", help="Only this rule.")] = None,
    action: Annotated[str | None, typer.Option("--action", help="Only this action, such as reject.")] = None,
    ai_system: Annotated[str | None, typer.Option("--ai-system", help="Only this AI system, by its id.")] = None,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Stop everything automatic, or one thing; in force everywhere when this returns."""
    named = {
        StopScope.SOURCE: source,
        StopScope.SCORECARD: scorecard,
        StopScope.RULE: rule,
        StopScope.ACTION: action,
        StopScope.SYSTEM: ai_system,
    }
    chosen = [(scope, target) for scope, target in named.items() if target is not None]
    if len(chosen) > 1:
        raise InvalidInputError("a stop is of one thing, or of all", fix="give one of these options, or none")
    scope, target = chosen[0] if chosen else (StopScope.ALL, "")
    engaged = _desk(standing(config, data, store)).engage(scope, target, reason, _ACTOR)
    output.say(f"stopped: {engaged.stop.id} · entry {engaged.number} of the log")
    if engaged.on_their_way:
        output.say(f"{engaged.on_their_way} messages were being sent and cannot be called back")


@app.command("off")
def off(
    stop_id: Annotated[str, typer.Argument(help="The id of the stop.")],
    people: Annotated[list[str], typer.Option("--as", help="Mail address of who agrees; give it twice for both.")],
    reason: Annotated[str, typer.Option("--reason", help="What was found out; kept for ever.")],
    password_stdin: Annotated[
        bool,
        typer.Option(
            "--password-stdin",
            help="Read each password from stdin, one line, followed by one with the code if one is asked for.",
        ),
    ] = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Agree to lift a stop: it takes two people, each with their password, together or one after the other."""
    if len(people) > _TWO:
        raise InvalidInputError("it takes two people", where="--as", fix="name two at most")
    service = standing(config, data, store)
    desk, sign_ins = _desk(service), _sign_ins(service)
    proven = [_proven(sign_ins, email, from_stdin=password_stdin) for email in people]
    first = desk.stop(stop_id).first
    # Who has agreed before may be named again beside the other.
    others = [each for each in proven if first is None or each.id != first.by]
    for person in others or proven:
        if desk.lift(stop_id, reason, person).lifted_at is not None:
            output.say(f"{stop_id} is lifted")
            return
    output.say(f"{stop_id} stays: one person agreed, and it takes another")


@app.command("status")
def status(data: Data = None, store: Store = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Say what is stopped and which processes know; exits with 3 when something is."""
    found = _desk(standing(config, data, store)).status()
    if as_json:
        processes = [
            {"id": each.id, "kind": each.kind, "knows": each.stops == found.number, "seen_at": each.seen_at.isoformat()}
            for each in found.replicas
        ]
        stops = [_document(past) for past in found.standing]
        known = {"readable": found.readable, "everything": found.everything}
        output.data({**known, "stops": stops, "processes": processes})
    else:
        for past in found.standing:
            output.out.print(Text(printable(_line(past))))
        late = sum(each.stops != found.number for each in found.replicas)
        output.say(f"{found.sentence or 'nothing is stopped'} · processes: {len(found.replicas)}, {late} yet to notice")
    if found.sentence:
        raise typer.Exit(_FOUND)


@app.command("drill")
def drill(
    seconds: Annotated[int, typer.Option("--seconds", min=0, max=_MOST_DRILL, help="How long it lasts at least.")] = 0,
    live: Annotated[bool, typer.Option("--live", help="Really stop; without it only act so.")] = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Measure when every process knows of a stop; the report is kept in the log."""
    past = _desk(standing(config, data, store)).drill(_ACTOR, seconds=seconds, dry=not live)
    if as_json:
        output.data(_document(past))
        return
    report = past.report
    assert report is not None  # noqa: S101  # a drill that is over has one
    output.say(f"in force after {report.acknowledged_seconds * 1000:.0f} ms · {past.stop.id}")
    for each in report.noticed:
        when = "did not notice" if each.seconds is None else f"knew after {each.seconds * 1000:.0f} ms"
        output.out.print(Text(printable(f"{each.replica}  {each.kind}  {when}")))
    if not report.noticed:
        output.say("no process runs that could notice")


def _line(past: "PastStop") -> str:
    stop = past.stop
    agreed = f"  one agreed ({past.first.by})" if past.first else ""
    of = f" {stop.target}" if stop.target else ""
    return f"{stop.id}  {stop.drill or 'stop'}  {stop.scope}{of}  since {stop.at:%Y-%m-%d %H:%M}  {stop.reason}{agreed}"


def _document(past: "PastStop") -> dict[str, object]:
    import msgspec  # noqa: PLC0415  # only for this

    found: dict[str, object] = msgspec.to_builtins(past)
    return found


def _proven(sign_ins: "SignIns", email: str, *, from_stdin: bool) -> "Person":
    """Who somebody is, by their password; the session that begins with it ends at once."""
    password = _asked(f"password of {email}", from_stdin=from_stdin)
    try:
        session = sign_ins.sign_in(email, password, None, "")
    except CodeNeededError:
        session = sign_ins.sign_in(email, password, _asked(f"code of {email}", from_stdin=from_stdin), "")
    sign_ins.sign_out(session.signed_in)
    return session.signed_in.person


def _asked(what: str, *, from_stdin: bool) -> str:
    if not from_stdin:
        return str(typer.prompt(what, hide_input=True, err=True))
    line = sys.stdin.readline(_LONGEST_LINE)
    if not line.strip():
        raise InvalidInputError(f"stdin has no line with the {what}", fix="give one line each")
    return line.rstrip("\r\n")


def _desk(service: "Service") -> "StopDesk":
    from winnow.bootstrap.stopping import make_stop  # noqa: PLC0415  # see installation.py

    return make_stop(service)


def _sign_ins(service: "Service") -> "SignIns":
    from winnow.bootstrap.people import make_people  # noqa: PLC0415  # see installation.py

    return make_people(service).sign_ins
