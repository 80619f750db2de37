import pytest

from winnow.core.learning.fitting.protected import protected_name


@pytest.mark.parametrize(
    "column", ["sex", "Age", "Date of Birth", "maritalStatus", "Nationality", "estado_civil", "DOB"]
)
def test_names_of_what_the_law_protects_are_heard(column):
    assert protected_name(column)


@pytest.mark.parametrize("column", ["page", "message", "usage", "package", "source", "city"])
def test_other_names_are_not(column):
    assert not protected_name(column)
