"""Hears afterwards in a column's name: nobody has a close date, a call's length or a last activity at the start."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

_ENDED = "how it ended"
_STANDS = "where a lead stands, which is written while it is worked on"
_THOUGHT = "what somebody, or a program, made of a lead after looking at it"
_WORKED = "who works on a lead, which is decided later"
_DONE = "what was done with a lead after it came"
_FOLLOWS = "business that comes after the outcome"
_CHANGED = "a later change"
_LATEST = "what happened last, which nobody knows when a lead comes in"
_WROTE = "what somebody wrote about a lead"
_LASTED = "how long something lasted, which is known when it is over"

# Words that hardly ever stand in the name of something known at the start, in English, German, French and Spanish.
_LOUD = {
    _ENDED: (
        "outcome outcomes result results disposition verdict resolution resolved won lost closed closing closure close "
        "converted conversion churned cancelled canceled refund refunded chargeback rejected rejection "
        "ergebnis gewonnen verloren verlustgrund absagegrund abgeschlossen abschluss abschlussdatum gagne perdu "
        "cloture clos resultat resultado ganado perdido cerrado cierre"
    ),
    _STANDS: "status stage milestone stadium statut etape etapa",
    _THOUGHT: (
        "quality tag tags qualified disqualified qualification bewertung leadqualitat qualitat qualite calidad "
        "etiquette etiquettes etiqueta etiquetas calificacion"
    ),
    _WORKED: (
        "assigned assignee assignment salesperson closer sdr bdr zugewiesen zustandig zustaendig bearbeiter attribue "
        "asignado vendedor"
    ),
    _DONE: (
        "activity activities followup followups followed call calls talk talktime dialed voicemail callback callbacks "
        "meeting meetings reply replied replies responded contacted unsubscribed bounced aktivitat aktivitaten anruf "
        "anrufe telefonat telefonate telefontermine gesprach gesprache gesprachsdauer wiedervorlage nachfassen "
        "kontaktiert activite activites appel appels "
        "relance relances contacte actividad actividades llamada llamadas seguimiento contactado reunion reuniones"
    ),
    _FOLLOWS: (
        "invoice invoices invoiced deal deals onboarding shipped delivered rechnung rechnungsnummer facture factura"
    ),
    _CHANGED: "modified geandert modifie modificado erledigt",
}
# Words that stand in such names and in honest ones.
_QUIET = {
    _LATEST: "last latest recent letzte letzter letztes letzten dernier derniere ultimo ultima",
    _ENDED: "accepted declined approved completed finished ended",
    _STANDS: "phase step progress pipeline",
    _THOUGHT: (
        "score scores scoring index profile rating rated grade graded rank ranking priority temperature sentiment "
        "label labels punktzahl profil prioritat note puntuacion perfil prioridad"
    ),
    _WORKED: "agent owner rep operator handler proprietaire propietario",
    _DONE: (
        "response responses interaction interactions attempt attempts opened opens clicked clicks appointment "
        "appointments demo termin termine cita citas sent"
    ),
    _FOLLOWS: "contract opportunity payment paid revenue renewal vertrag auftrag umsatz contrat contrato pago",
    _CHANGED: "updated changed edited processed handled reviewed verified aktualisiert bearbeitet actualizado traite",
    _LASTED: "duration dauer duree duracion minutes minuten minutos",
    _WROTE: "notes remark remarks notiz notizen bemerkung bemerkungen remarque remarques nota notas",
}
# Words that, anywhere in a name, say it is about the time before, the person, their firm, or the visit.
_BEFORE = frozenset(
    "previous previously prior past former formerly earlier before preceding vorige voriger vorheriges vorher "
    "bisherige precedent precedente anterior marital civil employment employed employer residence residency health tax "
    "company firm industry form forms fill visit visits visited page pages site website web session sessions browser "
    "device user utm campaign signup formular besuch seite sitzung formulaire visite visites formulario visita visitas "
    "pagina sesion familienstand address country province region".split()
)
# Words that are harmless together.
_TOGETHER = tuple(
    frozenset(pair.split())
    for pair in (
        "last name", "credit score", "price index", "consumer index", "confidence index", "payment method", "do call",
        "call action", "may call", "product owner", "home owner", "label private", "lead time", "quality air",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hint:
    """What a name speaks of; `loud` when such a word hardly ever names something known at the start."""

    text: str
    loud: bool


def words_of(name: str) -> list[str]:
    """The words of a column's name: small letters without accents, taken apart at separators and capitals."""
    decomposed = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return re.findall(r"[a-z]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", bare).lower())


def _spelt(words: Iterable[str]) -> frozenset[str]:
    """Each word, and as German is written without dots: `qualität` as `qualitat` and `qualitaet`."""
    return frozenset(
        form for word in words for form in (word, word.replace("tat", "taet"), word.replace("spra", "sprae"))
    )


def _by_word(meanings: dict[str, str]) -> dict[str, str]:
    return {form: meaning for meaning, words in meanings.items() for form in _spelt(words.split())}


_LOUD_WORDS, _QUIET_WORDS = _by_word(_LOUD), _by_word(_QUIET)


def hint_in(column: str) -> Hint | None:
    """What in a column's name sounds like afterwards; the loudest word of it."""
    words = words_of(column)
    if not _BEFORE.isdisjoint(words) or any(pair <= set(words) for pair in _TOGETHER):
        return None
    joined = [first + second for first, second in pairwise(words)]  # follow_up, call_back
    for known, loud in ((_LOUD_WORDS, True), (_QUIET_WORDS, False)):
        for word in (*words, *joined):
            if word in known:
                return Hint(f"its name says `{word}`, which speaks of {known[word]}", loud)
    return None


def suspicious_name(column: str) -> str | None:
    """Why a column's name sounds like something known only afterwards; None when it does not.

    English, German, French and Spanish words are known. A name proves nothing: see `suspicions`.
    """
    found = hint_in(column)
    return found.text if found else None
