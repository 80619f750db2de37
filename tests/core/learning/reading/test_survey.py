from datetime import UTC, datetime

from winnow.core.declared import DeclaredSignal, Reading
from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.learning.reading.survey import Survey, Told, measurable
from winnow.core.signals.base import Signal

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FACTS = Facts(now=NOW)
WORD = DeclaredSignal("origin.value", "custom.origin", Reading.TEXT, "origin")
NUMBER = DeclaredSignal("visits.value", "custom.visits", Reading.NUMBER, "visits")


def told(truth: bool | None = True, order: float | None = 0.0, weight: float = 1.0) -> Told:
    return Told(truth, weight, order)


def leads(*origins: str) -> list[Lead]:
    return [Lead(id=f"l{place}", source="web", custom={"origin": each}) for place, each in enumerate(origins)]


def survey(*signals: Signal, dated: bool = True) -> Survey:
    return Survey("junk", signals or (WORD.signal,), dated=dated)


def test_only_signals_that_the_map_can_make_known_are_measured():
    names = {each.name for each in measurable(["ip", "custom.origin"], (WORD,), frozenset())}
    assert {"origin.value", "net.ip_class", "velocity.ip_hour"} <= names
    assert not {"email.free", "velocity.device_day", "text.length"} & names
    assert "customer.known" not in {each.name for each in measurable(["emails"], (), frozenset())}


def test_what_is_off_limits_is_not_measured():
    names = {each.name for each in measurable(["ip", "custom.origin"], (WORD,), {"custom.origin", "ip"})}
    assert names == set()


def test_leads_are_put_in_the_order_of_their_times():
    found = survey()
    found.add(
        leads("c", "a", "b"), [FACTS] * 3, [told(order=3.0), told(truth=False, order=1.0, weight=2.0), told(order=3.0)]
    )
    study = found.study()
    assert (study.ids, study.times) == (["l1", "l0", "l2"], [1.0, 3.0, 3.0])
    assert (study.columns["origin.value"], study.truth) == (["a", "c", "b"], [False, True, True])
    assert (study.weights, study.sources, study.target) == ([2.0, 1.0, 1.0], ["web"] * 3, "junk")


def test_leads_without_a_truth_or_a_place_are_counted_and_left_out():
    found = survey()
    found.add(leads("a", "b", "c"), [FACTS] * 3, [told(truth=None, order=None), told(order=None), told()])
    found.add(leads("d"), [FACTS], [told(truth=None)])
    assert (found.unlabelled, found.unordered, found.study().ids) == (2, 1, ["l2"])


def test_labels_keep_their_authors_when_somebody_asks():
    rows = [Told(True, 1.0, 2.0, "ana", "b1"), Told(False, 1.0, 1.0)]
    signed = Survey("junk", (), dated=True, signed=True)
    signed.add(leads("a", "b"), [FACTS] * 2, rows)
    assert (signed.study().authors, signed.study().batches) == (["", "ana"], ["", "b1"])
    found = survey()
    found.add(leads("a", "b"), [FACTS] * 2, rows)
    assert (found.study().authors, found.study().batches) == ((), ())


def test_the_place_in_a_file_is_no_time():
    found = survey(dated=False)
    found.add(leads("b", "a"), [FACTS] * 2, [told(order=2.0), told(order=1.0)])
    assert (found.study().times, found.study().ids) == ((), ["l1", "l0"])


def test_equal_texts_are_kept_once():
    found = survey()
    found.add(leads("so long", "so  Long"), [FACTS] * 2, [told()] * 2)
    first, second = found.study().columns["origin.value"]
    assert first is second


def test_a_signal_that_breaks_on_a_lead_is_unknown_of_that_lead_alone():
    def of(lead: Lead, _facts: Facts) -> float:
        if lead.id == "l1":
            raise RuntimeError(lead.id)
        return 7.0

    broken = Signal("odd.value", 1, float, "", ("source",), "odd", "", of)
    found = survey(broken, NUMBER.signal)
    found.add(leads("a", "b", "c"), [FACTS] * 3, [told()] * 3)
    assert found.study().columns == {"odd.value": [7.0, None, 7.0], "visits.value": [None] * 3}
