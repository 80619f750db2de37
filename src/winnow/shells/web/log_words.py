"""The decision log in words: what kinds of entries there are, and who made them."""

from collections.abc import Callable, Mapping
from typing import Final

from winnow.bootstrap.desks import Desks
from winnow.bootstrap.service import Service
from winnow.core.apikeys import PREFIX
from winnow.shells.web.names import names_in
from winnow.shells.web.navigation import N_

#: Kind of entry → what happened. A kind that is not here is shown as it is written.
KINDS: Final[Mapping[str, str]] = {
    "": N_("Unreadable: this entry was changed"),
    "decision": N_("Lead decided"),
    "case.decided": N_("Case decided by a person"),
    "case.second-look": N_("Case looked at a second time"),
    "case.snoozed": N_("Case put off"),
    "case.reopened": N_("Case opened again"),
    "lead.taken": N_("Lead taken over"),
    "label.added": N_("Said what became of a lead"),
    "label.withdrawn": N_("Took back what became of a lead"),
    "leads.exported": N_("Leads exported"),
    "list.added": N_("List entry added"),
    "list.removed": N_("List entry removed"),
    "rule-draft.added": N_("Rule drafted"),
    "rule-draft.changed": N_("Rule draft changed"),
    "rule-draft.removed": N_("Rule draft removed"),
    "ruleset.added": N_("Ruleset added"),
    "ruleset.activated": N_("Ruleset activated"),
    "ruleset.rolled-back": N_("Ruleset rolled back"),
    "rollback.begun": N_("Leads looked at anew after a roll-back"),
    "rollback.told": N_("Told which leads a roll-back concerns"),
    "proposal.made": N_("Proposed"),
    "proposal.commented": N_("Said about a proposal"),
    "proposal.signed": N_("Signed as a second person"),
    "proposal.declined": N_("Proposal declined"),
    "proposal.withdrawn": N_("Proposal withdrawn"),
    "break-glass.asked": N_("Break-glass asked for"),
    "break-glass.granted": N_("Break-glass granted"),
    "break-glass.used": N_("Break-glass used"),
    "break-glass.ended": N_("Break-glass ended"),
    "shadow.started": N_("Ruleset put in shadow"),
    "shadow.ended": N_("Ruleset taken out of shadow"),
    "shadow.report-read": N_("Report of a shadow read"),
    "ladder.moved": N_("Ruleset moved on the ladder"),
    "incident.opened": N_("Incident opened"),
    "incident.contained": N_("Incident contained"),
    "incident.fixed": N_("Incident fixed"),
    "incident.noted": N_("Written down about an incident"),
    "incident.linked": N_("Linked to an incident"),
    "incident.people": N_("Leads named that an incident concerns"),
    "incident.closed": N_("Incident closed"),
    "stop.engaged": N_("Stopped"),
    "stop.lift-agreed": N_("Agreed to a restart"),
    "stop.lifted": N_("Started again"),
    "stop.drilled": N_("Drill begun"),
    "stop.drill-ended": N_("Drill ended"),
    "permit.answered": N_("The gate answered"),
    "permit.redeemed": N_("Permit for one use used"),
    "permits.forgotten": N_("Old answers of the gate forgotten"),
    "ai-decision.recorded": N_("Conclusion of an AI system recorded"),
    "ai-decisions.forgotten": N_("Old conclusions of AI systems forgotten"),
    "mail.relayed": N_("Mail left through the gate"),
    "consent.recorded": N_("Yes or no to contact recorded"),
    "identity.merged": N_("Two addresses linked to one person"),
    "identity.unmerged": N_("Link of two addresses taken back"),
    "system.added": N_("AI system entered"),
    "system.changed": N_("AI system described anew"),
    "system.reviewed": N_("AI system reviewed"),
    "system.retired": N_("AI system retired"),
    "key.created": N_("Key made"),
    "key.revoked": N_("Key revoked"),
    "webhook.added": N_("Webhook made"),
    "webhook.removed": N_("Webhook removed"),
    "webhook.rotated": N_("Secret of a webhook replaced"),
    "webhook.paused": N_("Webhook paused"),
    "webhook.resumed": N_("Webhook resumed"),
    "webhook.tested": N_("Webhook tested"),
    "delivery.replayed": N_("Delivery sent again"),
    "delivery.all-replayed": N_("All given-up deliveries sent again"),
    "person.added": N_("Account made"),
    "person.invited": N_("Person invited"),
    "person.joined": N_("Person joined"),
    "person.bound": N_("Account bound to a provider"),
    "person.roles": N_("Roles changed"),
    "person.disabled": N_("Person shut out"),
    "person.enabled": N_("Person let in again"),
    "person.reset": N_("Link for another password made"),
    "person.password": N_("Password changed"),
    "person.two_steps": N_("Authenticator put to use"),
    "person.one_step": N_("Authenticator taken away"),
}


def actors_in(service: Service, desks: Desks, me: str, yourself: str) -> Callable[[str], str]:
    """What turns ids of people and keys into names for one page; whatever else did something is called by its id."""
    name_of = names_in(desks, me, yourself)
    keys: dict[str, str] = {}

    def actor_name(who: str) -> str:
        if not who.startswith(f"{PREFIX}_"):
            return name_of(who)
        if not keys:
            keys.update({key.id: key.name for key in service.key_desk.all_keys()})
        return keys.get(who, who)

    return actor_name


def actors_called(service: Service, desks: Desks, text: str) -> list[str]:
    """The ids of everybody and everything of this name, mail address or id; the text itself if nobody is."""
    wanted = text.casefold()
    people = [each.id for each in desks.people.desk.all() if wanted in {each.name.casefold(), each.email.casefold()}]
    return [*people, *(key.id for key in service.key_desk.all_keys() if key.name.casefold() == wanted)] or [text]
