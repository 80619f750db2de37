"""`winnow rule draft`: rules suggested by what people called junk of late."""

from typing import TYPE_CHECKING

from rich.text import Text

from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, standing
from winnow.shells.cli.options import AsJson, ConfigFile

if TYPE_CHECKING:
    from winnow.services.spikes import Suggestion

_ACTOR = "command line"


def draft(data: Data = None, store: Store = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Look for segments with more junk than usual and draft a rule for each; nothing is put in force.

    A segment is a value of a signal, or a source. A draft says what it would have done to past leads; who makes it a
    rule gives it an owner and puts it into a ruleset.
    """
    from winnow.bootstrap.desks import make_desks  # noqa: PLC0415  # a second that other commands need not wait
    from winnow.bootstrap.spiking import make_spikes  # noqa: PLC0415  # as above

    service = standing(config, data, store)
    found = make_spikes(service, make_desks(service).rules).suggest(_ACTOR)
    if as_json:
        output.data([_document(each) for each in found])
        return
    for each in found:
        output.out.print(Text(printable(_line(each))))
    output.say(f"{len(found)} spikes" if found else "nothing is junk more often than it used to be")


def _document(each: "Suggestion") -> dict[str, object]:
    spike, kept = each.spike, each.draft
    return {
        "signal": spike.signal,
        "value": spike.value,
        "recent": [spike.recent_junk, spike.recent],
        "before": [spike.before_junk, spike.before],
        "draft": None if kept is None else kept.id,
        "new": each.new,
        "rule": None if kept is None else dict(kept.document),
    }


def _line(each: "Suggestion") -> str:
    spike, kept = each.spike, each.draft
    what = f"{spike.signal} = {spike.value}: {spike.recent_junk} of {spike.recent} junk in the last week, "
    usual = f"{spike.before_junk} of {spike.before} before"
    if kept is None:
        return f"{what}{usual}; no signal says it: declare one over `{spike.signal}` to write a rule"
    return f"{what}{usual}; {'drafted' if each.new else 'there is a draft'}: {kept.id}"
