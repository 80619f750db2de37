"""What the gate answers in words: a code, its enhanced code (RFC 3463), and a sentence for whoever reads it."""

from textwrap import wrap

from winnow.ports.outgoing import Reply, Ruling
from winnow.shells.smtp.incoming import Fault

_LONGEST_LINE = 300
_MOST_LINES = 4

PUT_OFF = Reply(451, "4.7.1 the gate gave no answer, so nothing is sent; send again later")
JUDGED_LATER = Reply(250, "2.1.5 it is judged when the message is there, as its header says what for")
ONE_AT_A_TIME = Reply(452, "4.5.3 one recipient a message, as its header says what it is for; send the others apart")
TOO_MANY = Reply(452, "4.5.3 so many recipients are taken at once; send the others apart")
NOT_PLAIN = Reply(553, "5.1.3 the address is not a plain name@domain, and some servers might take it for another one")
NO_UTF8 = Reply(553, "5.6.7 the address is not in ASCII; send the message with SMTPUTF8")
ONE_PERMIT = Reply(550, "5.7.1 a permit is for one recipient; send the message to each of them apart")
STOPPING = Reply(421, "4.3.2 the server is being stopped; send again later")
STRANGER = Reply(421, "4.4.2 nobody has logged in for too long")
BUSY = Reply(421, "4.3.2 too many connections; try again later")
LOGGED_OUT = Reply(535, "5.7.8 the key is no longer valid for this; log in with another")
CIRCLING = Reply(554, "5.4.6 the message has passed too many servers already")
BLANK = Reply(554, "5.6.0 the header begins with a blank, as if it went on with a field before it")
TWICE = Reply(554, "5.6.0 a field of the gate stands in the header twice; write it once")
MISUSED = Reply(550, "5.7.1 this login may not send for the system or purpose that the header names")
WITHDRAWN = Reply(
    451, "4.7.1 nothing was sent, as not all recipients may be written to any more; send again, each is answered anew"
)


def of_fault(fault: Fault) -> Reply:
    """Why a message is not taken."""
    code, _, text = fault.value.partition(" ")
    return Reply(int(code), text)


def refusal(ruling: Ruling) -> Reply:
    """Why a recipient is refused, and what can be done about it."""
    sentences = [ruling.refused, ruling.ask, f"reference {ruling.id}" if ruling.id else ""]
    return Reply(550, "5.7.1 " + "; ".join(sentence.rstrip(". ") for sentence in sentences if sentence))


def lines(reply: Reply) -> bytes:
    """A reply as it is sent: ASCII, several lines if it is long, each with both codes."""
    text = "".join(each if each.isascii() and each.isprintable() else "?" for each in reply.text)
    enhanced, _, words = text.partition(" ")
    if enhanced[1:2] != ".":
        enhanced, words = "", text
    pieces = wrap(words, _LONGEST_LINE, break_long_words=True)[:_MOST_LINES] or [""]
    shown = [f"{enhanced} {piece}".strip() for piece in pieces]
    return b"\r\n".join(
        f"{reply.code}{' ' if at == len(shown) - 1 else '-'}{line}".encode("ascii") for at, line in enumerate(shown)
    )


def summed(replies: list[Reply]) -> Reply:
    """The one answer to a message that was handed over for several recipients, each with an answer of its own.

    One put off makes the whole worth another try: those it has reached are remembered and not sent it again. One
    refused for good makes the whole refused, because only an error is noticed; the words say whom it reached.
    """
    if len(replies) == 1:
        return replies[0]
    sent = sum(reply.good for reply in replies)
    if sent == len(replies):
        return Reply(250, f"2.0.0 sent to {sent} recipients")
    again = next((reply for reply in replies if not reply.good and not reply.final), None)
    if again is not None:
        words = f"4.0.0 sent to {sent} of {len(replies)}; send again, and only the others get it: {again.text}"
        return Reply(451, words)
    refused = next(reply for reply in replies if reply.final)
    return Reply(554, f"5.0.0 sent to {sent} of {len(replies)}, the others were refused: {refused.text}")
