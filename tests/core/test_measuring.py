"""Every signal that can be measured is, whatever another one makes of the lead."""

from dataclasses import replace

from tests.support.cases import facts, lead, ruleset, starter
from winnow.core.measuring import measured
from winnow.core.policy import Policy


def test_signals_are_measured_all_at_once_unless_one_breaks() -> None:
    someone, known = lead(), facts()

    def once(*given: object) -> tuple[str, ...]:
        return ("once",) if given == (someone, known) else ()

    assert measured(replace(ruleset().plan, measure=once), someone, known) == (("once",), ())


def test_what_is_off_limits_is_not_computed_even_to_find_out_what_breaks() -> None:
    laws = replace(starter(), policy=Policy("Mia", frozenset({"message"})))
    values, broken = measured(laws.plan, lead(message=7, form_fill_seconds="text", form_honeypot=True), facts())
    assert broken == ("form.fill_seconds",)
    assert dict(zip(laws.plan.names, values, strict=True))["form.honeypot"] is True
