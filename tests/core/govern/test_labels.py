"""What the name of an output says about a person, in whatever spelling."""

import pytest

from winnow.core.govern.labels import spoken_of, words_of


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("health", "health"),
        ("healthRisk", "health"),
        ("HEALTHRisk", "health"),
        ("h3alth-score", "health"),
        ("h\u0435alth", "health"),  # a Cyrillic letter
        ("he\u200balth", "health"),  # a blank that nobody sees
        ("\uff48\uff45\uff41\uff4c\uff54\uff48", "health"),  # letters of full width
        ("helth", "health"),
        ("healthh", "health"),
        ("is_pregnant", "health"),
        ("Santé", "health"),
        ("健康状况", "health"),
        ("religon", "religion"),
        ("RELIGIOUS_LEANING", "religion"),
        ("race", "ethnicity"),
        ("ethnic origin", "ethnicity"),
        ("sexualorientation", "sexual_orientation"),
        ("Sexual-Orientation", "sexual_orientation"),
        ("g.a.y", "sexual_orientation"),
        ("likely voter", "politics"),
        ("políticas", "politics"),
        ("tradeunion_member", "union"),
        ("Gewerkschaftsmitglied", "union"),
        ("face recognition id", "biometrics"),
    ],
)
def test_every_spelling_tells(label: str, told: str) -> None:
    assert told in spoken_of(label)


@pytest.mark.parametrize(
    "label",
    [
        *("lead score", "churn_risk", "buying intent", "wealth_band", "region", "legion", "trace_id", "racecar"),
        *("segment", "policies", "party_size", "communication_style", "fit", "", "🙂", "statistics", "x"),
    ],
)
def test_what_says_nothing_of_the_kind_is_let_through(label: str) -> None:
    assert spoken_of(label) == frozenset()


def test_one_spelling_for_the_same_words() -> None:
    assert words_of("aB cD_e-f") == words_of("A B; c.D e f") == ("abcdef",)
    assert words_of("leadScore2") == ("lead", "score2")
