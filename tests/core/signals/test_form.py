"""What the form's telemetry says, and what it leaves unknown."""

from math import inf, nan

import pytest

from tests.support.cases import lead, value


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(None, None), (0.0, 0.0), (1.2, 1.2), (12, 12), (86400.0, 86400.0), (-0.1, None), (nan, None), (inf, None)],
)
def test_fill_seconds_is_a_time_that_can_have_passed(seconds, expected):
    assert value("form.fill_seconds", lead(form_fill_seconds=seconds)) == expected


@pytest.mark.parametrize(
    ("signal", "field", "given"),
    [
        ("form.honeypot", "form_honeypot", None),
        ("form.honeypot", "form_honeypot", False),
        ("form.honeypot", "form_honeypot", True),
        ("form.pasted_fields", "form_pasted_fields", None),
        ("form.pasted_fields", "form_pasted_fields", 0),
        ("form.pasted_fields", "form_pasted_fields", 7),
        ("form.focus_changes", "form_focus_changes", None),
        ("form.focus_changes", "form_focus_changes", 0),
        ("form.focus_changes", "form_focus_changes", 31),
    ],
)
def test_telemetry_is_taken_as_the_form_sent_it(signal, field, given):
    assert value(signal, lead(**{field: given})) is given
