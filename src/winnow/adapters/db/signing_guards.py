"""What the database refuses about sign-off: an author's own signature, a changed proposal, an unsigned ruleset."""

#: Longest grant in an emergency, in microseconds.
_FOUR_HOURS = 4 * 3_600 * 1_000_000

_OWN = "who wrote or proposed something may not sign it"
_FIXED = "this row never changes"
_UNSIGNED = "no ruleset decides without a sign-off"

#: What a new row would replace, since INSERT OR REPLACE fires no other trigger: a row of the same key, or in the same
#: place, which SQLite lets anybody name as `rowid`.
_TWICE = "EXISTS (SELECT 1 FROM {table} o WHERE o.rowid = NEW.rowid OR {same})"

#: The proposal that NEW signs must be there, as it was read, and not ended; its author, its writer, whoever put the
#: ruleset in, and whoever made the key that did may not sign.
_SIGNING = (
    "NOT EXISTS (SELECT 1 FROM proposals p WHERE p.id = NEW.proposal AND p.author = NEW.author"  # noqa: S608  # a text of our own
    " AND p.writer = NEW.writer AND p.hash = NEW.hash AND p.ended_at IS NULL"
    f" AND (p.kind <> 'break-glass' OR NEW.expires_at <= NEW.at + {_FOUR_HOURS}))"
    " OR NEW.signer = NEW.author OR NEW.signer = NEW.writer"
    " OR EXISTS (SELECT 1 FROM proposals p JOIN rulesets r ON r.hash = p.ruleset"
    " LEFT JOIN api_keys k ON k.id = r.author"
    " WHERE p.id = NEW.proposal AND (r.author = NEW.signer OR k.created_by = NEW.signer))"
)

#: The first of all, which nobody could have signed.
_FIRST = (
    "(NEW.basis IN ('shipped', 'file') AND NEW.actor = 'system' AND NEW.sign_off IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM activations a))"
)
_ROLLBACK = (
    "(NEW.basis = 'rollback' AND EXISTS"
    " (SELECT 1 FROM activations a WHERE a.ruleset = NEW.ruleset AND a.basis IN ('shipped', 'signed')))"
)
_RETURN = (
    "(NEW.basis = 'return' AND (SELECT a.basis FROM activations a ORDER BY a.id DESC LIMIT 1) = 'break-glass'"
    " AND NEW.ruleset ="
    " (SELECT a.ruleset FROM activations a WHERE a.basis <> 'break-glass' ORDER BY a.id DESC LIMIT 1))"
)
_SAME_POLICY = (
    "(SELECT r.policy FROM rulesets r WHERE r.hash = NEW.ruleset) = (SELECT r.policy FROM activations a"
    " JOIN rulesets r ON r.hash = a.ruleset WHERE a.basis IN ('shipped', 'signed', 'rollback')"
    " ORDER BY a.id DESC LIMIT 1)"
)
_PRIVACY = (
    "EXISTS (SELECT 1 FROM sign_offs o WHERE o.proposal = p.id AND o.privacy AND o.at <= NEW.at"
    " AND o.expires_at > NEW.at)"
)
_SIGNED = (
    "(NEW.basis IN ('signed', 'break-glass') AND EXISTS (SELECT 1 FROM sign_offs s"  # noqa: S608  # as above
    " JOIN proposals p ON p.id = s.proposal WHERE s.id = NEW.sign_off AND p.ruleset = NEW.ruleset"
    " AND p.kind = CASE WHEN NEW.basis = 'signed' THEN 'ruleset' ELSE 'break-glass' END"
    " AND s.at <= NEW.at AND s.expires_at > NEW.at AND p.ended_at IS NULL"
    f" AND (COALESCE({_SAME_POLICY}, FALSE) OR {_PRIVACY})"
    " AND (NEW.basis = 'signed' OR NOT EXISTS (SELECT 1 FROM activations a"
    " JOIN sign_offs o ON o.id = a.sign_off WHERE o.proposal = p.id))))"
)

_GROUNDED = f"({_FIRST} OR {_ROLLBACK} OR {_RETURN} OR {_SIGNED})"

_CHANGED = " OR ".join(
    f"COALESCE(NEW.{name}, '') <> COALESCE(OLD.{name}, '')"
    for name in ("id", "kind", "content", "ruleset", "hash", "author", "writer", "document")
)
#: Whatever is more than ending a proposal, once.
_ENDING = f"{_CHANGED} OR NEW.at <> OLD.at OR OLD.ended_at IS NOT NULL"

#: What makes a row of each table the same one.
_SAME = {
    "sign_offs": "o.id = NEW.id OR (o.proposal = NEW.proposal AND o.signer = NEW.signer)",
    "proposals": "o.id = NEW.id",
    "proposal_comments": "o.id = NEW.id",
    "attachments": "o.hash = NEW.hash",
    "rulesets": "o.hash = NEW.hash",
    "activations": "o.id = NEW.id",
}

#: Name, table, event, what is forbidden, what is said, the one database that needs it.
GUARDS = (
    ("sign_offs_by_another", "sign_offs", "INSERT", _SIGNING, _OWN, ""),
    ("activations_signed", "activations", "INSERT", f"NOT {_GROUNDED}", _UNSIGNED, ""),
    ("proposals_in_place", "proposals", "UPDATE", "NEW.rowid <> OLD.rowid", _FIXED, "sqlite"),
    *(
        (f"{table}_twice", table, "INSERT", _TWICE.format(table=table, same=same), _FIXED, "sqlite")
        for table, same in _SAME.items()
    ),
    *((f"{table}_fixed", table, "UPDATE", _ENDING if table == "proposals" else "TRUE", _FIXED, "") for table in _SAME),
    *((f"{table}_kept", table, "DELETE", "TRUE", _FIXED, "") for table in _SAME),
    *((f"{table}_emptied", table, "TRUNCATE", "TRUE", _FIXED, "postgresql") for table in _SAME),
)
