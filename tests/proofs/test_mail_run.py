"""A campaign to 1,000 people of whom 137 do not want it, or may not get it: it reaches exactly the other 863."""

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import select

from tests.support.enrolled import enrol
from tests.support.gatekeeping import MAILER, agree, recipient
from tests.support.governed import govern
from tests.support.logs import verify_log
from tests.support.mail import MailHost
from tests.support.mail_gate import serving
from tests.support.reviewing import SetClock
from tests.support.served import serving as serving_pages
from winnow.adapters.db.connections import reading
from winnow.adapters.db.log import Journal
from winnow.adapters.db.logged import Logged, LoggedEntries, Wanted
from winnow.adapters.db.permit_tables import permit_answers
from winnow.adapters.db.permits import key_of
from winnow.adapters.db.relayed import StoredRelays
from winnow.adapters.db.vault import opened
from winnow.bootstrap.consenting import make_consent
from winnow.bootstrap.gatekeeping import make_gatekeeper
from winnow.bootstrap.mail_judge import GateJudge
from winnow.bootstrap.mailing import make_consent_links
from winnow.bootstrap.publishing import Publisher
from winnow.bootstrap.receipts import bare_receipt
from winnow.core.govern.consent import Act, Capture
from winnow.core.govern.terms import Channel
from winnow.core.receipt import receipt_document
from winnow.core.records import NONCE_BYTES
from winnow.services.consent import By, Recorder, Said
from winnow.services.mail_gate import MailGate, Use

pytestmark = [pytest.mark.proof, pytest.mark.enable_socket]

#: Canada's law against spam came into force on the first of July 2014; its pack says so.
EVENING, MORNING = datetime(2014, 6, 30, 20, tzinfo=UTC), datetime(2014, 7, 1, 15, tzinfo=UTC)
ASKED = 1_000
#: How many said no, or lost what their permission rested on, and how.
WAYS = {"link": 31, "reply": 25, "import": 29, "merge": 19, "signal": 17, "law": 16}
MESSAGE = b"From: news@bluebird.example\r\nSubject: new lamps\r\n\r\nHave a look at them.\r\n"

#: What this organisation takes the Global Privacy Control for: a no to its letters, and not to advertising alone.
POLICY = """
[policy]
owner = "Ada Example"
gpc_covers = ["email:marketing"]
"""


@pytest.fixture
def clock():
    return SetClock(EVENING)


@pytest.fixture
def served(tmp_path, clock):
    settings: dict[str, Any] = {"mail__address_of_pages": "https://winnow.example", "serve__forms": "site"}
    with serving_pages(tmp_path / "data", clock=clock, **settings) as served:
        govern(served.service, text=POLICY)
        yield served


def people():
    """Addresses by how each of them will not be written to any more; under "" those who will."""
    everybody = [f"p{number:04}@north.example" for number in range(ASKED)]
    found, taken = {}, iter(everybody)
    for way, count in WAYS.items():
        found[way] = [next(taken) for _ in range(count)]
    return found | {"": list(taken)}


def say_no(app, by_way):
    """What happens in one day, each through the door it really comes through."""
    service = app.service
    links = make_consent_links(service)
    desk = make_consent(service, links).desk
    for each in by_way["link"]:
        url = links.unsubscribe_link(recipient(each).address, Channel.EMAIL, "marketing").url
        answered(app, urlsplit(url).path, b"List-Unsubscribe=One-Click", key=None)
    rep = Recorder("us_rep", By.PERSON)
    said = [Said(Act.OPT_OUT, each, channel=Channel.EMAIL, how=Capture.REPLY) for each in by_way["reply"]]
    desk.record(said, rep)
    rows = "".join(f"opt-out,{each},email,\n" for each in by_way["import"])
    answer = app("POST", "/v1/consent/imports", json={"csv": f"act,email,channel,purpose\n{rows}"})
    assert answer.json()["denials"] == len(by_way["import"])
    for each in by_way["merge"]:
        twin = f"private.{each}"
        desk.record([Said(Act.OPT_OUT, twin, how=Capture.REPLY)], rep)
        answer = app("POST", "/v1/consent/merges", json={"emails": [each, twin], "evidence": "the same account"})
        assert answer.status_code == 201
    for each in by_way["signal"]:
        form = urlencode({"email": each, "message": "How much is a lamp?"}).encode()
        answered(app, "/f/site", form, key=None, **{"Sec-GPC": "1"})


def answered(app, path, form, key, **headers):
    """What a browser, or a mail program, is answered to a form."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = app("POST", path, key=key, content=form, headers=kind | headers, ip=app.new_ip())
    assert answer.status_code < 400, answer.text


def send(gate, service, token, addresses):
    """What each recipient was answered; sent a hundred at a time, as mail programs do."""
    answers: dict[str, str] = {}
    with gate.client() as client:
        assert client.log_in("mailer:marketing", token).startswith("235")
        for start in range(0, len(addresses), 100):
            part = addresses[start : start + 100]
            service.key_ring.refresh()  # as the command does all the time
            said = client.begin(*part)
            answers |= dict(zip(part, said, strict=True))
            if any(answer.startswith("250") for answer in said):
                assert client.data(MESSAGE + f"{start} {service.clock.now()}\r\n".encode()).startswith("250")
            else:
                client.say("RSET")
    return answers


def test_a_campaign_reaches_exactly_those_it_may_reach(served, clock, tmp_path):
    service, by_way = served.service, people()
    everybody = [address for addresses in by_way.values() for address in addresses]
    enrol(service, MAILER)
    key = service.key_desk.create("mailer", ["permits:write"], created_by="tests")
    service.key_ring.refresh()
    agree(service, [recipient(each) for way, some in by_way.items() if way != "law" for each in some])
    keeper = make_gatekeeper(service)
    judge = GateJudge(keeper, lambda _: MAILER.inputs, "CA")
    relays = StoredRelays(service.engine, service.vault, Journal(service.vault))
    desk = MailGate(service.key_ring, [(key.key.id, Use("mailer", "marketing"))], judge, relays, clock)

    with MailHost() as sink:
        with serving(sink.port, desk=desk, link=lambda *_: "https://winnow.example/u/x") as gate:
            before = send(gate, service, key.token, [some[0] for some in by_way.values()])
        assert all(answer.startswith("250") for answer in before.values()), "on the evening before everybody may be"
        sink.to.clear()
        say_no(served, by_way)
        clock.time = MORNING
        with serving(sink.port, desk=desk, link=lambda *_: "https://winnow.example/u/x") as gate:
            answers = send(gate, service, key.token, everybody)
        arrived = list(sink.to)

    refused = {address: answer for address, answer in answers.items() if not answer.startswith("250")}
    assert len(arrived) == len(set(arrived)) == ASKED - sum(WAYS.values()) == 863
    assert set(arrived) == set(by_way[""])
    assert set(refused) == set(everybody) - set(by_way[""])

    explained: Counter[tuple[str, str]] = Counter()
    way_of = {address: way for way, some in by_way.items() for address in some}
    for address, answer in refused.items():
        assert "550 5.7.1" in answer
        shown = keeper.permit(re.search(r"pm_[0-9a-z]+-\d+", answer)[0])
        failing = [check for check in shown.checks if check.answer.value != "yes"]
        assert not shown.granted
        assert [check.question.value for check in failing] == ["consent"]
        explained[way_of[address], failing[0].what] += 1
        laws = {each.id for each in failing[0].because}
        assert way_of[address] != "law" or "canada.casl-10" in laws
        assert way_of[address] != "signal" or "Global Privacy Control" in failing[0].what
        assert failing[0].fix

    kinds = Counter(each.kind for each in all_entries(service))
    assert kinds["mail.relayed"] == 863 + len(by_way)
    assert kinds["permit.answered"] == ASKED + len(by_way)
    signed = Publisher(service).publish_now()
    assert signed.size == sum(kinds.values())
    proven = [one_refusal(way, refused, way_of) for way in WAYS]
    for number, permit in enumerate(proven):
        check_offline(service, keeper, permit, tmp_path / f"{number}.json")
    print(f"\n{len(arrived)} of {ASKED} arrived; {len(refused)} were refused:")
    for (way, what), count in sorted(explained.items()):
        print(f"  {count:3} {way}: {what}")


def one_refusal(way, refused, way_of):
    return next(re.search(r"pm_[0-9a-z]+-\d+", said)[0] for address, said in refused.items() if way_of[address] == way)


def check_offline(service, keeper, permit, path):
    """The receipt of a refusal proves with nothing of Winnow what was recorded, and that it was recorded then."""
    kept = keeper.permit(permit)
    with reading(service.engine) as connection:
        row = connection.execute(select(permit_answers).where(permit_answers.c.answer == kept.terms.answer)).one()
        key = key_of(connection, service.vault, row.subject)
    content = opened(key, row.record, row.id)
    bare = bare_receipt(service, row.id)
    whole = replace(bare, nonce=content[:NONCE_BYTES], record=content[NONCE_BYTES:])
    check = next(each for each in kept.checks if each.answer.value != "yes")
    assert whole.record is not None
    assert check.what.encode() in whole.record
    path.write_text(json.dumps(receipt_document(whole)))
    published = str(service.log_key)
    assert verify_log().main(["receipt", str(path), "--key", published]) in {0, None}
    path.write_text(
        json.dumps(receipt_document(replace(whole, record=whole.record.replace(b"opted", b"asked") + b" ")))
    )
    assert verify_log().main(["receipt", str(path), "--key", published]) == 3


def all_entries(service):
    logged, before = LoggedEntries(service.engine), None
    found: list[Logged] = []
    while True:
        page = logged.page(Wanted(), before, 1000)
        found += page.items
        if page.next is None:
            return found
        before = int(page.next)
