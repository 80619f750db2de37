"""What leads turned out to be is recorded; the log is there for anybody."""

import pytest

from winnow.adapters.keys import verify_signature
from winnow.core.tlog import open_checkpoint, verifier_key
from winnow.core.tlog.tree import HASH_BYTES


def test_feedback_is_recorded_as_a_leaf_of_the_log(served):
    served.screened(id="fb-1", source="site", email="fb@acme.example")
    before = served.service.log.frontier().size
    sent = {"lead_id": "fb-1", "source": "site", "verdict": "lost", "author": "mia@acme.example", "batch": "crm-7"}
    answer = served("POST", "/v1/feedback", json=sent)
    assert answer.status_code == 201
    document = answer.json()
    assert sent.items() <= document.items()
    assert int(document["id"]) == before
    assert served.service.log.frontier().size == before + 1


def test_without_an_author_the_key_says_so(served):
    key = served.new_key("rep")
    served.screened(id="fb-2", email="fb@acme.example")
    document = served("POST", "/v1/feedback", key=key, json={"lead_id": "fb-2", "verdict": "junk"}).json()
    assert document["author"] == key.rpartition("_")[0]
    assert document["source"] is None


def test_feedback_about_no_lead(served):
    answer = served("POST", "/v1/feedback", json={"lead_id": "nobody", "verdict": "junk"})
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


def test_feedback_counts_for_its_source(served):
    for number in range(30):
        served.screened(id=f"fb-{number}", source="bad form", email=f"bad{number}@acme.example")
        served("POST", "/v1/feedback", json={"lead_id": f"fb-{number}", "source": "bad form", "verdict": "junk"})
    assert served.service.labels.junk_rates() == {"bad form": 1.0}


def test_the_log_is_public_and_can_be_checked(served):
    served.screened(email="log@acme.example")
    served.publish()
    key = verifier_key(served("GET", "/v1/log/key", key=None).text)
    note = served("GET", "/v1/log/checkpoint", key=None)
    assert note.headers["content-type"] == "text/plain; charset=utf-8"
    size = open_checkpoint(note.text, key, verify_signature).head.size
    assert size == served.service.log.frontier().size
    width = size % 256
    tile = served("GET", f"/v1/log/tile/0/{size // 256:03}.p/{width}", key=None)
    assert tile.headers["content-type"] == "application/octet-stream"
    assert "immutable" in tile.headers["cache-control"]
    assert len(tile.content) == width * HASH_BYTES
    assert served("GET", f"/v1/log/tile/entries/{size // 256:03}.p/{width}", key=None).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "0/999",
        "0/0",
        "entries/000.p/999",
        "../../keys/log.pem",
        "..%2f..%2fkeys/log.pem",
        "0/000.p/1/..",
        "x",
        "/",
        "%00",
    ],
)
def test_nothing_else_is_shown(served, path):
    served.publish()
    answer = served("GET", f"/v1/log/tile/{path}", key=None)
    assert answer.status_code in {404, 405, 422}
    assert b"PRIVATE" not in answer.content
