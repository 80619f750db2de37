"""`winnow proposal`: asking for a second person's agreement, arguing, agreeing, and emergencies."""

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from winnow.core.apikeys import Scope
from winnow.core.govern.signing import ATTACHMENTS, Kind, Side, Stage
from winnow.errors import InvalidInputError
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, standing
from winnow.shells.cli.options import AsJson, ConfigFile
from winnow.shells.cli.person import As, Code, PasswordStdin, need, person_of

if TYPE_CHECKING:
    from winnow.bootstrap.service import Service
    from winnow.core.people.accounts import SignedIn
    from winnow.services.signing import SigningDesk, Told

app = typer.Typer(help="Proposals, and what a second person says to them (docs/sign-off.md).", no_args_is_help=True)

_MOST_BYTES, _MOST = 1_000_000, 200
#: Stages at which it matters what is lacking.
_OPEN = frozenset({Stage.PROPOSED, Stage.SIGNED, Stage.LIVE})

ProposalId = Annotated[str, typer.Argument(help="The id of a proposal.")]
Because = Annotated[str, typer.Option("--because", help="Why; kept for ever.")]
Attach = Annotated[
    list[str] | None,
    typer.Option("--attach", help=f"NAME=FILE with JSON, may be repeated; names: {', '.join(ATTACHMENTS)}."),
]
Hours = Annotated[
    int | None,
    typer.Option("--hours", help="How long a sign-off holds; else 180 days, 4 hours in an emergency.", min=1),
]


@app.command("list")
def list_proposals(
    kind: Annotated[Kind | None, typer.Option("--kind", help="Only those of this kind.")] = None,
    limit: Annotated[int, typer.Option("--limit", help="How many at most.", min=1, max=_MOST)] = 50,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """List proposals, the newest first."""
    found = desk_of(standing(config, data, store)).page(None, limit, kind=kind).items
    if as_json:
        output.data([document(each) for each in found])
    for each in () if as_json else found:
        lacks = f"  (lacks: {'; '.join(each.lacking)})" if each.stage in _OPEN and each.lacking else ""
        output.out.print(Text(printable(line(each) + lacks)))
    if not found:
        output.say("no proposal")


@app.command()
def show(
    proposal_id: ProposalId, data: Data = None, store: Store = None, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Say all about one proposal."""
    tell(desk_of(standing(config, data, store)).told(proposal_id), as_json=as_json)


@app.command()
def make(
    kind: Annotated[Kind, typer.Argument(help="What is proposed.")],
    name: Annotated[str, typer.Argument(help="Hash of a ruleset, or the id of an AI system.")],
    because: Because,
    email: As,
    rung: Annotated[str | None, typer.Option("--rung", help="For ladder: tag, review or reject.")] = None,
    rule: Annotated[str | None, typer.Option("--rule", help="For ladder: a rule, by id; else the scorecard.")] = None,
    attach: Attach = None,
    hours: Hours = None,
    code: Code = None,
    password_stdin: PasswordStdin = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Ask for a second person's agreement to exactly this."""
    terms = {word: value for word, value in (("rung", rung), ("rule", rule)) if value is not None}
    service = standing(config, data, store)
    by = person_of(service, email, code, from_stdin=password_stdin)
    tell(proposed(service, kind, name, because, by, terms=terms, attach=attach, hours=hours), as_json=as_json)


def proposed(  # what the command was told
    service: "Service",
    kind: Kind,
    name: str,
    because: str,
    by: "SignedIn",
    *,
    terms: dict[str, str] | None = None,
    attach: list[str] | None = None,
    hours: int | None = None,
) -> "Told":
    """A new proposal of somebody who has proved who they are."""
    from winnow.services.signing import Wanted  # noqa: PLC0415  # see desk_of

    attached = dict(map(_attached, attach or ()))
    lasts = None if hours is None else timedelta(hours=hours)
    return desk_of(service).propose(Wanted(kind, name, because, lasts, terms or {}, attached), by)


@app.command()
def comment(
    proposal_id: ProposalId,
    text: Annotated[str, typer.Argument(help="What you have to say.")],
    email: As,
    side: Annotated[Side, typer.Option("--side", help="From where you look at it.")],
    code: Code = None,
    password_stdin: PasswordStdin = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Say something about a proposal; it stays."""
    service = standing(config, data, store)
    desk_of(service).comment(proposal_id, side, text, person_of(service, email, code, from_stdin=password_stdin))
    output.say("noted")


@app.command()
def sign(
    proposal_id: ProposalId,
    email: As,
    digest: Annotated[str, typer.Option("--hash", help="Hash of the proposal, as `show` prints it: what you read.")],
    code: Code = None,
    password_stdin: PasswordStdin = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Agree as a second person; also grants what is asked for in an emergency."""
    service = standing(config, data, store)
    by = person_of(service, email, code, from_stdin=password_stdin)
    tell(desk_of(service).sign(proposal_id, digest, by), as_json=as_json)


@app.command("withdraw", help="Take your own proposal back.")
@app.command("decline", help="Refuse a proposal.")
def end(
    context: typer.Context,
    proposal_id: ProposalId,
    because: Because,
    email: As,
    code: Code = None,
    password_stdin: PasswordStdin = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Have a proposal come to nothing."""
    service = standing(config, data, store)
    by, desk = person_of(service, email, code, from_stdin=password_stdin), desk_of(service)
    tell((desk.decline if context.info_name == "decline" else desk.withdraw)(proposal_id, because, by), as_json=False)


@app.command("break-glass")
def break_glass(
    proposal_id: Annotated[str | None, typer.Argument(help="What was granted; nothing: say what there is.")] = None,
    email: Annotated[str | None, typer.Option("--as", help="Mail address of whoever uses it.")] = None,
    code: Code = None,
    password_stdin: PasswordStdin = False,
    end: Annotated[bool, typer.Option("--end", help="End it before its time.")] = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Use what two people took upon themselves in an emergency, end it, or say whether there is one."""
    from winnow.bootstrap.activating import make_break_glass  # noqa: PLC0415  # see desk_of

    service = standing(config, data, store)
    desk = make_break_glass(service)
    if end:
        desk.end("command line")
    elif proposal_id is not None:
        if email is None:
            raise InvalidInputError("nobody is named", where="--as", fix="say who uses it")
        by = person_of(service, email, code, from_stdin=password_stdin)
        need(by, Scope.RULESETS_WRITE)
        desk.use(proposal_id, by.id)
    found = desk.now()
    if found is None:
        output.say("nothing decides by break-glass")
    else:
        until = f"until {found.until:%Y-%m-%d %H:%M} UTC, then {found.before[:12]} comes back"
        output.out.print(Text(printable(f"ruleset {found.ruleset[:12]} decides by break-glass {until}")))
        output.out.print(
            Text(printable(f"asked for by {found.asked_by}, granted by {found.granted_by}: {found.because}"))
        )


def line(told: "Told") -> str:
    """A proposal in a line."""
    proposal = told.filed.proposal
    return f"{proposal.id}  {told.stage}  {proposal.kind}  {proposal.subject[:24]}  {proposal.because}"


def tell(told: "Told", *, as_json: bool) -> None:
    """All about a proposal."""
    if as_json:
        output.data(document(told))
        return
    proposal = told.filed.proposal
    lines = [line(told), f"hash {proposal.hash}", f"proposed by {proposal.author}, written by {proposal.writer}"]
    lines += [f"attached: {name} {digest}" for name, digest in proposal.attachments.items()]
    lines += ["it changes the policy: a privacy officer has to sign, too"] if told.legal else []
    lines += [
        f"signed {each.at:%Y-%m-%d %H:%M} UTC by {each.signer}, until {each.expires_at:%Y-%m-%d %H:%M} UTC"
        for each in told.filed.sign_offs
    ]
    lines += [f"lacks: {each}" for each in told.lacking]
    lines += [f"{each.side}, {each.author}: {each.text}" for each in told.comments]
    for each in lines:
        output.out.print(Text(printable(each)))


def document(told: "Told") -> dict[str, object]:
    """A proposal as plain data."""
    proposal = told.filed.proposal
    return {
        **proposal.document,
        "id": proposal.id,
        "content": proposal.content,
        "hash": proposal.hash,
        "stage": told.stage,
        "legal": told.legal,
        "lacking": list(told.lacking),
        "sign_offs": [
            {"signer": each.signer, "at": each.at.isoformat(), "expires_at": each.expires_at.isoformat()}
            for each in told.filed.sign_offs
        ],
        "comments": [{"author": each.author, "side": each.side, "text": each.text} for each in told.comments],
    }


def desk_of(service: "Service") -> "SigningDesk":
    """Where people propose and sign."""
    from winnow.bootstrap.signing import make_signing  # noqa: PLC0415  # a second that other commands need not wait

    return make_signing(service)


def _attached(text: str) -> tuple[str, dict[str, object]]:
    name, _, file = text.partition("=")
    try:
        content = Path(file).read_bytes()[: _MOST_BYTES + 1]
        document = json.loads(content) if len(content) <= _MOST_BYTES else None
    except (OSError, ValueError):
        document = None
    if not isinstance(document, dict):
        raise InvalidInputError("this is no table in a file of JSON", where=file or text, fix="write NAME=FILE")
    return name, document
