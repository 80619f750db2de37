"""What the database refuses about sign-off: an author's own signature, a changed proposal, an unsigned ruleset."""

#: Longest grant in an emergency, in microseconds.
_FOUR_HOURS = 4 * 3_600 * 1_000_000

_OWN = "who wrote or proposed something may not sign it"
_FIXED = "this row never changes"
_UNSIGNED = "no ruleset decides without a sign-off"

#: Everything in one table that a second row of the same key would replace (INSERT OR REPLACE fires no other trigger).
_TWICE = "EXISTS (SELECT 1 FROM {table} o WHERE o.{key} = NEW.{key})"

#: The proposal that NEW signs must be there, as it was read, and not ended; its author, its writer, whoever put the
#: ruleset in, and whoever made the key that did may not sign.
_SIGNING = (
    "NOT EXISTS (SELECT 1 FROM proposals p WHERE p.id = NEW.proposal AND p.author = NEW.author"  # noqa: S608  # a text of our own
    " AND p.writer = NEW.writer AND p.hash = NEW.hash AND (p.ended_at IS NULL OR p.ended_at > NEW.at)"
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
    " AND s.at <= NEW.at AND s.expires_at > NEW.at AND (p.ended_at IS NULL OR p.ended_at > NEW.at)"
    f" AND (COALESCE({_SAME_POLICY}, FALSE) OR {_PRIVACY})"
    " AND (NEW.basis = 'signed' OR NOT EXISTS (SELECT 1 FROM activations a WHERE a.sign_off = s.id))))"
)

_GROUNDED = f"({_FIRST} OR {_ROLLBACK} OR {_RETURN} OR {_SIGNED})"

_CHANGED = " OR ".join(
    f"COALESCE(NEW.{name}, '') <> COALESCE(OLD.{name}, '')"
    for name in ("id", "kind", "content", "ruleset", "hash", "author", "writer", "document")
)

#: Name, table, event, what is forbidden, what is said, the one database that needs it.
GUARDS = (
    ("sign_offs_by_another", "sign_offs", "INSERT", _SIGNING, _OWN, ""),
    ("sign_offs_twice", "sign_offs", "INSERT", _TWICE.format(table="sign_offs", key="id"), _FIXED, "sqlite"),
    ("sign_offs_fixed", "sign_offs", "UPDATE", "TRUE", _FIXED, ""),
    ("sign_offs_kept", "sign_offs", "DELETE", "TRUE", _FIXED, ""),
    ("proposals_twice", "proposals", "INSERT", _TWICE.format(table="proposals", key="id"), _FIXED, "sqlite"),
    (
        "proposals_fixed",
        "proposals",
        "UPDATE",
        f"{_CHANGED} OR NEW.at <> OLD.at OR OLD.ended_at IS NOT NULL",
        _FIXED,
        "",
    ),
    ("proposals_kept", "proposals", "DELETE", "TRUE", _FIXED, ""),
    ("proposal_comments_fixed", "proposal_comments", "UPDATE", "TRUE", _FIXED, ""),
    ("proposal_comments_kept", "proposal_comments", "DELETE", "TRUE", _FIXED, ""),
    ("attachments_fixed", "attachments", "UPDATE", "TRUE", _FIXED, ""),
    ("attachments_kept", "attachments", "DELETE", "TRUE", _FIXED, ""),
    ("rulesets_twice", "rulesets", "INSERT", _TWICE.format(table="rulesets", key="hash"), _FIXED, "sqlite"),
    ("rulesets_fixed", "rulesets", "UPDATE", "TRUE", _FIXED, ""),
    ("rulesets_kept", "rulesets", "DELETE", "TRUE", _FIXED, ""),
    ("activations_signed", "activations", "INSERT", f"NOT {_GROUNDED}", _UNSIGNED, ""),
    ("activations_twice", "activations", "INSERT", _TWICE.format(table="activations", key="id"), _FIXED, "sqlite"),
    ("activations_fixed", "activations", "UPDATE", "TRUE", _FIXED, ""),
    ("activations_kept", "activations", "DELETE", "TRUE", _FIXED, ""),
)
