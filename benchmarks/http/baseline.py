"""The service most teams would write first: FastAPI, pydantic, the SQLAlchemy ORM, a session and a commit a request.

Run as a server: `python -m benchmarks.http.baseline --database URL --port N`. By default it decides with Winnow's own
screener, over the same facts without history, so that nothing but the service around it is compared; `--score
trivial` decides nothing at all, so that nobody can say it was the scorer that was slow. `--style threads` is what the
documentation of FastAPI shows, a function that runs in a pool of threads; `--style loop` answers on the event loop
itself, which for SQLite is faster, since threads fight over its one lock.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import uvicorn
from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import JSON, Engine, ForeignKey, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, sessionmaker

from winnow.adapters.facts.lookup import BatchFacts
from winnow.adapters.facts.reference import Reference
from winnow.adapters.rulesets import read_ruleset
from winnow.core.document import decision_document
from winnow.core.facts import History, Seen
from winnow.core.lead import Lead
from winnow.services.screen import Screener


class LeadIn(BaseModel):
    """A lead as it is sent."""

    id: str
    source: str | None = None
    channel: str | None = None
    full_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    emails: list[str] = []
    phones: list[str] = []
    company: str | None = None
    job_title: str | None = None
    website: str | None = None
    country: str | None = None
    language: str | None = None
    timezone: str | None = None
    message: str | None = None
    form_fill_seconds: float | None = None
    form_pasted_fields: int | None = None
    form_honeypot: bool | None = None
    form_focus_changes: int | None = None
    ip: str | None = None
    user_agent: str | None = None
    device_id: str | None = None
    spf: str | None = None
    dkim: str | None = None
    dmarc: str | None = None
    consent_given: bool | None = None
    consent_wording: str | None = None
    utm: dict[str, str] = {}
    custom: dict[str, str] = {}


class ReasonOut(BaseModel):
    """One reason, as it is answered."""

    code: str
    family: str
    points: int
    text: str
    source: str


class DecisionOut(BaseModel):
    """A decision, as it is answered."""

    id: int
    lead_id: str
    source: str | None
    outcome: str
    probability: float
    score: int
    base: int
    threshold_band: str
    decided_by: str
    reasons: list[ReasonOut]
    scopes: dict[str, str]
    unknown: list[str]
    skipped_rules: list[str]
    ruleset: dict[str, str]
    shadow: bool
    decided_at: datetime


class Base(DeclarativeBase):
    """What the tables have in common."""


class LeadRow(Base):
    """A lead, stored."""

    __tablename__ = "leads"
    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[str] = mapped_column(index=True)
    source: Mapped[str | None]
    email: Mapped[str | None] = mapped_column(index=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_at: Mapped[datetime]


class DecisionRow(Base):
    """A decision, stored."""

    __tablename__ = "decisions"
    id: Mapped[int] = mapped_column(primary_key=True)
    lead_row_id: Mapped[int] = mapped_column(ForeignKey("leads.id"), index=True)
    lead: Mapped[LeadRow] = relationship()
    outcome: Mapped[str]
    score: Mapped[int]
    decided_by: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    decided_at: Mapped[datetime]


Score = Callable[[Lead], dict[str, Any]]


class _NoHistory:
    def counts(self, batch: Sequence[Seen]) -> list[History]:
        return [History()] * len(batch)


def winnow_score() -> Score:
    """Winnow's own decision."""
    ruleset = read_ruleset(None)
    facts = BatchFacts(Reference(), _NoHistory(), now=_now, index=lambda: ruleset.index, customers=frozenset())
    screener = Screener(facts, ruleset)
    return lambda lead: decision_document(screener.one(lead))


def trivial_score() -> Score:
    """Always the same decision, one that Winnow once made."""
    always = Screener(BatchFacts(Reference(), _NoHistory(), now=_now), read_ruleset(None)).one(Lead("0"))
    document = decision_document(always)
    return lambda lead: {**document, "lead_id": lead.id}


_SCORES: dict[str, Callable[[], Score]] = {"winnow": winnow_score, "trivial": trivial_score}


def application(engine: Engine, score: Score, style: str) -> FastAPI:
    """The service; its tables are made when they are missing."""
    Base.metadata.create_all(engine)
    sessions = sessionmaker(engine, expire_on_commit=False)
    app = FastAPI()

    def session() -> Iterator[Session]:
        with sessions() as opened:
            yield opened

    @app.get("/healthz")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    def in_a_thread(lead: LeadIn, session: Annotated[Session, Depends(session)]) -> DecisionOut:
        return _screened(lead, session, score)

    async def on_the_loop(lead: LeadIn) -> DecisionOut:
        with sessions() as opened:
            return _screened(lead, opened, score)

    app.post("/v1/leads")(in_a_thread if style == "threads" else on_the_loop)
    return app


def _screened(lead: LeadIn, session: Session, score: Score) -> DecisionOut:
    fields = lead.model_dump(exclude_none=True)
    now = _now()
    document = score(Lead(**{**fields, "emails": tuple(lead.emails), "phones": tuple(lead.phones)}, received_at=now))
    email = lead.emails[0] if lead.emails else None
    stored = LeadRow(lead_id=lead.id, source=lead.source, email=email, body=fields, received_at=now)
    decision = DecisionRow(
        lead=stored,
        outcome=document["outcome"],
        score=document["score"],
        decided_by=document["decided_by"],
        document=document,
        decided_at=now,
    )
    session.add(decision)
    session.commit()
    return DecisionOut(id=decision.id, source=lead.source, decided_at=now, **document)


def _now() -> datetime:
    return datetime.now(UTC)


def database(url: str) -> Engine:
    """SQLite durable to the last commit, or PostgreSQL as it comes, with SQLAlchemy's own pool of connections."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _durable(connection: Any, _: object) -> None:  # noqa: ANN401  # the driver's own
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA busy_timeout = 30000")

    return engine


def main() -> None:
    """Serve with one worker and the same loop and parser as Winnow."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--database", required=True)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--score", choices=sorted(_SCORES), default="winnow")
    options.add_argument("--style", choices=["threads", "loop"], default="threads")
    given = options.parse_args()
    app = application(database(given.database), _SCORES[given.score](), given.style)
    uvicorn.run(app, port=given.port, loop="uvloop", http="httptools", access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
