"""The pages of the policy: what is in force, what a contact needs, what the law changes, a text that is to come."""

import pytest

from tests.support.governed import POLICY, govern, system
from tests.support.seeing import text_of
from winnow.bootstrap.policy_files import policy_toml
from winnow.errors import InvalidRulesetError, Place
from winnow.shells.web.policy_text import mistake_in

HOSTILE = '"><script>alert(1)</script>%(x)s'
UNKNOWN_SIGNAL = """
[policy]
[[policy.hard_stops]]
id = "x"
signal = "no.such"
test = "is"
value = 1
outcome = "review"
text = "t"
owner = "o"
"""
READS, KEEPS = "rep", "rule-author"


@pytest.fixture(autouse=True, scope="module")
def governed(seen):
    """The policy of `governed` in force, with something hostile wherever people write."""
    govern(seen.served.service, HOSTILE)
    seen.served.state.desks.systems.add(system("talker"), "tests")
    seen.served.screened(email="ana@bluebird.example", custom={"religion": "mine", "health_condition": "ill"})
    seen.served.screened(email="bo@bluebird.example", custom={"religion": "theirs"})


def test_all_that_binds_everybody_is_told_and_texts_are_texts(seen):
    page = seen.get("/policy", READS)
    assert page.status_code == 200
    told = text_of(page)
    for words in (
        "custom.religion",
        "health, illness, disability, pregnancy",
        "custom.parish tells religious or other beliefs",
        "words that tell such data are masked",
        "a field of the policy custom.religion · 2 times",
        "called after it: health, illness, disability, pregnancy category.health · 1 time",
        "political opinions",
        "account health",
        "age_band",
        "newsletter",
        "to sell what is our own",
        "In Germany we call nobody who did not say yes.",
        "Saying yes to it grants newsletter by e-mail.",
        "2 contacts · within 7 days",
        "90 days",
        "European Union: GDPR, ePrivacy, AI Act",
        "it holds",
        "marketing and sales",
        "Consent",
    ):
        assert words in told, words
    assert "mine" not in page.text
    assert "<script>alert" not in page.text
    assert 'href="/consent"' in page.text
    assert 'href="/consent"' not in seen.get("/policy", "admin").text


def test_what_was_dropped_is_counted_by_day_and_name(seen):
    page = seen.get("/policy/dropped?days=7", READS)
    told = text_of(page)
    today = seen.served.state.desks.policy.today()
    assert f"{today:%b} {today.day}, {today.year}" in told
    assert "custom.religion 2" in told
    assert "category.health 1" in told
    for value in ("mine", "theirs", "ill "):
        assert value not in told
    assert seen.get("/policy/dropped?days=nonsense", READS).status_code == 200


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (
            "place=DE&channel=email&purpose=newsletter&on=2026-11-22",
            [
                "or a relationship",
                "Directive 2002/58/EC",
                "A purchase · without an end",
                "/policy/packs/eu#eprivacy-13-2",
            ],
        ),
        (
            "place=DE&channel=phone&purpose=newsletter",
            ["The person has to have said yes.", "asked for by the policy", "policy.german-calls"],
        ),
        ("place=DE&channel=sms&purpose=newsletter", ["Not even a yes is enough."]),
        ("place=us-ca&channel=phone&purpose=newsletter", ["o'clock where the person is"]),
        ("place=us-ca&channel=ads&purpose=newsletter", ["gpc", "11 CCR § 7025"]),
        ("place=&channel=email&purpose=", ["all of them are applied"]),
    ],
)
def test_what_a_contact_needs_is_answered_with_its_articles(seen, asked, words):
    page = seen.get(f"/policy/needed?{asked}", READS)
    assert page.status_code == 200
    for each in words:
        assert each in page.text.replace("&#39;", "'"), each
    assert "<script>alert" not in page.text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("channel=email&place=Germany", "Germany is no code of a place"),
        ("channel=pigeon", "pigeon is no channel"),
        ("channel=email&on=soon", "soon is no day"),
        ("channel=email&on=9999999-01-01", "is no day"),
        ("channel=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "is no channel"),
    ],
)
def test_a_question_that_cannot_be_read_says_so(seen, asked, told):
    page = seen.get(f"/policy/needed?{asked}", READS)
    assert page.status_code == 422
    assert told in text_of(page)
    assert "<script>alert" not in page.text


def test_law_packs_with_their_rules_and_sources(seen):
    told = text_of(seen.get("/policy/packs", READS))
    assert "AI systems of high risk" in told
    assert "only when the policy names it" in told
    page = seen.get("/policy/packs/eu", READS)
    told = text_of(page)
    for words in ("GDPR Art. 21(2) and (3)", "in force", "not yet in force", "27 places", "from May 25, 2018"):
        assert words in told, words
    assert 'href="https://eur-lex.europa.eu/eli/reg/2024/1689/oj"' in page.text
    assert "(date of application as amended)" in told
    assert seen.get("/policy/packs/nothing", READS).status_code == 404


def test_what_changes_until_a_day_names_rules_contacts_and_systems(seen):
    assert "Days to come" in text_of(seen.get("/policy/changes", READS))
    told = text_of(seen.get("/policy/changes?on=2027-12-31", READS))
    assert "AI Act Art. 6(2) and Annex III begins on Dec 2, 2027" in told
    assert "It speaks of no AI system of the register." in told
    tomorrow = "2026-12-01" if seen.served.state.desks.policy.today().isoformat() < "2026-12-01" else None
    if tomorrow:
        assert "Nothing changes" in text_of(seen.get(f"/policy/changes?on={tomorrow}", READS))
    for wrong in ("2020-01-01", "soon"):
        assert seen.get(f"/policy/changes?on={wrong}", READS).status_code == 422


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "There is nothing to check"),
        ('[policy\nowner = "x"', "Line 1: not valid TOML"),
        ('[policy]\nowner = "x"\nsmell = 1', "Line 3, policy.smell"),
        ('[policy]\noff_limits = ["religon"]', "Line 2, policy.off_limits"),
        ('[policy]\npacks = ["eu", "ukk"]', "Line 2, policy.packs: there is no law pack ukk. Did you mean uk"),
        (POLICY.replace("allowed = false", "allowed = true"), "does not hold"),
        (UNKNOWN_SIGNAL, "no.such"),
        (HOSTILE, "Not valid TOML"),
        ("a" * 300_001, "onger than 300,000 characters"),
    ],
)
def test_a_text_with_a_mistake_says_where_and_how_to_mend_it(seen, text, told):
    for path, role in (("/policy/check", READS), ("/policy/keep", KEEPS)):
        page = seen.post(path, role, fields={"toml": text})
        assert page.status_code == 422
        assert told in text_of(page).replace("&#39;", "'")
        assert "<script>alert" not in page.text
        assert text.strip()[:20].replace('"', "&#34;").replace(">", "&gt;").replace("<", "&lt;") in page.text


def test_a_text_is_compared_and_kept_as_a_draft_that_binds_nobody(seen):
    text = POLICY.replace("most = 2", "most = 1").replace("scan_texts = true", "").replace("opted-out", "objected")
    page = seen.post("/policy/check", READS, fields={"toml": text.replace("\n", "\r\n")})
    told = text_of(page)
    assert "Nothing is wrong with it" in told
    assert "Its example holds." in told
    for words in ("texts are scanned yes not there", "week at most 2 1", "told: objected"):
        assert words in told, words
    assert 'action="/policy/keep"' not in page.text
    assert 'action="/policy/keep"' in seen.post("/policy/check", KEEPS, fields={"toml": text}).text
    before = seen.served.state.desks.policy.in_force().hash
    answer = seen.post("/policy/keep", KEEPS, fields={"toml": text})
    path, _, said = answer.headers["location"].partition("?said=")
    assert said == "policy-kept"
    assert "never live" in text_of(seen.get(path, KEEPS))
    assert seen.served.state.desks.policy.in_force().hash == before
    known = seen.served.state.desks.rulesets.known(path.rpartition("/")[2])
    assert known.author == seen.person(KEEPS)


def test_the_policy_in_force_stands_there_to_be_changed_and_differs_from_itself_in_nothing(seen):
    page = seen.get("/policy/check", READS)
    assert "custom.parish" in page.text
    assert "<script>alert" not in page.text
    text = policy_toml(seen.served.state.desks.policy.in_force().policy)
    assert "Below stands the policy in force" in text_of(page)
    told = text_of(seen.post("/policy/check", READS, fields={"toml": text}))
    assert "It says the same as the policy in force." in told
    assert "Below stands the policy in force" not in told


@pytest.mark.parametrize(
    ("where", "what"),
    [
        (Place("toml", 2, 5), "line 2: wrong"),
        ("toml:2: policy.owner", "line 2, `policy.owner`: wrong"),
        ("policy.owner", "line 2, `policy.owner`: wrong"),
        ("policy.nothing", "line 1, `policy.nothing`: wrong"),
        ("toml", "wrong"),
        (None, "wrong"),
    ],
)
def test_a_mistake_is_placed_by_its_line(where, what):
    found = mistake_in('[policy]\nowner = "x"', InvalidRulesetError("wrong", where=where, fix="mend it"))
    assert (found.what, found.where, found.fix) == (what, "toml", "mend it")
