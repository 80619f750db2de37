"""Sentences that the core says, as catalogues have them; see `sentences` for how they are found again."""

from collections.abc import Mapping
from typing import Final

from winnow.shells.web.navigation import N_

#: As the core says them, but for the capital and the full stop.
ALIKE: Final = (
    # a system in the register
    N_("It is retired."),
    N_("It is a draft: put it in shadow to try it."),
    N_("It was put in shadow."),
    N_("Nobody owns it: name a person who answers for it."),
    N_("Its owner has left or lost the role for it: name another."),
    N_("What stands in the register is not signed off: have a second person sign it."),
    N_("It was never reviewed: review it."),
    N_("Its review was due on %(day)s: review it."),
    N_("It is not live."),
    # what the gate found out
    N_("Nothing was in the way."),
    N_("This could not be checked."),
    N_("Looking this up took too long."),
    N_("What is known was read too long ago, or nobody knows when."),
    N_("What was given cannot be anybody's address."),
    N_("A number without its country may be several people's."),
    N_("The channel does not go to an address of this kind."),
    N_("No kill switch is engaged for this."),
    N_("A kill switch is engaged: %(words)s"),
    N_("%(name)s is not in the register of AI systems."),
    N_("The system is not registered for the purpose %(name)s."),
    N_("The system is not registered for the action %(name)s."),
    N_("The system is not registered for the channel %(name)s."),
    N_("The system is not registered to use %(name)s data."),
    N_("The system is registered, owned, signed off and live for this."),
    N_("Nothing may be done for the purpose %(name)s, which the policy does not have."),
    N_("The policy does not let %(name)s go through %(other)s."),
    N_("The policy has this purpose, and lets it go this way."),
    N_("Nobody said which data were used."),
    N_("Only data that may be used for this purpose."),
    N_("Data that may not be used for this purpose."),
    N_("%(name)s is off limits, whoever asks."),
    N_("Nothing that is off limits."),
    N_("%(name)s may not be concluded about a person."),
    N_("No conclusion that nobody may draw."),
    N_("An explanation is there."),
    N_("There is no explanation that a person could read."),
    N_("The person has not objected."),
    N_("What the law and the policy ask for is there."),
    N_("No block keeps a person from this purpose."),
    N_("On no block list that counts here."),
    N_("The block entry %(name)s keeps them from %(other)s."),
    N_("No law in use names hours for this."),
    N_("An hour at which people may be reached."),
    N_("What time it is there is not known."),
    N_("People there may be reached from %(start)s to %(end)s o'clock of their own day."),
    N_("No limit on how often."),
    N_("Within the limits on how often."),
    # what a human can do
    N_("Ask again; if it stays so, have whoever runs Winnow look at %(name)s."),
    N_("Correct it and ask again."),
    N_("Write it with its country: +49…"),
    N_("Ask with an address that the channel goes to."),
    N_("Two people lift a stop, once its reason is gone: %(name)s."),
    N_("Enter it there, with an owner, and have it signed off."),
    N_("Do what the register says is missing."),
    N_("Use a system that is registered for it, or change the entry and have it signed off anew."),
    N_("Ask for one of %(words)s, or change the policy, which a second person has to sign."),
    N_("Take another channel, or change the policy, which a second person has to sign."),
    N_("Name the categories of data that were used."),
    N_("Leave it out, or change the policy, which a second person has to sign."),
    N_("Do not conclude it; if it is harmless, clear the label: change the policy, which a second person has to sign."),
    N_("Say in a sentence why this is to be done."),
    N_("If this is wrong, record what the person really said, with evidence."),
    N_("Ask the person for it, and record what they say with the words they were told."),
    N_("Have the person confirm it: by the link of a mail, or of a number by what they say aloud."),
    N_("Take another channel, or another purpose."),
    N_("Take the entry out, or ask %(words)s: %(name)s."),
    N_("Give the time zone of the person, or the place."),
    N_("Wait until then."),
    N_("Wait until the first of them is older, or change the policy, which a second person has to sign."),
    # what says so
    N_("As the policy of this organisation says."),
    N_("As the policy says."),
    N_("An entry of the block lists."),
    N_("Nothing asks for consent; a no is heeded."),
    N_("Where the person is, is not known, or no law pack in use covers it: all of them are applied."),
    N_("The policy declares no purpose %(name)s."),
    N_("The policy does not use %(channel)s for %(other)s."),
    N_("The policy puts %(name)s off-limits."),
    N_("The policy forbids to conclude %(name)s about a person."),
    N_("The policy says that it is harmless."),
    N_("The output has no name."),
    # what is known of consent
    N_("Nothing was ever recorded about this address."),
    N_("Nobody ever recorded that the person agreed to this, or refused it."),
    N_("What was known of this person was erased, and they have not agreed since."),
    # a permit that does not hold
    N_("It is not valid yet."),
    N_("It has expired."),
    N_("A kill switch is engaged for it."),
    N_("The policy is another one now."),
    N_("The system may not act any more."),
    N_("It was for one use, and was used."),
    N_("Ask the gate for another one."),
    # what does not count as signed, and what a rung still takes
    N_("Nobody has signed it."),
    N_("Nobody has proposed it."),
    N_("The sign-off ended on %(when)s."),
    N_("It changes the policy, and no privacy officer has signed it."),
    N_("Leads are not what they were when it was signed: incident %(incident)s is open."),
    N_("%(number)s of %(least)s days on live traffic."),
    N_("%(number)s of %(least)s leads decided in shadow."),
    N_("Nobody has read the difference report over %(least)s leads."),
    N_("No certificate lets it reject by score."),
    N_("Nobody has signed."),
    N_("Whoever signs and whoever promotes must be two people."),
    # why nothing is rejected without a person
    N_("No sign-off of the ruleset holds."),
    N_("Whether rejecting is paused could not be read."),
    N_("Rejecting is paused by the guard %(name)s, incident %(other)s."),
    N_("Its scorecard was learned and stands in shadow, so live it would let every lead through."),
    N_("Put it in shadow beside the live one and have it promoted (%(name)s)."),
    N_("Have it proposed, and signed by somebody who did not write it (%(name)s)."),
    # what is wrong with what somebody typed, where people meet it first
    N_("The mail address, the password or the code is wrong."),
    N_("Try again, or ask an administrator for a new link."),
    N_("The code of the authenticator is needed too."),
    N_("Send it with the password."),
    N_("This is not the code of this moment."),
    N_("Check the clock of the device, and give the next code."),
    N_("It was tried too often."),
    N_("Wait, then try again."),
    N_("This account cannot be used."),
    N_("Ask an administrator."),
    N_("This link has expired or was used."),
    N_("Ask for another one."),
    N_("This mail address has an account."),
    N_("Give that one other roles."),
    N_("Nobody does this to their own account."),
    N_("Ask another administrator."),
    N_("%(name)s is no mail address."),
    N_("This is no mail address."),
    N_("This is no telephone number."),
    N_("Write it like %(name)s."),
    N_("A password is %(number)s to %(least)s printable characters."),
    N_("Take a few words that do not belong together."),
    N_("The password is the mail address."),
    N_("Take something that nobody knows of you."),
    N_("The password is one of the first that anybody would try."),
    N_("Take a few unrelated words."),
    N_("This needs your password once more."),
    N_("Prove anew who you are, then try again."),
    N_("Your role does not allow this."),
    N_("Ask a colleague who may sign."),
    N_("Longer than %(number)s characters."),
    N_("Shorten it."),
    N_("Nothing but blanks."),
    N_("%(name)s is no whole number."),
    N_("Use digits only."),
    N_("%(name)s is no day."),
    N_("This is not what a form sends."),
    N_("Reload the page and send it again."),
    N_("Another ruleset went live meanwhile."),
    N_("Look at the difference again."),
)
#: As the core says them → as readers are told; some hold another sentence within them.
OTHERWISE: Final[Mapping[str, str]] = {
    "this permit does not hold: %(why)s": N_("This permit does not hold. %(why)s"),
    "this ruleset may not be activated: %(whys)s": N_("This ruleset may not be activated. %(whys)s"),
    "it stays on the rung %(name)s: %(whys)s": N_("It stays on its rung. %(whys)s"),
    "the system may not act: %(why)s": N_("The system may not act. %(why)s"),
    "%(why)s; needed is that nobody said no": N_("%(why)s What is needed: that nobody said no."),
    "%(why)s; needed is consent, or a relationship that the law takes for it": N_(
        "%(why)s What is needed: consent, or a relationship that the law takes for it."
    ),
    "%(why)s; needed is the person's own yes": N_("%(why)s What is needed: the person's own yes."),
    "%(why)s; needed is nothing that could be given: it is prohibited": N_(
        "%(why)s No yes would be enough: it is prohibited."
    ),
    "%(why)s, after an earlier no": N_("%(why)s It took back an earlier no."),
    "%(why)s, provisional, until %(day)s": N_("%(why)s It is provisional, and holds until %(day)s."),
    "%(why)s, until %(day)s": N_("%(why)s It holds until %(day)s."),
    "%(why)s (%(source)s), whatever the policy says": N_("%(why)s No policy allows it (%(source)s)."),
    "%(why)s (%(source)s), and the policy does not name the pack %(name)s": N_(
        "%(why)s The policy does not name the law pack %(name)s (%(source)s)."
    ),
    "the person agreed %(at)s %(how)s": N_("The person agreed %(at)s (%(how)s)."),
    "there was a relationship (%(basis)s) %(at)s %(how)s": N_("There was a relationship %(at)s: %(basis)s (%(how)s)."),
    "the person objected %(at)s %(how)s (%(reach)s), and has not agreed in writing since": N_(
        "The person objected %(at)s (%(how)s; %(reach)s), and has not agreed in writing since."
    ),
    "the person opted out %(at)s %(how)s (%(reach)s), and nothing the person did since takes it back": N_(
        "The person opted out %(at)s (%(how)s; %(reach)s), and nothing they did since takes it back."
    ),
    "a law or a register barred it %(at)s %(how)s (%(reach)s), and that was neither lifted nor has it expired": N_(
        "A law or a register barred it %(at)s (%(how)s; %(reach)s); it was not lifted, and has not expired."
    ),
    "the person objected %(at)s %(how)s (%(reach)s)": N_("The person objected %(at)s (%(how)s; %(reach)s)."),
    "the person opted out %(at)s %(how)s (%(reach)s)": N_("The person opted out %(at)s (%(how)s; %(reach)s)."),
    "what the person agreed to %(at)s %(how)s lapsed on %(until)s": N_(
        "What the person agreed to %(at)s (%(how)s) lapsed on %(until)s."
    ),
    "what the person agreed to %(at)s %(how)s is not in force yet": N_(
        "What the person agreed to %(at)s (%(how)s) is not in force yet."
    ),
    "a yes was given %(at)s %(how)s (%(name)s), and waits for confirmation": N_(
        "A yes was given %(at)s (%(how)s; %(name)s), and waits for confirmation."
    ),
    "%(why)s; a yes was given %(at)s %(how)s (%(name)s), and waits for confirmation": N_(
        "%(why)s A yes was given %(at)s (%(how)s; %(name)s), and waits for confirmation."
    ),
    "contacts are limited to %(number)s in any %(days)s-day period, and that is reached": N_(
        "The most is reached. Contacts allowed within %(days)s days: %(number)s."
    ),
    "the proposal was withdrawn": N_("The proposal was withdrawn."),
    "the proposal was declined": N_("The proposal was declined."),
    "it is for another address": N_("It is for another address."),
    "it is for another system": N_("It is for another system."),
    "it is for another action": N_("It is for another action."),
    "it is for another channel": N_("It is for another channel."),
    "it is for another purpose": N_("It is for another purpose."),
    "it is for another policy": N_("It is for another policy."),
    "who signed it may not do so any more: %(who)s": N_("Whoever signed it may not do so any more: %(who)s."),
    "who proposed it may not do so any more: %(who)s": N_("Whoever proposed it may not do so any more: %(who)s."),
    "%(number)s of %(least)s labels of leads it would tag or worse": N_(
        "%(number)s of %(least)s labels of leads that it would tag, review or reject."
    ),
    "%(number)s of %(least)s labels of leads it would review or worse": N_(
        "%(number)s of %(least)s labels of leads that it would review or reject."
    ),
    "%(number)s of %(least)s labels of leads it would reject or worse": N_(
        "%(number)s of %(least)s labels of leads that it would reject."
    ),
    "%(share)s of those proven junk, %(needed)s needed": N_("Proven junk among those: %(share)s. Needed: %(needed)s."),
    "%(number)s incidents are open": N_("Open incidents: %(number)s."),
}
