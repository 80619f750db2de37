"""What people call the columns of a lead file; only whole names count, since a wrong guess is worse than none."""

import re
import unicodedata
from collections.abc import Mapping

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_OTHER = re.compile(r"[^\w]+|_+")


def normalised(column: str) -> str:
    """The words of a column name in lower case, no accents: `E-Mail_Address` and `emailAddress` → `email address`."""
    spaced = _CAMEL.sub(" ", column.strip())
    plain = unicodedata.normalize("NFKD", spaced.casefold())
    kept = "".join(each for each in plain if not unicodedata.combining(each))
    words = " ".join(_OTHER.sub(" ", kept).split())
    return re.sub(r"\be mail\b", "email", words)


#: Field → what a column may be called, besides the field's own name.
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "id": (
        "lead id",
        "prospect id",
        "enquiry id",
        "inquiry id",
        "submission id",
        "entry id",
        "uuid",
        "guid",
    ),
    "source": ("lead source", "quelle", "fuente", "origine"),
    "external_id": ("crm id", "salesforce id", "hubspot id"),
    "received_at": (
        *("received", "created at", "created", "created on", "created date", "created time", "creation date"),
        *("create date", "date created", "submitted at", "submitted", "submitted on", "submission date"),
        *(
            "submission time",
            "submit time",
            "submit date",
            "date submitted",
            "signup time",
            "signup date",
            "sign up time",
        ),
        *("sign up date", "signed up at", "registered at", "registration date", "timestamp", "time stamp", "date time"),
        *(
            "datetime",
            "date",
            "lead date",
            "enquiry date",
            "inquiry date",
            "datum",
            "erstellt am",
            "eingegangen am",
            "fecha",
        ),
    ),
    "occurred_at": ("occurred",),
    "channel": ("lead channel", "kanal", "canal"),
    "full_name": ("name", "your name", "contact name", "lead name", "vollstandiger name", "nombre completo"),
    "first_name": ("firstname", "given name", "forename", "fname", "vorname", "prenom"),
    "last_name": (
        "lastname",
        "surname",
        "family name",
        "lname",
        "nachname",
        "familienname",
        "apellido",
        "apellidos",
        "cognome",
    ),
    "emails": (
        *(
            "email",
            "email address",
            "mail",
            "mail address",
            "emailaddress",
            "your email",
            "contact email",
            "lead email",
        ),
        *("work email", "business email", "primary email", "email 1", "email 2", "secondary email", "correo"),
        *("correo electronico", "email adresse", "mailadresse", "courriel", "adresse email"),
    ),
    "phones": (
        *("phone", "phone number", "telephone", "telephone number", "tel", "mobile", "mobile phone", "mobile number"),
        *("cell", "cell phone", "your phone", "contact phone", "work phone", "business phone", "phone 1", "phone 2"),
        *("telefon", "telefonnummer", "handy", "mobil", "mobilnummer", "telefono", "movil", "celular"),
    ),
    "company": (
        *("company name", "organisation", "organization", "organisation name", "organization name", "account name"),
        *(
            "business name",
            "employer",
            "firma",
            "firmenname",
            "unternehmen",
            "empresa",
            "entreprise",
            "azienda",
            "societe",
        ),
    ),
    "job_title": ("jobtitle", "position", "job position", "berufsbezeichnung", "cargo", "puesto"),
    "website": ("web site", "homepage", "company website", "website url", "company url", "webseite", "sitio web"),
    "country": ("country name", "country code", "land", "pais", "pays", "paese"),
    "language": ("locale", "browser language", "preferred language", "sprache", "idioma", "langue"),
    "timezone": ("time zone", "tz", "zeitzone"),
    "message": (
        *("your message", "message text", "message body", "comment", "comments", "enquiry", "inquiry", "nachricht"),
        *("kommentar", "anfrage", "mensaje", "comentario", "commentaire"),
    ),
    "form_fill_seconds": ("fill seconds", "seconds to fill", "form seconds", "time to fill seconds"),
    "form_pasted_fields": ("pasted fields",),
    "form_honeypot": ("honeypot",),
    "form_focus_changes": ("focus changes",),
    "ip": (
        "ip address",
        "ipaddress",
        "ip addr",
        "client ip",
        "remote ip",
        "remote addr",
        "remote address",
        "ip adresse",
    ),
    "user_agent": ("useragent", "browser user agent", "http user agent", "client user agent"),
    "device_id": ("deviceid", "device fingerprint", "fingerprint"),
    "spf": (),
    "dkim": (),
    "dmarc": (),
    "consent_given": ("consent", "marketing consent", "gdpr consent", "opt in"),
    "consent_wording": ("consent wording id",),
    "gpc": ("sec gpc", "global privacy control"),
    "utm.source": (),
    "utm.medium": (),
    "utm.campaign": (),
    "utm.term": (),
    "utm.content": (),
}

#: Words in the name of a column that holds what became of a lead, or somebody's judgement of it.
OUTCOME_WORDS = frozenset(
    """
    accepted class closed conversion converted customer deal disposition disqualified fraud grade ham is junk label
    lost opportunity outcome priority qualified quality rating rejected response result score spam stage status target
    verdict won y
    """.split()
) - {"is"}


def field_by_name() -> dict[str, str]:
    """Normalised column name → field."""
    names = {}
    for target, others in SYNONYMS.items():
        for name in (normalised(target.replace(".", " ")), *others):
            names[name] = target
    return names


def is_outcome_like(column: str) -> bool:
    """Whether the name says that the column tells what became of the lead."""
    return not OUTCOME_WORDS.isdisjoint(normalised(column).split())
