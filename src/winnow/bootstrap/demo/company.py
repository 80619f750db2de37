"""The demo company: its people, keys, rulesets and list entries, made at the desks as anybody would make them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from winnow.adapters.db.outbox import SqlOutbox
from winnow.adapters.db.webhooks import StoredWebhooks, unsealing
from winnow.adapters.keys import new_secret, token_bytes
from winnow.adapters.outbound.sign import signed_headers
from winnow.bootstrap.demo.told import Told
from winnow.bootstrap.desks import Desks
from winnow.bootstrap.service import Service
from winnow.core.deliveries import Answer
from winnow.core.govern.signing import Kind, Proposal, Side
from winnow.core.people.accounts import Session, SignedIn
from winnow.demo.house import DRAFT, Document, house_ruleset, list_entries, mistaken_ruleset, stricter_ruleset
from winnow.demo.staff import FORMER, STAFF, Colleague
from winnow.services.deliver import Deliverer
from winnow.services.signing import Wanted
from winnow.services.webhooks import WebhookDesk

_PASSWORD_PARTS, _PART = 4, 5

#: What somebody with a role says about a proposal, and from which side.
Argument = tuple[str, Side, str]

#: What is said about the ruleset of the house before it is signed.
_ARGUMENT: tuple[Argument, ...] = (
    ("rep", Side.SALES, "Fewer forms from robots is worth it; the queue must not grow by more than ten a day."),
    ("privacy-officer", Side.LEGAL, "What the policy names is what we told people. Health is off limits, texts too."),
    ("admin", Side.TECH, "Both rules ask for what we measure on every form."),
)
_HASTY: tuple[Argument, ...] = (("rep", Side.SALES, "If it keeps robots out, please do."),)

#: The keys of programs, and what each may do.
_KEYS = (("website", "ingest"), ("crm", "rep"), ("old importer", "ingest"), ("mail tools", "ai-tool"))

_HOOK = "https://hooks.northwind.example/winnow"
_GONE = 410


@dataclass(frozen=True, slots=True)
class Account:
    """Who can sign in to the demo, and with what."""

    colleague: Colleague
    password: str = field(repr=False)


def new_password() -> str:
    """One that can be typed: twenty letters and digits by lot, in four groups."""
    drawn = new_secret()
    return "-".join(drawn[place * _PART :][:_PART] for place in range(_PASSWORD_PARTS))


class Company:
    """What the people of the demo set up; each method is one of their errands.

    accounts: who can sign in · emails: the mail addresses of people by their ids
    former: the id of somebody who leaves · stricter: the hash of the ruleset that is tried in shadow
    """

    def __init__(self, service: Service, desks: Desks, told: Told) -> None:
        self.desks = desks
        self.accounts: list[Account] = []
        self._service = service
        self._told = told
        self.emails: dict[str, str] = {}
        self._ids: dict[str, list[str]] = {}
        self._keys: dict[str, str] = {}
        self._starter = service.live.ruleset().document
        self.stricter = self.former = ""
        self._outbox = SqlOutbox(service.engine, unsealing(service.vault))
        hooks = StoredWebhooks(service.engine, service.journal, service.vault, service.installation)
        self._hooks = WebhookDesk(hooks, lambda _: None, told, service.new_id, token_bytes)
        self._webhook = ""

    def of(self, role: str) -> list[str]:
        """The ids of those with a role."""
        return self._ids[role]

    def open(self) -> None:
        """The first day: accounts and keys."""
        for each in STAFF:
            password = new_password()
            by = self._ids["admin"][0] if self._ids else "system"
            person = self.desks.people.desk.create(each.email, each.name, [each.role], password, by)
            self._ids.setdefault(each.role, []).append(person.id)
            self.emails[person.id] = person.email
            self.accounts.append(Account(each, password))
        left = self.desks.people.desk.create(FORMER.email, FORMER.name, [FORMER.role], new_password(), self._admin)
        self.former = left.id
        for name, role in _KEYS:
            self._keys[name] = self._service.key_desk.create(name, [role], self._admin).key.id

    def end_a_key(self) -> None:
        """The importer is not used any more."""
        self._service.key_desk.revoke(self._keys["old importer"], self._admin)

    def go_its_own_way(self) -> None:
        """The ruleset of the house takes the starter's place."""
        because = "our own policy and bands, and two rules for what no person sends"
        self._put_in_force(house_ruleset(self._starter), because, _ARGUMENT)

    def hold_free_mail(self) -> None:
        """Another takes its place, which turns out to be a mistake."""
        self._put_in_force(mistaken_ruleset(self._starter), "most junk comes from free mail", _HASTY)

    def argue(self, wanted: Wanted, argument: Sequence[Argument]) -> Proposal:
        """Propose something, and have colleagues say what they think of it."""
        proposal = self.desks.signing.propose(wanted, self.person("rule-author")).filed.proposal
        for role, side, text in argument:
            self._told.spend(600)
            self.desks.signing.comment(proposal.id, side, text, self.person(role))
        return proposal

    def agree(self, wanted: Wanted, argument: Sequence[Argument] = ()) -> None:
        """The same, and then whoever has to signs it."""
        proposal = self.argue(wanted, argument)
        for role in ("approver", "privacy-officer"):
            if self.desks.signing.told(proposal.id).lacking:
                self._told.spend(900)
                self.desks.signing.sign(proposal.id, proposal.hash, self.person(role))

    def say_goodbye(self) -> None:
        """Somebody leaves, and nobody thinks of what they answered for."""
        self.desks.people.desk.disable(self.former, self._admin)

    def make_lists(self) -> None:
        """People allow and block."""
        for document in list_entries(self._told.end):
            self.desks.lists.add(document, self.of("reviewer")[0])
            self._told.spend(90)

    def try_in_shadow(self) -> None:
        """A stricter ruleset decides beside the live one."""
        author = self.of("rule-author")[0]
        known = self.desks.rulesets.add(stricter_ruleset(self._starter), author)
        self.desks.shadows.start(known.hash, 1.0, author)
        self.stricter = known.hash

    def read_about_the_shadow(self) -> None:
        """Whoever approves has read how it differs, if it has decided anything."""
        report = self.desks.shadows.report(self.stricter)
        if report.leads:
            self.desks.shadows.read(self.stricter, report.leads, self.of("approver")[0])

    def draft_a_rule(self) -> None:
        """A rule is begun."""
        self.desks.rules.add(DRAFT, self.of("rule-author")[0])

    def add_a_webhook(self) -> None:
        """A receiver that exists nowhere; nothing asks the network where it might be."""
        self._webhook = self._hooks.add(_HOOK, ["case.opened"], self._admin).webhook.id

    def deliver(self, status: int) -> None:
        """Deliver what is due, as if the receiver had answered so; 410 ends it."""
        deliverer = Deliverer(self._outbox, lambda *_: Answer(status=status), signed_headers, self._told)
        deliverer.run_once()
        deliverer.close()

    def lose_the_webhook(self) -> None:
        """Somebody tests it, and it answers that it wants nothing any more."""
        self._hooks.test(self._webhook, self._admin)
        self.deliver(_GONE)

    def key(self, name: str) -> str:
        """The id of a key."""
        return self._keys[name]

    def person(self, role: str) -> SignedIn:
        """Somebody with a role, who has just typed their password."""
        person = self.desks.people.desk.person(self.of(role)[0])
        now = self._told.now()
        return SignedIn(person, Session(b"", person.id, now, now, now))

    def _put_in_force(self, document: Document, because: str, argument: Sequence[Argument]) -> None:
        known = self.desks.rulesets.add(document, self.of("rule-author")[0])
        self.agree(Wanted(Kind.RULESET, known.hash, because), argument)
        self.desks.rulesets.activate(known.hash, self.of("approver")[0])

    @property
    def _admin(self) -> str:
        return self._ids["admin"][0]
