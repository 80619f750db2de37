"""Reasons that carry no points: what policy, customer, people and lists say, what is stopped, and what is in doubt."""

from collections.abc import Iterator

from winnow.core.facts import Facts
from winnow.core.halted import Halted
from winnow.core.lists import ListAction, ListEntry
from winnow.core.outcome import Outcome
from winnow.core.policy import StopHit
from winnow.core.reasons import Reason
from winnow.core.rules import Rule


def spoken(facts: Facts, stops: tuple[StopHit, ...], hits: tuple[ListEntry, ...]) -> Iterator[Reason]:
    """The reasons that carry no points: policy, customer, people, lists."""
    for hit in stops:
        text = hit.stop.text if hit.verified else f"{hit.stop.text} (could not be checked)"
        yield Reason(f"policy.{hit.stop.id}", "policy", 0, text, f"policy:{hit.stop.id}")
    if facts.is_customer:
        yield Reason("customer.known", "customer", 0, "Known customer or open deal", "customer")
    if facts.override is not None:
        standing = "" if facts.override.stands(facts.now) else " (expired)"
        yield Reason("override", "override", 0, f"{facts.override.by}: {facts.override.reason}{standing}", "override")
    for entry in hits:
        lapsed = "" if entry.active(facts.now) else " (expired)"
        word = "Allowed" if entry.action is ListAction.ALLOW else "Blocked"
        text = f"{word} by {entry.kind}: {entry.reason}{lapsed}"
        yield Reason(f"list.{entry.action}", "list", 0, text, f"list:{entry.id}")


def stopped(
    halt: Halted,
    band: Outcome,
    stops: tuple[StopHit, ...],
    hits: tuple[ListEntry, ...],
    rules: tuple[Rule, ...],
    fired: list[str],
) -> Iterator[Reason]:
    """What the kill switch left out, and what it kept from rejecting."""
    asked = (band, *[hit.outcome for hit in stops], *[hit.effect for hit in hits], *[rule.outcome for rule in rules])
    return halt.reasons(rejecting=Outcome.REJECT in asked, fired=tuple(fired))


def doubts(facts: Facts, failures: tuple[str, ...], *, held: bool, paused: bool) -> Iterator[Reason]:
    """Why the machine trusts its own score less than usual."""
    for name in facts.failed:
        yield Reason("system.not_assessed", "system", 0, f"Not assessed: the look-up of {name} failed", "system")
    for name in failures:
        yield Reason("system.failed", "system", 0, f"Not used: {name} could not be worked out", "system")
    if paused:
        yield Reason("system.paused", "system", 0, f"A person decides: {facts.paused}", "system")
    elif held:
        text = "A person decides: rejecting by score is not certified here"
        yield Reason("system.not_certified", "system", 0, text, "system")
