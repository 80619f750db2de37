"""What names a lead is left out, however deep it stands, and nothing else is."""

import pytest

from winnow.core.govern.attached import without_leads


@pytest.mark.parametrize(
    ("document", "left"),
    [
        ({"leads": 1200, "note": "fine"}, {"leads": 1200, "note": "fine"}),
        ({"movers": [{"ref": "web-7", "score": 40}], "changed": 31}, {"changed": 31}),
        ({"hit": [{"name": "Bo", "refs": ["web-7"], "gone_refs": ["web-8"]}]}, {"hit": [{"name": "Bo"}]}),
        ({"changed": [{"lead": "web-7", "live": "accept"}]}, {"changed": [{"live": "accept"}]}),
        ({"rows": [[{"lead_id": 7, "n": 1}], 2, "x"]}, {"rows": [[{"n": 1}], 2, "x"]}),
        ({}, {}),
    ],
)
def test_what_names_a_lead_is_left_out(document, left):
    before = repr(document)
    assert without_leads(document) == left
    assert repr(document) == before
