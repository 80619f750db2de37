"""Sign-off on both databases: what is kept, and what raw SQL cannot do, with foreign keys and without."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from tests.support.cases import starter
from tests.support.signing import AUTHOR, SIGNER, live_on, proposed
from winnow.adapters.db.api_keys import ApiKeys
from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.guards import GUARDS, make_guards, need_guards, standing
from winnow.adapters.db.log import Journal, LogReader
from winnow.adapters.db.moments import micros
from winnow.adapters.db.rulesets import StoredRulesets
from winnow.adapters.db.signing import StoredSigning
from winnow.core.apikeys import ApiKey, Scope
from winnow.core.canonical import content_hash
from winnow.core.govern.signing import Basis, End, Kind, Stage
from winnow.errors import ConflictError, NotAllowedError, NotFoundError, WinnowError
from winnow.ports import Ground

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST = starter()
SECOND, THIRD = replace(FIRST, id="second"), replace(FIRST, id="third")
STRICTER = replace(FIRST, id="stricter", policy=replace(FIRST.policy, owner="somebody else"))


@pytest.fixture
def journal(vault):
    return Journal(vault)


@pytest.fixture
def rulesets(store, journal):
    made = StoredRulesets(store, journal)
    made.activate(FIRST, "system", NOW - DAY, Ground(Basis.SHIPPED))
    made.add(SECOND, AUTHOR, NOW - DAY)
    return made


@pytest.fixture
def signing(store, journal, rulesets):  # noqa: ARG001  # with rulesets there
    return StoredSigning(store, journal)


def filed(signing, ruleset=SECOND, **how):
    proposal = proposed(ruleset.hash, NOW, **how)
    signing.propose(proposal, {})
    return proposal


def signed(signing, ruleset=SECOND, signer=SIGNER, *, privacy=False, at=NOW, **how):
    proposal = filed(signing, ruleset, **how)
    return signing.sign(proposal.id, proposal.hash, signer, at, privacy=privacy)


# ── the store ────────────────────────────────────────────────────────────────────────────────────


def test_a_proposal_is_kept_with_the_argument_about_it(signing, store):
    proposal = proposed(SECOND.hash, NOW)
    report = {"leads": 12, "share": 0.5}
    proposal = replace(proposal, attachments={"simulation": "x"}, lasts=2 * DAY)
    signing.propose(proposal, {"simulation": report})
    signing.comment(proposal.id, "us_l", "legal", "fine", NOW)
    made = signing.sign(proposal.id, proposal.hash, SIGNER, NOW, privacy=True)
    assert (made.expires_at, made.privacy, made.hash) == (NOW + 2 * DAY, True, proposal.hash)
    found = signing.filed(proposal.id)
    assert (found.proposal, found.sign_offs, found.end) == (proposal, (made,), None)
    assert signing.about(Kind.RULESET, SECOND.hash) == (found,)
    assert signing.about(Kind.LADDER, SECOND.hash) == ()
    assert [(each.author, each.side, each.text) for each in signing.comments(proposal.id)] == [
        ("us_l", "legal", "fine")
    ]
    other = filed(signing, kind=Kind.BREAK_GLASS, lasts=HOUR)
    page = signing.page(None, 1)
    assert ([each.proposal.id for each in page.items], page.next) == ([other.id], other.id)
    assert [each.proposal.id for each in signing.page(page.next, 5).items] == [proposal.id]
    assert [each.proposal.id for each in signing.page(None, 5, kind=Kind.RULESET).items] == [proposal.id]
    kinds = [entry.partition(b'"kind":"')[2].partition(b'"')[0].decode() for entry in LogReader(store).entries(0, 99)]
    assert kinds[2:] == ["proposal.made", "proposal.commented", "proposal.signed", "break-glass.asked"]


def test_what_is_attached_is_found_by_its_hash(signing):
    report = {"leads": 12, "share": 0.5}
    for _ in range(2):
        signing.propose(proposed(SECOND.hash, NOW), {"simulation": report})
    assert signing.attachment(content_hash(report)) == report
    with pytest.raises(NotFoundError):
        signing.attachment("0" * 64)


def test_what_cannot_be_signed_is_refused(signing):
    proposal = filed(signing)
    with pytest.raises(NotFoundError):
        signing.sign("prop_none", proposal.hash, SIGNER, NOW, privacy=False)
    with pytest.raises(ConflictError, match="what you read"):
        signing.sign(proposal.id, "0" * 64, SIGNER, NOW, privacy=False)
    with pytest.raises(NotAllowedError):
        signing.sign(proposal.id, proposal.hash, AUTHOR, NOW, privacy=False)
    signing.sign(proposal.id, proposal.hash, SIGNER, NOW, privacy=False)
    with pytest.raises(ConflictError, match="signed it already"):
        signing.sign(proposal.id, proposal.hash, SIGNER, NOW, privacy=False)
    signing.end(proposal.id, End(Stage.DECLINED, "us_x", NOW, "no"))
    with pytest.raises(ConflictError, match="declined"):
        signing.sign(proposal.id, proposal.hash, "us_y", NOW, privacy=False)
    with pytest.raises(ConflictError, match="declined"):
        signing.end(proposal.id, End(Stage.WITHDRAWN, AUTHOR, NOW, "no"))


def test_what_went_live_is_not_taken_back(signing, rulesets):
    made = signed(signing)
    rulesets.activate(SECOND, "us_x", NOW, Ground(Basis.SIGNED, made.number))
    with pytest.raises(ConflictError, match="went live"):
        signing.end(made.proposal, End(Stage.WITHDRAWN, AUTHOR, NOW, "no"))


def test_whoever_made_the_key_that_put_it_in_may_not_sign(signing, rulesets, store, journal):
    key = ApiKey("wk_1", b"d" * 32, "k", frozenset({Scope.RULESETS_WRITE}), NOW, SIGNER)
    ApiKeys(store, journal).add(key)
    assert signing.writers("wk_1") == {"wk_1", SIGNER}
    rulesets.add(THIRD, "wk_1", NOW)
    proposal = filed(signing, THIRD, author="us_other", writer="us_forged")  # as raw SQL might claim
    with pytest.raises(NotAllowedError):
        signing.sign(proposal.id, proposal.hash, SIGNER, NOW, privacy=True)


def test_until_when_a_ruleset_has_what_it_needs(signing, rulesets):
    assert signing.good_until(FIRST) is None
    assert signing.good_until(SECOND) < NOW
    signed(signing, lasts=3 * DAY)
    assert signing.good_until(SECOND) == NOW + 3 * DAY
    rulesets.add(STRICTER, AUTHOR, NOW)
    proposal = filed(signing, STRICTER)
    signing.sign(proposal.id, proposal.hash, SIGNER, NOW, privacy=False)
    assert signing.good_until(STRICTER) < NOW
    signing.sign(proposal.id, proposal.hash, "us_p", NOW + HOUR, privacy=True)
    assert signing.good_until(STRICTER) == NOW + HOUR + 30 * DAY


# ── what the database refuses ────────────────────────────────────────────────────────────────────


def run(store, statement, *, keys=True, **values):
    """Raw SQL, as somebody with the database's password might send it; `keys`: with foreign keys switched on."""
    with store.connect() as connection:
        if store.dialect.name == "sqlite" and not keys:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        try:
            connection.execute(text(statement), values)
            connection.commit()
        finally:
            connection.rollback()
            if store.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA foreign_keys=ON")


SIGN = (
    "INSERT INTO sign_offs (id, proposal, author, writer, hash, signer, privacy, at, expires_at)"
    " VALUES (:id, :proposal, :author, :writer, :hash, :signer, TRUE, :at, :until)"
)
LIVE = (
    "INSERT INTO activations (id, ruleset, at, actor, basis, sign_off)"
    " VALUES (:id, :ruleset, :at, :actor, :basis, :sign_off)"
)


@pytest.mark.parametrize("keys", [True, False])
def test_raw_sql_signs_nothing_of_its_author_or_writer(signing, store, keys):
    """Every way to spread four people over the columns; only a second person's signature gets in."""
    if store.dialect.name != "sqlite" and not keys:
        pytest.skip("PostgreSQL always looks after its keys")
    people = ("us_proposer", AUTHOR, "us_writer", "us_second")
    proposal = filed(signing, author="us_proposer", writer="us_writer")  # AUTHOR put the ruleset in
    got_in = set()
    for number, (author, writer, signer) in enumerate(product(people, repeat=3), 1_000):
        row = {"author": author, "writer": writer, "signer": signer, "id": number, "at": micros(NOW)}
        row |= {"proposal": proposal.id, "hash": proposal.hash, "until": micros(NOW + DAY)}
        try:
            run(store, SIGN, keys=keys, **row)
            got_in.add((author, writer, signer))
        except IntegrityError:
            pass
    assert got_in == {("us_proposer", "us_writer", "us_second")}
    assert [each.signer for each in signing.filed(proposal.id).sign_offs] == ["us_second"]


CHANGES = (
    "UPDATE sign_offs SET signer = 'us_author'",
    "UPDATE sign_offs SET expires_at = expires_at + 1",
    "DELETE FROM sign_offs",
    "UPDATE proposals SET hash = 'x'",
    "UPDATE proposals SET author = 'us_signer'",
    "UPDATE proposals SET writer = 'us_x'",
    "UPDATE proposals SET content = 'x'",
    "UPDATE proposals SET ruleset = NULL",
    "UPDATE proposals SET document = '{}'",
    "UPDATE proposals SET at = at + 1",
    "DELETE FROM proposals",
    "UPDATE rulesets SET author = 'us_x'",
    "UPDATE rulesets SET policy = 'x'",
    "DELETE FROM rulesets",
    "UPDATE activations SET ruleset = ruleset",
    "DELETE FROM activations",
    "UPDATE proposal_comments SET text = 'x'",
    "DELETE FROM proposal_comments",
    "UPDATE attachments SET document = '{}'",
    "DELETE FROM attachments",
)


def test_raw_sql_changes_nothing_of_what_was_agreed_to(signing, store):
    made = signed(signing)
    signing.comment(made.proposal, "us_l", "legal", "fine", NOW)
    signing.propose(proposed(SECOND.hash, NOW), {"card": {"a": 1}})
    for statement, keys in product(CHANGES, (True, False)):
        with pytest.raises(IntegrityError):
            run(store, statement, keys=keys)


#: What would replace a row: one of the same key, one that counts for the same, and a new one put in the same place.
REPLACES = (
    ("proposals", "author = 'us_author'"),
    ("sign_offs", "signer = 'us_author'"),
    ("sign_offs", "id = id + 1000"),
    ("proposal_comments", "text = 'not fine'"),
    ("attachments", "document = '{}'"),
    ("rulesets", "author = 'us_author'"),
    ("activations", "actor = 'us_author'"),
)
TAKES_THE_PLACE = (("proposals", "id = 'prop_other'"), ("rulesets", "hash = 'x'"), ("attachments", "hash = 'x'"))


def test_replacing_a_row_is_changing_it(signing, store):
    if store.dialect.name != "sqlite":
        pytest.skip("only SQLite knows INSERT OR REPLACE")
    made = signed(signing)
    signing.comment(made.proposal, "us_l", "legal", "fine", NOW)
    signing.propose(proposed(SECOND.hash, NOW), {"card": {"a": 1}})
    for (table, change), place in [*product(REPLACES, [""]), *product(TAKES_THE_PLACE, ["rowid, "])]:
        names = place + ", ".join(each["name"] for each in inspect(store).get_columns(table))
        run(store, f"CREATE TABLE other AS SELECT {place.replace('rowid', 'rowid AS place')}* FROM {table}")
        run(store, f"UPDATE other SET {change} WHERE rowid = 1")
        with pytest.raises(IntegrityError, match=r"never changes|may not sign"):
            run(store, f"INSERT OR REPLACE INTO {table} ({names}) SELECT * FROM other WHERE rowid = 1", keys=False)
        run(store, "DROP TABLE other")
    with pytest.raises(IntegrityError, match="never changes"):
        run(store, "UPDATE OR REPLACE proposals SET rowid = rowid + 1", keys=False)


@pytest.mark.parametrize("table", sorted({each.table for each in GUARDS}))
def test_postgresql_neither_empties_a_table_nor_looks_away_for_a_replica(signing, store, table):
    if store.dialect.name != "postgresql":
        pytest.skip("SQLite knows neither")
    signing.comment(signed(signing).proposal, "us_l", "legal", "fine", NOW)
    signing.propose(proposed(SECOND.hash, NOW), {"card": {"a": 1}})
    replica = "SET LOCAL session_replication_role = replica"
    for statement in (f"TRUNCATE {table} CASCADE", f"{replica}; DELETE FROM {table}"):
        with pytest.raises(IntegrityError, match="never changes"), store.connect() as connection:
            connection.exec_driver_sql(statement)


def activations_to_try(signing, rulesets):
    """Every basis with every sign-off there is: (basis, ruleset, sign-off, actor, at), and what may go live."""
    rulesets.add(THIRD, AUTHOR, NOW)
    rulesets.add(STRICTER, AUTHOR, NOW)
    plain = signed(signing)
    short = signed(signing, THIRD, lasts=HOUR)
    emergency = signed(signing, THIRD, kind=Kind.BREAK_GLASS, lasts=HOUR)
    legal = signed(signing, STRICTER)
    ended = signed(signing)
    signing.end(ended.proposal, End(Stage.DECLINED, "us_x", NOW, "no"))
    numbers = {"none": None, "plain": plain.number, "short": short.number, "legal": legal.number}
    numbers |= {"emergency": emergency.number, "ended": ended.number}
    allowed = {
        *(("signed", SECOND.id, "plain", late) for late in (False, True)),
        ("signed", THIRD.id, "short", False),
        ("break-glass", THIRD.id, "emergency", False),
        *(("rollback", FIRST.id, name, late) for name in numbers for late in (False, True)),
    }
    return numbers, allowed


@pytest.mark.parametrize("keys", [True, False])
def test_raw_sql_activates_nothing_without_a_valid_sign_off(signing, rulesets, store, keys):
    if store.dialect.name != "sqlite" and not keys:
        pytest.skip("PostgreSQL always looks after its keys")
    numbers, allowed = activations_to_try(signing, rulesets)
    got_in = set()
    choices = product(Basis, (FIRST, SECOND, THIRD, STRICTER), numbers, (False, True))
    with store.connect() as connection:
        if store.dialect.name == "sqlite" and not keys:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        for number, (basis, ruleset, name, late) in enumerate(choices, 10_000):
            if store.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")
            row = {"id": number, "ruleset": ruleset.hash, "actor": "system", "basis": basis.value}
            row |= {"at": micros(NOW + 2 * HOUR if late else NOW + timedelta(minutes=1)), "sign_off": numbers[name]}
            try:
                connection.execute(text(LIVE), row)
                got_in.add((basis.value, ruleset.id, name, late))
            except IntegrityError:
                pass
            connection.rollback()  # each is tried in the same state
        if store.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
    assert got_in == allowed


def test_nothing_goes_live_by_what_was_taken_back_while_somebody_looked(signing, rulesets):
    for kind, basis in ((Kind.RULESET, Basis.SIGNED), (Kind.BREAK_GLASS, Basis.BREAK_GLASS)):
        made = signed(signing, kind=kind, lasts=HOUR)
        signing.end(made.proposal, End(Stage.WITHDRAWN, AUTHOR, NOW + timedelta(seconds=1), "no"))
        with pytest.raises(NotAllowedError):  # whose moment is that of their look, before it was taken back
            rulesets.activate(SECOND, "us_x", NOW, Ground(basis, made.number))


def test_another_policy_needs_a_privacy_officer(signing, rulesets):
    rulesets.add(STRICTER, AUTHOR, NOW)
    proposal = filed(signing, STRICTER)
    made = signing.sign(proposal.id, proposal.hash, SIGNER, NOW, privacy=False)
    with pytest.raises(NotAllowedError):
        rulesets.activate(STRICTER, "us_x", NOW, Ground(Basis.SIGNED, made.number))
    signing.sign(proposal.id, proposal.hash, "us_privacy", NOW, privacy=True)
    rulesets.activate(STRICTER, "us_x", NOW, Ground(Basis.SIGNED, made.number))
    assert rulesets.live().hash == STRICTER.hash
    only = signed(signing)  # and so does going back to the old policy in a ruleset that was never live
    with pytest.raises(NotAllowedError):
        rulesets.activate(SECOND, "us_x", NOW, Ground(Basis.SIGNED, only.number))


def test_break_glass_lasts_four_hours_at_most_is_good_once_and_ends_where_it_began(signing, rulesets):
    too_long = filed(signing, kind=Kind.BREAK_GLASS, lasts=4 * HOUR + timedelta(seconds=1))
    with pytest.raises(NotAllowedError):
        signing.sign(too_long.id, too_long.hash, SIGNER, NOW, privacy=False)
    made = signed(signing, kind=Kind.BREAK_GLASS, lasts=4 * HOUR)
    rulesets.activate(SECOND, "us_x", NOW, Ground(Basis.BREAK_GLASS, made.number))
    with pytest.raises(NotAllowedError):
        rulesets.activate(SECOND, "us_x", NOW, Ground(Basis.RETURN))
    rulesets.activate(FIRST, "system", NOW + 4 * HOUR, Ground(Basis.RETURN))
    with pytest.raises(NotAllowedError):
        rulesets.activate(SECOND, "us_x", NOW, Ground(Basis.BREAK_GLASS, made.number))
    with pytest.raises(NotAllowedError):
        rulesets.activate(FIRST, "system", NOW, Ground(Basis.RETURN))
    again = signing.sign(made.proposal, made.hash, "us_second", NOW, privacy=True)
    with pytest.raises(NotAllowedError):  # a second grant of the same is no second act
        rulesets.activate(SECOND, "us_x", NOW, Ground(Basis.BREAK_GLASS, again.number))
    with pytest.raises(NotAllowedError):  # what an emergency made live was not signed by that
        rulesets.activate(SECOND, "us_x", NOW, Ground(Basis.ROLLBACK))


def test_going_back_takes_a_sign_off_that_was_valid_when_given(signing, rulesets, store, vault):
    go_live = live_on(store, vault)
    go_live(SECOND, "us_x", NOW)
    go_live(THIRD, "us_x", NOW + HOUR)
    late = NOW + 400 * DAY
    rulesets.activate(SECOND, "us_x", late, Ground(Basis.ROLLBACK))
    assert rulesets.live().hash == SECOND.hash
    assert signing.regular(THIRD.hash)
    assert not signing.regular(STRICTER.hash)
    assert [each.ground.basis for each in signing.activations(2)] == [Basis.ROLLBACK, Basis.SIGNED]


# ── the guards themselves ────────────────────────────────────────────────────────────────────────


def test_all_guards_stand_and_a_missing_or_changed_one_is_noticed(store):
    with reading(store) as connection:
        there = standing(connection)
    assert there.keys() == {each.name for each in GUARDS if each.only in {"", store.dialect.name}}
    need_guards(store)
    guard = next(each for each in GUARDS if each.name == "sign_offs_by_another")
    where = "" if store.dialect.name == "sqlite" else f" ON {guard.table}"
    with writing(store) as connection:
        connection.exec_driver_sql(f"DROP TRIGGER {guard.name}{where}")
    with pytest.raises(WinnowError, match="sign_offs_by_another"):
        need_guards(store)
    with writing(store) as connection:
        connection.exec_driver_sql(replace(guard, forbids="FALSE").made(store.dialect.name))
    with pytest.raises(WinnowError, match="sign_offs_by_another"):
        need_guards(store)


def test_a_guard_that_is_switched_off_is_missing_until_all_are_made_anew(store):
    if store.dialect.name == "sqlite":
        pytest.skip("SQLite cannot switch one off")
    with writing(store) as connection:
        connection.exec_driver_sql("ALTER TABLE activations DISABLE TRIGGER activations_signed")
    with pytest.raises(WinnowError, match="activations_signed"):
        need_guards(store)
    with writing(store) as connection:
        make_guards(connection)
    need_guards(store)
