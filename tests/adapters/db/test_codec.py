"""A record gives back the lead and the facts it was made of, and the very bytes that were answered."""

from hypothesis import given

from tests.support.cases import FACTS, LEADS, starter
from winnow.adapters.db import codec
from winnow.core.decide import decide
from winnow.ports import Arrival


@given(LEADS, FACTS)
def test_a_record_gives_back_what_it_was_made_of(lead, facts):
    answer = codec.decision_bytes(decide(lead, facts, starter()))
    record = codec.record_bytes(lead, facts, answer)
    assert codec.read_record(record) == (lead, facts, answer)
    again = codec.read_record(record)
    assert codec.decision_bytes(decide(again[0], again[1], starter())) == answer


@given(LEADS)
def test_an_arrival_comes_back_out_of_the_spool(lead):
    arrival = Arrival([lead, lead], [False, True], b"\x00key", b"request")
    assert codec.arrival_from(codec.arrival_bytes(arrival)) == Arrival(
        [lead, lead], [True, True], b"\x00key", b"request"
    )
