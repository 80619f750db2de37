"""Proof 13, API part: naughty texts through every text field of the real application, and nothing breaks.

What is taken is on record, can be read again as it was sent, explained, and derived again byte for byte.
"""

import asyncio
import json
from collections import Counter
from urllib.parse import quote, quote_from_bytes

import httpx2
import pytest

from tests.support.databases import KINDS, new_database
from tests.support.naughty import NAUGHTY, STORABLE
from tests.support.served import serving

TEXT_FIELDS = tuple(
    """
    id source external_id occurred_at channel full_name first_name last_name email company job_title website country
    language timezone phone message ip user_agent device_id spf dkim dmarc consent_wording
    """.split()
)
FORM_FIELDS = ("name", "email", "tel", "company", "message", "country", "website", "custom.x", "utm_source", "consent")
FORM = "application/x-www-form-urlencoded"
FEW = (*NAUGHTY[::90], "\0", "\ud800", "a\udfff", "\U0010ffff")
_AT_ONCE = 64


@pytest.mark.parametrize("kind", KINDS)
def test_some_naughty_texts(kind, tmp_path):
    leads, forms = _survived(FEW, kind, tmp_path)
    assert leads[200] > leads.total() * 0.6
    assert leads.keys() == {200, 400, 422} | (leads.keys() & {409})
    assert forms.keys() == {202}


@pytest.mark.proof
def test_every_naughty_text(tmp_path):
    leads, forms = _survived(NAUGHTY, "sqlite", tmp_path)
    print(
        f"\nproof 13 (API): {len(NAUGHTY)} texts, {leads.total():,} bodies to POST /v1/leads: {dict(leads)}; "
        f"{forms.total():,} forms: {dict(forms)}; 0 server errors"
    )
    assert leads[200] > leads.total() * 0.9
    assert forms[202] >= forms.total() - 1  # one text in every field is too much


def _survived(texts, kind, folder):
    """How often leads and forms got each status."""
    store = "" if kind == "sqlite" else new_database(kind, folder)
    with serving(folder / "data", store=store) as served:
        leads = served.run(
            _all(served, "/v1/leads", "application/json", [body for text in texts for body in _bodies(text)])
        )
        forms = served.run(_all(served, "/f/site", FORM, [body for text in texts for body in _forms(text)]))
        _read_again(served, [text for text in texts if text in STORABLE and "\0" not in text and 1 <= len(text) <= 200])
    return leads, forms


def _bodies(text):
    """A lead with the text in each place in turn, written in both ways JSON knows."""
    for document in _documents(text):
        yield json.dumps(document).encode()
        yield json.dumps(document, ensure_ascii=False).encode(errors="surrogatepass")


def _documents(text):
    for name in TEXT_FIELDS:
        yield {"form_fill_seconds": 10, name: text}
    for name in ("emails", "phones"):
        yield {name: [text, text]}
    for name in ("utm", "custom"):
        yield {name: {"a": text}}
        yield {name: {text: "a"}}


def _forms(text):
    value = quote_from_bytes(text.encode(errors="surrogatepass"))
    yield "&".join(f"{name}={value}" for name in FORM_FIELDS).encode()
    yield f"{value}=x&email=a@acme.example".encode()


async def _all(served, path, kind, bodies):
    found: Counter[int] = Counter()
    headers = {"Authorization": f"Bearer {served.key}", "Content-Type": kind}
    transport = httpx2.ASGITransport(served.app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://testserver", headers=headers) as client:
        for start in range(0, len(bodies), _AT_ONCE):
            some = bodies[start : start + _AT_ONCE]
            answers = await asyncio.gather(*(client.post(path, content=body) for body in some))
            for body, answer in zip(some, answers, strict=True):
                assert answer.status_code < 500, (body, answer.text)
                assert answer.status_code == 202 or answer.json(), body
                found[answer.status_code] += 1
    return found


def _read_again(served, ids):
    """Every text that may be an id finds its lead; a few decisions are explained and derived again."""
    for number, text in enumerate(ids):
        answer = served("GET", f"/v1/leads/{quote(text, safe='')}")
        if text in {".", ".."}:  # no client can ask for these: they mean folders (RFC 3986 section 5.2.4)
            continue
        assert answer.status_code == 200, (text, answer.text)
        assert answer.json()["id"] == text
        if number % 20 == 0:
            decision = answer.json()["decisions"][0]["id"]
            assert served("POST", f"/v1/decisions/{decision}/replay").json()["same"] is True
            assert served("GET", f"/v1/decisions/{decision}/explanation").status_code == 200
