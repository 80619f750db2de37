"""Looks before the gate for mail begins to serve whether mail could pass it at all: logins, and the server behind it.

What can never work is an error. What may be mended while the gate runs, such as a system that is not live yet or a
server that is away, is told and does not keep the mail of the others from leaving.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace

from winnow.adapters.mail.relay import SmtpCarrier
from winnow.bootstrap.service import Service
from winnow.bootstrap.systems import make_systems
from winnow.core.apikeys import ApiKey, Denial, Scope, denial
from winnow.core.govern.terms import Action, Channel
from winnow.errors import InvalidInputError, NotFoundError, WinnowError
from winnow.services.mail_gate import Use
from winnow.services.systems import SystemDesk

_LOGINS = "smtp_gate.logins"
#: Seconds in which the server behind the gate should answer when the gate begins.
_SECONDS = 5.0


def login_doubts(service: Service, uses: Sequence[tuple[str, Use]]) -> tuple[WinnowError, ...]:
    """What keeps some of the logins from sending just now, each with a fix.

    Raises InvalidInputError for a key or system that is not there, and when no login could send at all.
    """
    keys = {key.id: key for key in service.key_desk.all_keys()}
    systems, found = make_systems(service), list[WinnowError]()
    for key, use in uses:
        if key not in keys:
            fix = "make one with `winnow token create --role ai-tool`, and write its id here"
            raise InvalidInputError(f"there is no key `{key[:60]}`", where=_LOGINS, fix=fix)
        of_this = [*_of_key(service, keys[key]), *_of_use(service, systems, use)]
        found += [InvalidInputError(f"`{key}={use}`: {what}", where=_LOGINS, fix=fix) for what, fix in of_this]
        found += [] if of_this else [_FINE]
    doubts = tuple(each for each in found if each is not _FINE)
    if doubts and _FINE not in found:
        more = f", and {len(doubts) - 1} more" if len(doubts) > 1 else ""
        what = f"no login could send anything: {doubts[0].what}{more}"
        raise InvalidInputError(what, where=_LOGINS, fix=doubts[0].fix)
    return doubts


_FINE = WinnowError("a login that can send")


def _of_key(service: Service, key: ApiKey) -> Iterator[tuple[str, str]]:
    anywhere = replace(key, networks=())  # from where it will be used is not known yet
    objection = denial(anywhere, Scope.PERMITS_WRITE, service.clock.now(), None)
    if objection is Denial.OUT_OF_SCOPE:
        yield "the key may not ask for permits", "make one with `winnow token create --role ai-tool`"
    elif objection is not None:
        yield objection.value, "make a new one with `winnow token create --role ai-tool`, and write its id here"


def _of_use(service: Service, systems: SystemDesk, use: Use) -> Iterator[tuple[str, str]]:
    try:
        found = systems.registered(use.system)
    except NotFoundError:
        fix = "enter it with winnow system add, or correct the name"
        what = f"the register of AI systems has no `{use.system[:60]}`"
        raise InvalidInputError(what, where=_LOGINS, fix=fix) from None
    if not found.standing.acts:
        why = "; ".join(found.standing.because)
        yield f"the system may not act: {why}", f"see winnow system show {use.system}"
    if use.purpose not in found.system.purposes:
        yield f"the system is not registered for `{use.purpose[:60]}`", "add the purpose there, and have it signed"
    if Channel.EMAIL not in found.system.channels or Action.CONTACT not in found.system.actions:
        yield "the system is not registered to contact anybody by e-mail", "add that there, and have it signed"
    purpose = service.live.ruleset().policy.limits.purpose(use.purpose)
    if purpose is None or Channel.EMAIL not in purpose.channels:
        yield f"the policy lets no e-mail leave for `{use.purpose[:60]}`", "see winnow policy show"


def server_doubt(carrier: SmtpCarrier) -> WinnowError | None:
    """What keeps mail from the server behind the gate just now; None when it can be handed over."""
    return asyncio.run(_server_doubt(carrier))


async def _server_doubt(carrier: SmtpCarrier) -> WinnowError | None:
    try:
        trouble = await carrier.trouble(_SECONDS)
    finally:
        await carrier.close()
    if trouble is None:
        return None
    fix = "until it can be, programs are told to send again later; see smtp_gate.server and its neighbours"
    return InvalidInputError(f"mail cannot be passed on: {trouble.text}", where=trouble.setting, fix=fix)
