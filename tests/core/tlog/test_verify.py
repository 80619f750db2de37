import pytest

from tests.support.logs import entries, head_of
from winnow.core.tlog import Frontier, Head, first_bad_entry, leaf_hash, verify_entries
from winnow.errors import BrokenLogError

LOG = entries(60)
HEADS = [head_of(LOG[:size]) for size in (40, 10, 50)]


def test_an_untouched_log_fits_all_its_heads():
    assert verify_entries(LOG, HEADS) == Frontier().extended(LOG)
    assert verify_entries([], []) == Frontier()
    assert verify_entries([], [head_of([])]) == Frontier()


def test_reading_goes_on_where_it_ended():
    start = verify_entries(LOG[:20], HEADS[1:2])
    assert verify_entries(iter(LOG[20:]), [HEADS[0], HEADS[2]], start) == Frontier().extended(LOG)
    assert verify_entries([], [head_of(LOG[:20])], start) == start


@pytest.mark.parametrize(
    ("bad", "named"), [(0, "0 to 9"), (9, "0 to 9"), (10, "10 to 39"), (39, "10 to 39"), (45, "40 to 49")]
)
def test_a_changed_entry_is_narrowed_down_to_between_two_heads(bad, named):
    changed = [*LOG[:bad], b"changed", *LOG[bad + 1 :]]
    with pytest.raises(BrokenLogError, match="are not those that were signed") as caught:
        verify_entries(changed, HEADS)
    assert caught.value.where == f"entries {named}"
    assert caught.value.exit_code == 3


def test_what_no_head_covers_yet_is_held_against_nothing():
    assert verify_entries([*LOG[:50], b"not signed yet"], HEADS).size == 51


def test_a_log_that_was_cut_off():
    with pytest.raises(BrokenLogError, match="ends after 45 entries, and a signed checkpoint counts 50") as caught:
        verify_entries(LOG[:45], HEADS)
    assert caught.value.where == "entry 45"


def test_a_start_that_was_never_signed():
    start = Frontier().extended([b"other"] * 10)
    with pytest.raises(BrokenLogError) as caught:
        verify_entries(LOG[10:], HEADS[1:2], start)
    assert caught.value.where == "entries 0 to 9"


def test_a_head_of_nothing_that_is_not_the_empty_one():
    with pytest.raises(BrokenLogError):
        verify_entries(LOG, [Head(0, bytes(32))])


def test_a_head_before_the_start_cannot_be_checked():
    with pytest.raises(BrokenLogError, match="verify from the beginning"):
        verify_entries(LOG[20:], HEADS, Frontier().extended(LOG[:20]))


@pytest.mark.parametrize("bad", [0, 7, 59])
def test_the_first_bad_entry_is_named(bad):
    published = [leaf_hash(entry) for entry in LOG]
    assert first_bad_entry(LOG, published) is None
    assert first_bad_entry([*LOG, b"newer"], published) is None
    assert first_bad_entry([*LOG[:bad], b"changed", *LOG[bad + 1 :]], published) == bad
    assert first_bad_entry(LOG[:bad], published) == bad
    assert first_bad_entry(LOG[:bad], published, start=100) == 100 + bad
