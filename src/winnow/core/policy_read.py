"""From tables somebody wrote to a policy: what may not be looked at, what stops a lead, what binds everybody."""

from difflib import get_close_matches

from winnow.core.govern.limits_read import limits_from
from winnow.core.lead import FIELD_NAMES
from winnow.core.outcome import ACQUISITION_SCOPES, Outcome, Scope
from winnow.core.policy import HardStop, Operator, Policy
from winnow.core.tables import Table
from winnow.core.toml_text import located, parsed
from winnow.errors import InvalidRulesetError

_SCOPES = tuple(Scope)

#: What the tables of rules and stops call the outcomes.
OUTCOMES = tuple(outcome.word for outcome in Outcome)

#: The fields a policy may forbid to look at: all but the one that names the lead.
_MASKABLE = tuple(name for name in FIELD_NAMES if name != "id")


def policy_from_toml(text: str, source: str) -> Policy:
    """The policy in a TOML file that holds nothing else, or in a whole ruleset, of which only that is read.

    Raises InvalidRulesetError with file and line.
    """
    document = parsed(text, source)
    if "policy" not in document:
        raise InvalidRulesetError("there is no policy in it", where=source, fix="put it under [policy]")
    file = Table(document)
    try:
        policy = policy_from(file.table("policy"))
        if "scorecard" not in document:
            file.finish()
    except InvalidRulesetError as error:
        error.where = located(text, source, error.where)
        raise
    return policy


def policy_from(table: Table) -> Policy:
    """Read a policy, as a ruleset holds it."""
    stops = tuple(_stop(each) for each in table.tables("hard_stops"))
    policy = Policy(
        owner=table.text("owner", "nobody"), off_limits=_off_limits(table), hard_stops=stops, limits=limits_from(table)
    )
    table.finish()
    return policy


def scopes_in(table: Table) -> frozenset[Scope]:
    """Where something applies; sales and marketing when it does not say."""
    if not table.has("scopes"):
        return ACQUISITION_SCOPES
    found = table.texts("scopes")
    for each in found:
        if each not in _SCOPES:
            fix = f"use {', '.join(_SCOPES)}"
            raise InvalidRulesetError(f"`{each}` is not a scope", where=table.at("scopes"), fix=fix)
    return frozenset(map(Scope, found))


def _off_limits(table: Table) -> frozenset[str]:
    found = table.texts("off_limits")
    for name in found:
        if name not in _MASKABLE and not name.startswith(("custom.", "utm.")):
            near = get_close_matches(name, _MASKABLE, n=1)
            fix = f"did you mean `{near[0]}`?" if near else "name a field of the lead, `custom.NAME` or `utm.NAME`"
            raise InvalidRulesetError(f"`{name}` cannot be off-limits", where=table.at("off_limits"), fix=fix)
    return frozenset(found)


def _stop(table: Table) -> HardStop:
    with table.placing():
        stop = HardStop(
            id=table.text("id"),
            signal=table.text("signal"),
            test=table.word("test", Operator, tuple(Operator)),
            value=table.scalar("value"),
            outcome=table.word("outcome", Outcome.parse, OUTCOMES),
            text=table.text("text"),
            owner=table.text("owner"),
            scopes=scopes_in(table),
        )
    table.finish()
    return stop
