"""Roles and rights in words, for whoever gives them."""

from collections.abc import Collection, Mapping
from typing import Final

from winnow.core.apikeys import ROLES, Scope
from winnow.core.people.accounts import Standing
from winnow.shells.web.navigation import N_

#: Role → what people call it, and what it is for.
ROLES_IN_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "ingest": (N_("Sender of leads"), N_("Sends leads in, and sees nothing.")),
    "ai-tool": (N_("AI tool"), N_("Asks the gate what it may do to whom, and records what it concluded.")),
    "rep": (N_("Sales rep"), N_("Sees leads, takes them over, says what became of them.")),
    "reviewer": (N_("Reviewer"), N_("Decides what waits in the queue, and keeps the lists.")),
    "rule-author": (N_("Rule author"), N_("Writes rules and list entries; decides about no lead.")),
    "approver": (N_("Approver"), N_("Signs off rulesets and closes incidents.")),
    "privacy-officer": (
        N_("Privacy officer"),
        N_("Keeps policy and consent, signs off what touches them, closes incidents."),
    ),
    "auditor": (N_("Auditor"), N_("Reads everything; changes nothing.")),
    "admin": (N_("Administrator"), N_("Lets people and programs in; sees no leads.")),
}
SCOPES_IN_WORDS: Final[Mapping[str, str]] = {
    Scope.LEADS_WRITE: N_("send leads"),
    Scope.DECISIONS_READ: N_("see leads and decisions"),
    Scope.FEEDBACK_WRITE: N_("say what became of leads"),
    Scope.CASES_READ: N_("see the queue"),
    Scope.CASES_WRITE: N_("decide in the queue"),
    Scope.LISTS_READ: N_("see lists"),
    Scope.LISTS_WRITE: N_("change lists"),
    Scope.RULES_READ: N_("see rules"),
    Scope.RULES_WRITE: N_("write rules"),
    Scope.RULESETS_READ: N_("see rulesets"),
    Scope.RULESETS_WRITE: N_("activate rulesets"),
    Scope.WEBHOOKS_READ: N_("see webhooks"),
    Scope.WEBHOOKS_WRITE: N_("change webhooks"),
    Scope.KEYS_READ: N_("see keys"),
    Scope.KEYS_WRITE: N_("make and revoke keys"),
    Scope.PEOPLE_READ: N_("see people"),
    Scope.PEOPLE_WRITE: N_("let people in and shut them out"),
    Scope.INCIDENTS_READ: N_("see incidents"),
    Scope.INCIDENTS_WRITE: N_("close incidents"),
    Scope.LOG_READ: N_("look through the decision log"),
    Scope.TODAY_READ: N_("see the figures of the day"),
    Scope.POLICY_READ: N_("see the policy"),
    Scope.CONSENT_READ: N_("see who consented and who opted out"),
    Scope.CONSENT_WRITE: N_("record consent and opt-outs"),
    Scope.PERMITS_WRITE: N_("ask the gate for permits"),
    Scope.PERMITS_READ: N_("see permits and refusals"),
    Scope.SERVE_READ: N_("ask whether a person may be served"),
    Scope.SYSTEMS_READ: N_("see the AI systems"),
    Scope.SYSTEMS_WRITE: N_("register and change AI systems"),
    Scope.AI_DECISIONS_WRITE: N_("record what an AI concluded"),
    Scope.PROPOSALS_WRITE: N_("propose changes for sign-off"),
    Scope.SIGN_OFFS_WRITE: N_("sign off what others propose"),
    Scope.STOP_READ: N_("see whether anything is stopped"),
    Scope.STOP_WRITE: N_("stop"),
    Scope.STOP_LIFT: N_("agree to a restart"),
    Scope.ADMIN: N_("give rights they do not have"),
}
STANDINGS: Final[Mapping[str, str]] = {
    Standing.INVITED: N_("invited, has not joined yet"),
    Standing.ACTIVE: N_("active"),
    Standing.DISABLED: N_("shut out"),
}


def summed_up(scopes: Collection[Scope]) -> tuple[list[str], list[str]]:
    """Rights as the fewest words: names of roles that are given in full, and what is left over in words."""
    left, roles = set(scopes), []
    for role in sorted(ROLES, key=lambda each: -len(ROLES[each])):
        if ROLES[role] <= set(scopes) and ROLES[role] & left:
            roles.append(ROLES_IN_WORDS[role][0])
            left -= ROLES[role]
    return roles, [words for scope, words in SCOPES_IN_WORDS.items() if scope in left]
