"""What a fit left behind, read again: what somebody spoilt in it is named with its place."""

import pytest

from winnow.bootstrap.learning import model_card
from winnow.errors import InvalidInputError, InvalidRulesetError

CARD = """\
[scorecard]
id = "own"
owner = "Mia"
target = "converted"
base = "much"
"""


def test_a_mistake_in_an_edited_scorecard_is_named_with_its_line(tmp_path):
    (tmp_path / "scorecard.toml").write_text(CARD, encoding="utf-8")
    with pytest.raises(InvalidRulesetError) as caught:
        model_card(tmp_path)
    assert caught.value.where == f"{tmp_path / 'scorecard.toml'}:5: scorecard.base"


def test_what_is_no_toml_is_named_with_its_line_once(tmp_path):
    (tmp_path / "scorecard.toml").write_text("[scorecard]\nid = own\n", encoding="utf-8")
    with pytest.raises(InvalidRulesetError) as caught:
        model_card(tmp_path)
    assert str(caught.value.where) == f"{tmp_path / 'scorecard.toml'}:2:6"


def test_a_model_without_a_scorecard_is_to_be_fitted_again(tmp_path):
    with pytest.raises(InvalidInputError, match="the model has no scorecard"):
        model_card(tmp_path)
