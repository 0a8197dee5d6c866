"""Incidents, their escalation through a protocol, each step's two times, and each try to reach one person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program, within_program
from app.incidents.caller_models import InboundCaller as InboundCaller
from app.incidents.lowering_models import TierLowering as TierLowering
from app.incidents.run_models import ProtocolRun as ProtocolRun

LIVE_ATTEMPT = "status in ('dialing', 'ringing', 'answered', 'unknown')"


def _tier() -> CheckConstraint:
    return CheckConstraint("tier in ('none', 'low', 'moderate', 'high', 'imminent')", name="tier")


def _lines() -> CheckConstraint:
    return CheckConstraint("lines in ('outside', 'simulated')", name="lines")


class Outage(Scoped, Base):
    """Three or more lost within 10 s (R1): contact and responder steps stay locked until a person says otherwise."""

    __tablename__ = "outage"
    __table_args__ = (of_program(),)
    opened_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    cleared_by: Mapped[UUID | None]


class Incident(Scoped, Base):
    """The case. `drop_at` is zero of every clock: the last evidence that the person was there."""

    __tablename__ = "incident"
    __table_args__ = (
        ForeignKeyConstraint(
            ["program_id", "lines"], ["program.id", "program.lines"], name="fk_incident_lines"
        ),
        within_program("client_id", "client"),
        within_program("group_session_id", "group_session"),
        within_program("owner_id", "staff_member"),
        within_program("triaged_by", "staff_member"),
        within_program("outage_id", "outage"),
        within_program("protocol_version_id", "protocol_version"),
        _tier(),
        _lines(),
        CheckConstraint("state in ('open', 'closed')", name="state"),
        CheckConstraint(
            "triage in ('crisis', 'harm', 'medical', 'intoxication', 'psychosis')", name="triage"
        ),
        Index("ix_incident_drop_at", "program_id", "drop_at"),
        Index(
            "ix_incident_owned",
            "program_id",
            "id",
            postgresql_where=text("state = 'open' and owner_id is not null"),
        ),
        Index(
            "uq_incident_open_client",
            "program_id",
            "client_id",
            "kind",
            unique=True,
            # One who was recognised live may be lost again while the first alert waits for its outcome.
            postgresql_where=text("state = 'open' and verified_at is null"),
        ),
    )
    lines: Mapped[str]
    practice: Mapped[str | None] = mapped_column(
        comment="demo, drill or selftest: marked everywhere, left out of measures"
    )
    kind: Mapped[str]
    client_id: Mapped[UUID]
    group_session_id: Mapped[UUID]
    protocol_version_id: Mapped[UUID | None] = mapped_column(
        comment="null: the few steps that Handrail brings itself, until a file is approved"
    )
    tier: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    reason: Mapped[str] = mapped_column(
        comment="page_silent, platform_left, left_early, staff_lost, not_responding, past_time ..."
    )
    drop_at: Mapped[datetime]
    learned_at: Mapped[datetime]
    outage_id: Mapped[UUID | None]
    owner_id: Mapped[UUID | None]
    taken_at: Mapped[datetime | None]
    first_taken_at: Mapped[datetime | None]
    owned_until: Mapped[datetime | None] = mapped_column(
        comment="the acknowledgement ends here unless renewed (R15)"
    )
    back_at: Mapped[datetime | None] = mapped_column(
        comment="machines say the person is back; nobody has recognised them"
    )
    answered_at: Mapped[datetime | None] = mapped_column(
        comment="the first time any phone of the client's was answered"
    )
    reached_at: Mapped[datetime | None] = mapped_column(comment="staff said: I spoke with them")
    reached_by: Mapped[UUID | None]
    verified_at: Mapped[datetime | None] = mapped_column(comment="staff recognised the client, live (R3)")
    verified_by: Mapped[UUID | None]
    held_reply_at: Mapped[datetime | None] = mapped_column(
        comment="low tier: the client's own number replied (R1)"
    )
    first_outreach_at: Mapped[datetime | None] = mapped_column(
        comment="the first call or text towards the client started"
    )
    outcome: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    by_hand: Mapped[str | None] = mapped_column(
        comment="code of why Handrail could not act: provider_failed, no_number, voided ..."
    )
    protocol_end: Mapped[str | None] = mapped_column(
        comment="the word with which the protocol it began with ended"
    )
    tier_before: Mapped[str | None] = mapped_column(
        comment="the client's tier before the press that opened it, should the press be taken back"
    )
    triage: Mapped[str | None] = mapped_column(
        comment="crisis, or which of the four emergency triggers a person chose (D2)"
    )
    triaged_by: Mapped[UUID | None]
    triaged_at: Mapped[datetime | None]


class EscalationStep(Scoped, Base):
    """A pending step is a row; the engine claims due rows with SKIP LOCKED and carries them out in that transaction.

    `run_at`: when it may start. `limit_at`: after which it is late. `due_at`: when the engine must look at it next:
    `run_at` while pending, the end of the wait while dialing. `void_after`: past it nothing outside happens.
    """

    __tablename__ = "escalation_step"
    __table_args__ = (
        within_program("incident_id", "incident"),
        within_program("run_id", "protocol_run"),
        _tier(),
        _lines(),
        CheckConstraint(
            "status in ('pending', 'dialing', 'done', 'cancelled', 'skipped', 'unknown')", name="status"
        ),
        Index(
            "ix_escalation_step_due_at", "due_at", postgresql_where=text("status in ('pending', 'dialing')")
        ),
        Index("ix_escalation_step_incident", "program_id", "incident_id", "ordinal"),
    )
    incident_id: Mapped[UUID]
    run_id: Mapped[UUID | None] = mapped_column(comment="null: of the protocol that the incident began with")
    ordinal: Mapped[int]
    key: Mapped[str] = mapped_column(comment="the step's id in the protocol")
    action: Mapped[str]
    lines: Mapped[str]
    tier: Mapped[str]
    urgency: Mapped[int] = mapped_column(
        comment="architecture 4: 0 imminent, 1..3 first attempt by tier, 4..6 repeats"
    )
    waits_for_person: Mapped[bool]
    run_at: Mapped[datetime]
    limit_at: Mapped[datetime]
    void_after: Mapped[datetime]
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="pending")
    rounds: Mapped[int] = mapped_column(
        default=0, comment="how often a repeating step has come round, or staff legs tried"
    )
    warned_at: Mapped[datetime | None] = mapped_column(
        comment="an automatic step not started 10 s before its limit was announced"
    )
    started_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[UUID | None]
    outcome: Mapped[str | None]
    visit: Mapped[int] = mapped_column(default=1, comment="how often the chain has come to this step")


class ContactAttempt(Scoped, Base):
    """One try to reach one person by one channel. Committed as `dialing` before the provider is asked (decision 8).

    `claimed_by` is a fresh uuid per claim, the fencing token: every change by the outbox names it.
    """

    __tablename__ = "contact_attempt"
    __table_args__ = (
        within_program("incident_id", "incident"),
        within_program("step_id", "escalation_step"),
        within_program("phone_id", "client_phone"),
        within_program("contact_id", "emergency_contact"),
        within_program("staff_id", "staff_member"),
        within_program("replaces_id", "contact_attempt"),
        within_program("client_leg_id", "contact_attempt"),
        _tier(),
        _lines(),
        CheckConstraint("channel in ('call', 'text')", name="channel"),
        CheckConstraint(
            "who in ('client', 'staff', 'supervisor', 'backup', 'on_call', 'contact')", name="who"
        ),
        CheckConstraint(
            "status in ('planned', 'dialing', 'ringing', 'answered', 'ended', 'failed', 'unknown', 'cancelled', 'voided')",
            name="status",
        ),
        Index(
            "uq_contact_attempt_live_number",
            "provider_account",
            "channel",
            "number_key",
            unique=True,
            postgresql_where=text(LIVE_ATTEMPT + " and channel = 'call'"),
        ),
        Index(
            "ix_contact_attempt_planned",
            "provider_account",
            "channel",
            "urgency",
            "due_at",
            postgresql_where=text("status = 'planned'"),
        ),
        Index(
            "ix_contact_attempt_lease",
            "lease_until",
            postgresql_where=text(LIVE_ATTEMPT),
        ),
        Index("ix_contact_attempt_wanted", "program_id", "id", postgresql_where=text("wanted is not null")),
        Index("ix_contact_attempt_incident", "program_id", "incident_id"),
        Index("ix_contact_attempt_provider_id", "program_id", "provider_id"),
    )
    incident_id: Mapped[UUID]
    step_id: Mapped[UUID | None]
    lines: Mapped[str]
    provider_account: Mapped[str]
    channel: Mapped[str]
    who: Mapped[str]
    phone_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    staff_id: Mapped[UUID | None]
    client_leg_id: Mapped[UUID | None] = mapped_column(
        comment="on a staff leg: the client or contact leg whose conference it joins"
    )
    number: Mapped[bytes] = mapped_column(comment="sealed E.164")
    number_key: Mapped[bytes]
    last2: Mapped[str]
    script: Mapped[str] = mapped_column(comment="the protocol's script id: what may be said or texted")
    words: Mapped[dict[str, Any]] = mapped_column(
        default=dict, comment="neutral fill-ins only: staff first name, callback number, language"
    )
    tier: Mapped[str]
    urgency: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(
        comment="not rung before; a client leg is moved up when staff is on the line"
    )
    ring_s: Mapped[int] = mapped_column(default=25, comment="how long the phone rings")
    void_after: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="planned")
    claimed_by: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    dialing_at: Mapped[datetime | None]
    provider_id: Mapped[str | None]
    ringing_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(
        comment="human, machine or unknown: a guess of the provider's"
    )
    joined_at: Mapped[datetime | None] = mapped_column(comment="in the conference with the other leg")
    pressed_at: Mapped[datetime | None] = mapped_column(comment="a key was pressed: a hint, never proof")
    wanted: Mapped[str | None] = mapped_column(
        comment="what the outbox does to the live call next: hang_up or voicemail"
    )
    ended_at: Mapped[datetime | None]
    result: Mapped[str | None] = mapped_column(
        comment="completed, no_answer, busy, failed, canceled, voicemail, delivered, undelivered"
    )
    error_code: Mapped[str | None]
    replaces_id: Mapped[UUID | None]
    planned_at: Mapped[datetime]


class AlertSeen(Base):
    """A board answered {seen: seq}: somebody had the alert on a visible screen."""

    __tablename__ = "alert_seen"
    __table_args__ = (
        ForeignKeyConstraint(["program_id", "incident_id"], ["incident.program_id", "incident.id"]),
        ForeignKeyConstraint(["program_id", "staff_id"], ["staff_member.program_id", "staff_member.id"]),
    )
    program_id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class Dispatch(Scoped, Base):
    """One call to responders, on one line; a person dialled (R21). `outcome` is null while they are on it."""

    __tablename__ = "dispatch"
    __table_args__ = (
        within_program("incident_id", "incident"),
        within_program("by_staff_id", "staff_member"),
        within_program("line_id", "dispatch_line"),
        Index("ix_dispatch_incident", "program_id", "incident_id", "at"),
    )
    incident_id: Mapped[UUID]
    line_id: Mapped[UUID | None] = mapped_column(comment="of the directory; null: a number found otherwise")
    decision: Mapped[str]
    agency: Mapped[str | None]
    number: Mapped[str | None] = mapped_column(comment="of the public line that was dialled")
    read_back: Mapped[list[str]] = mapped_column(default=list)
    outcome: Mapped[str | None]
    by_staff_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(comment="when they dialled, or wrote it down afterwards")
    answered_at: Mapped[datetime | None]
    held_since: Mapped[datetime | None] = mapped_column(comment="on hold since; null when somebody speaks")
    ended_at: Mapped[datetime | None]
    eta_minutes: Mapped[int | None] = mapped_column(comment="as the dispatcher said, from ended_at on")
    reference: Mapped[bytes | None] = mapped_column(comment="sealed; the dispatcher's number for it")


class EngineState(Base):
    """The engine's own row, which boards read. A database whose identity changed (a restore) starts held until an administrator releases it."""

    __tablename__ = "engine_state"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    identity: Mapped[str | None]
    held_since: Mapped[datetime | None]
    held_reason: Mapped[str | None]
    released_at: Mapped[datetime | None]
    released_by: Mapped[UUID | None]
    last_tick: Mapped[datetime | None]
    overdue_steps: Mapped[int] = mapped_column(
        default=0, comment="across programs, for /healthz, which may see no program"
    )
    failing_since: Mapped[datetime | None] = mapped_column(
        comment="since when no outside call could be placed"
    )
    outside_line: Mapped[bool | None] = mapped_column(
        comment="whether the engine that started last can place outside calls; not known before one has"
    )
