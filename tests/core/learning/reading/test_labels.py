import pytest

from winnow.core.learning.reading.labels import Labels, Verdict, labels_for
from winnow.errors import InvalidInputError


def counted(*cells: str) -> dict[str, int]:
    return dict.fromkeys(cells, 10)


@pytest.mark.parametrize(
    ("asked", "learned", "truth"),
    [
        (("y", ["yes", "no"], None), "junk", {"yes": True, "YES": True, "no": False, "": None, "perhaps": None}),
        (("class", ["1.0", "0.0", "NA"], "junk"), "junk", {"1.0": True, "0.0": False, "NA": None}),
        (("Converted", ["1", "0"], None), "conversion", {"1": True, "0": False}),
        (("is_spam", ["t", "f"], None), "junk", {"t": True, "f": False}),
        (("Junk?", ["Ja", "nein"], None), "junk", {"JA": True, "Nein": False}),
        (("fraude", ["oui", "non"], None), "junk", {"oui": True, "non": False}),
        (("konvertiert", ["wahr", "falsch"], None), "conversion", {"Wahr": True, "falsch": False}),
        (("Kunde geworden", ["sí", "no"], None), "conversion", {"sí": True, "no": False}),
        (("Label", ["spam", "ham"], None), "junk", {"spam": True, "ham": False}),
        (
            ("stage", ["Closed Won", "lost", "junk"], "conversion"),
            "conversion",
            {"closed  won": True, "Lost": False, "junk": None},  # junk was never one that could convert
        ),
        (("stage", ["won", "lost", "spam"], "junk"), "junk", {"spam": True, "won": False, "lost": False}),
        (("stage", ["fraud", "legit"], "fraud"), "fraud", {"fraud": True, "legit": False}),
        (("s", ["A", "B", "C"], "junk", "A=junk, B = genuine"), "junk", {"a": True, "B": False, "C": None}),
        (
            ("s", ["Won, big", "Spam"], "junk", "Spam=junk,Won, big=converted"),
            "junk",
            {"spam": True, "Won, big": False},
        ),
        (("s", ["A", "a=b"], "urgent", "a=b=urgent,A=no"), "urgent", {"a=b": True, "A": False}),
        (("s", ["A", "B"], "conversion", "A=converted,B=genuine"), "conversion", {"A": True, "B": False}),
    ],
)
def test_cells_tell_what_became_of_a_lead(asked, learned, truth):
    column, cells, *how = asked
    labels = labels_for(column, counted(*cells), *how)
    assert (labels.column, labels.target) == (column, learned)
    assert {cell: labels.truth(cell) for cell in truth} == truth


@pytest.mark.parametrize(
    ("column", "cells", "target", "given", "assumed"),
    [
        ("y", ["yes", "no"], None, None, True),
        ("class", ["A", "B"], None, "A=yes,B=no", True),
        ("y", ["yes", "no"], "junk", None, False),  # somebody said so
        ("is_spam", ["1", "0"], None, None, False),
        ("Converted", ["1", "0"], None, None, False),
        ("stage", ["spam", "won"], None, None, False),  # the cells say so
    ],
)
def test_that_yes_means_junk_is_an_assumption_where_nothing_says_so(column, cells, target, given, assumed):
    assert labels_for(column, counted(*cells), target, given).assumed is assumed


def test_what_is_known_is_kept_in_the_proposal_and_no_meaning_is_put_in_anybodys_mouth():
    with pytest.raises(InvalidInputError) as refused:
        labels_for("Stage", counted("Spam", "Won", "Lost", "Open"), None)
    assert '--truth "Spam=junk,Won=converted,Lost=lost,Open=…"' in str(refused.value)
    assert "what is not named is left out" in str(refused.value)


def test_what_a_cell_counts_as_is_said_in_words():
    labels = Labels("y", "junk", {"yes": Verdict.YES, "no": Verdict.NO})
    assert [labels.counts_as(cell) for cell in ("yes", "no", "?")] == ["junk", "not junk", "not used"]


@pytest.mark.parametrize(
    ("cells", "target", "given", "complaint"),
    [
        ([], None, None, "no cell of the target column `c` is filled"),
        (["yes", "no"], "Bad Name", None, "`Bad Name` cannot name what is learned"),
        (["yes", "maybe"], None, None, "nobody knows what `maybe` in the target column"),
        ([f"v{number}" for number in range(12)], None, None, "`v7` and 4 more in the target column"),
        (["yes"], None, None, "`c` says `yes` in all 10 cells that are filled: there is nothing to tell apart"),
        (["Yes", "yes "], None, None, "`c` says `Yes` in all 20 cells that are filled"),
        (["yes", "y"], None, None, "no lead is anything but junk: `yes` is junk, `y` is junk; say what"),
        (
            ["lost", "won"],
            "junk",
            None,
            "`won` is not junk; a lost lead was a real one",
        ),
        (["no", "n"], "urgent", None, "no lead is urgent: `no` is not urgent, `n` is not urgent; say what"),
        (["a", "b"], None, "a=junk,b", "`b` does not say what a value means"),
        (["a", "b"], None, "a=junk,b=nonsense", "`b=nonsense` does not say what a value means"),
        (["a", "b"], None, "a=junk,c=genuine", "`c` is not in the target column; it holds `a`, `b`"),
    ],
)
def test_what_cannot_be_told_is_asked(cells, target, given, complaint):
    with pytest.raises(InvalidInputError) as refused:
        labels_for("c", counted(*cells), target, given)
    assert complaint in str(refused.value)
