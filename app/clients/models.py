"""What is known about a client before anything happens, and whom they allow us to contact."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program, within_program


class Client(Scoped, Base):
    """A person in care. Three names (R17): used with us, safe to say at home or on voicemail, legal for responders."""

    __tablename__ = "client"
    __table_args__ = (
        of_program(),
        within_program("home_dispatch_line_id", "dispatch_line"),
        CheckConstraint("tier in ('none', 'low', 'moderate', 'high', 'imminent')", name="tier"),
        CheckConstraint(
            "first_outreach in ('ring', 'text_first', 'relay', 'do_not_ring')", name="first_outreach"
        ),
        CheckConstraint("relay in ('relay', 'video_relay', 'captioned')", name="relay"),
        Index("ix_client_name_used", "program_id", "name_used"),
    )
    name_used: Mapped[str] = mapped_column(comment="with the initial of the family name: Marcus T.")
    pronouns: Mapped[str]
    safe_name: Mapped[bytes] = mapped_column(comment="sealed; said at home and on voicemail")
    legal_name: Mapped[bytes] = mapped_column(comment="sealed; for responders")
    birth_date: Mapped[bytes | None] = mapped_column(comment="sealed ISO date")
    minor: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(default="en")
    interpreter_needed: Mapped[bool] = mapped_column(default=False)
    interpreter_language: Mapped[str | None] = mapped_column(comment="when not their own: ase for ASL")
    relay: Mapped[str | None]
    accessibility: Mapped[bytes | None] = mapped_column(
        comment="sealed; what makes a call, a page or a visit possible for them"
    )
    culture: Mapped[bytes | None] = mapped_column(
        comment="sealed; faith, customs, family, how to address them"
    )
    contact_times: Mapped[bytes | None] = mapped_column(
        comment="sealed; when ordinary calls are safe, as JSON"
    )
    hidden_from_guardian: Mapped[list[str]] = mapped_column(
        default=list, comment="names of parts of the record, no content (R16)"
    )
    tier: Mapped[str] = mapped_column(default="none")
    tier_since: Mapped[datetime | None]
    assessed: Mapped[bool] = mapped_column(default=False)
    first_outreach: Mapped[str] = mapped_column(default="ring")
    unsafe_home: Mapped[bool] = mapped_column(default=False)
    part2: Mapped[bool] = mapped_column(default=False)
    home_label: Mapped[str | None] = mapped_column(comment="the client's own word for the usual place: Home")
    home_address: Mapped[bytes | None] = mapped_column(
        comment="sealed; street, unit, town, state, code, country as JSON"
    )
    entry_notes: Mapped[bytes | None] = mapped_column(comment="sealed; how to get in")
    home_dispatch_line_id: Mapped[UUID | None]
    travel_minutes: Mapped[int | None] = mapped_column(comment="how long responders need to the usual place")
    household: Mapped[bytes | None] = mapped_column(comment="sealed; who lives there, who may overhear")
    household_people: Mapped[bytes | None] = mapped_column(
        comment="sealed; who lives there and may overhear, as JSON"
    )
    living_together: Mapped[bytes | None] = mapped_column(
        comment="sealed; what was agreed with a partner or room-mate, as JSON"
    )
    pets: Mapped[bytes | None] = mapped_column(comment="sealed")
    pet_cards: Mapped[bytes | None] = mapped_column(
        comment="sealed; each animal, who takes care of it, what soothes, as JSON"
    )
    responder_notes: Mapped[bytes | None] = mapped_column(
        comment="sealed; for whoever comes: approach, mobility, hearing"
    )
    help_first: Mapped[bytes | None] = mapped_column(
        comment="sealed; whom they want to come first, and who is near"
    )
    what_helps: Mapped[bytes | None] = mapped_column(
        comment="sealed; preferred interventions, notes for responders"
    )
    danger_wish: Mapped[bytes | None] = mapped_column(
        comment="sealed; what I want done when I use my danger word (R2)"
    )
    ordinary_question: Mapped[bytes | None] = mapped_column(
        comment="sealed; agreed ordinary question and answer (R3)"
    )
    pet_mark: Mapped[str | None] = mapped_column(comment="for the tile, no names: 2 dogs")
    danger_word_used_at: Mapped[datetime | None] = mapped_column(
        comment="R2 holds from here until a live check"
    )
    no_safe_contact: Mapped[str | None] = mapped_column(
        comment="declined or none_exists: complete answers (R8)"
    )
    version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    legal_hold_since: Mapped[datetime | None] = mapped_column(
        comment="nothing of theirs is purged from here on, whatever its retention says"
    )

    @property
    def shares_home(self) -> bool:
        """The record says that somebody who lives there may overhear: what is said must fit that."""
        return self.household_people is not None or self.living_together is not None

    @property
    def has_pets(self) -> bool:
        return self.pet_cards is not None or self.pets is not None


class ClientPhone(Scoped, Base):
    """`number` is sealed E.164. Unsafe homes are rung automatically only on a number marked safe to ring (R2)."""

    __tablename__ = "client_phone"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        Index("ix_client_phone_client", "program_id", "client_id", "rank"),
        Index("ix_client_phone_number_key", "program_id", "number_key"),
    )
    client_id: Mapped[UUID]
    number: Mapped[bytes]
    number_key: Mapped[bytes]
    last2: Mapped[str]
    label: Mapped[str]
    rank: Mapped[int]
    voicemail_ok: Mapped[bool] = mapped_column(default=False)
    text_ok: Mapped[bool] = mapped_column(default=False)
    safe_to_ring: Mapped[bool] = mapped_column(default=False)
    shared: Mapped[bool] = mapped_column(default=False)
    text_stopped_at: Mapped[datetime | None]
    today_only_for: Mapped[UUID | None] = mapped_column(comment="given at check-in for one group session")
    retired_at: Mapped[datetime | None]


class EmergencyContact(Scoped, Base):
    """Somebody the client named; not thereby allowed to hear anything: see Release and consent.may_disclose.

    What nobody has asked yet is null: not known is not no.
    """

    __tablename__ = "emergency_contact"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("confirmed_by", "staff_member"),
        CheckConstraint(
            "kind in ('family', 'partner', 'friend', 'neighbour', 'guardian', 'professional', 'other')",
            name="kind",
        ),
    )
    client_id: Mapped[UUID]
    name: Mapped[bytes]
    relation: Mapped[str]
    number: Mapped[bytes]
    number_key: Mapped[bytes]
    last2: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    lives_with_client: Mapped[bool] = mapped_column(default=False)
    minutes_away: Mapped[int | None]
    rank: Mapped[int] = mapped_column(default=1)
    guardian: Mapped[bool] = mapped_column(default=False)
    authority_verified: Mapped[bool] = mapped_column(default=False)
    known_objection: Mapped[bool] = mapped_column(
        default=False, comment="the client does not want this person told (164.510(b))"
    )
    kind: Mapped[str] = mapped_column(default="other")
    can_reach_home: Mapped[bool | None]
    knows_code_words: Mapped[bool | None] = mapped_column(
        comment="said by the client; a release says if they may"
    )
    knows_of_treatment: Mapped[bool | None]
    adult: Mapped[bool | None] = mapped_column(comment="a child is not asked to be a contact")
    confirmed_at: Mapped[datetime | None] = mapped_column(comment="last said to be right; due every 30 days")
    confirmed_by: Mapped[UUID | None]
    retired_at: Mapped[datetime | None]


class Release(Scoped, Base):
    """A signed permission to tell somebody stated things for a stated purpose until a stated end.

    To a contact, or to an office by name (`recipient`). Never rewritten: revoked, or ended by its event.
    """

    __tablename__ = "release"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("contact_id", "emergency_contact"),
        within_program("signer_contact_id", "emergency_contact"),
        within_program("revoked_by", "staff_member"),
        CheckConstraint("ends_on is null or ends_on >= starts_on", name="in_order"),
        CheckConstraint("form in ('agreement', 'authorization', 'part2_specific', 'part2_tpo')", name="form"),
        CheckConstraint("part2 = (form in ('part2_specific', 'part2_tpo'))", name="part2_form"),
        CheckConstraint("contact_id is null or recipient is null", name="one_recipient"),
        CheckConstraint(
            "signed_by in ('client', 'guardian', 'client_and_guardian', 'client_by_state_law')",
            name="signed_by",
        ),
        CheckConstraint("signed_how in ('paper', 'electronic', 'voice')", name="signed_how"),
    )
    client_id: Mapped[UUID]
    contact_id: Mapped[UUID | None]
    recipient: Mapped[bytes | None] = mapped_column(
        comment="sealed; an office, or for treatment, payment and operations the class"
    )
    covers: Mapped[list[str]] = mapped_column(default=lambda: ["contact_in_crisis"])
    form: Mapped[str] = mapped_column(default="authorization")
    scope: Mapped[bytes] = mapped_column(comment="sealed; what may be said")
    purpose: Mapped[str]
    part2: Mapped[bool] = mapped_column(default=False, comment="holds the elements of 42 CFR 2.31")
    starts_on: Mapped[date] = mapped_column(Date())
    ends_on: Mapped[date | None] = mapped_column(Date())
    ends_event: Mapped[bytes | None] = mapped_column(comment="sealed; what it ends with, if not with a day")
    event_at: Mapped[datetime | None] = mapped_column(comment="somebody said that this has happened")
    signed_by: Mapped[str]
    signed_how: Mapped[str] = mapped_column(default="paper")
    signed_on: Mapped[date | None] = mapped_column(Date())
    signer_contact_id: Mapped[UUID | None] = mapped_column(comment="the guardian who signed")
    method: Mapped[str]
    discloser: Mapped[str] = mapped_column(default="", comment="who may disclose (2.31)")
    right_to_revoke_told: Mapped[bool] = mapped_column(default=False)
    notice_version: Mapped[str | None] = mapped_column(
        comment="of the statement about redisclosure they were given"
    )
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None]
    revoked_how: Mapped[str | None] = mapped_column(comment="said, written, text or by guardian")
    made_at: Mapped[datetime]


class MinorConsent(Scoped, Base):
    """A young person consented to this care alone, as their state allows: no guardian speaks for them here (MIN-2)."""

    __tablename__ = "minor_consent"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("by_staff_id", "staff_member"),
    )
    client_id: Mapped[UUID]
    given_on: Mapped[date] = mapped_column(Date())
    region: Mapped[str] = mapped_column(comment="the state whose reviewed row allows it")
    note: Mapped[bytes | None] = mapped_column(comment="sealed")
    by_staff_id: Mapped[UUID]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class DoNotContact(Scoped, Base):
    """Beats every other list and every automation (R18). `number_key` null: the person, whatever the number."""

    __tablename__ = "do_not_contact"
    __table_args__ = (of_program(), within_program("client_id", "client"))
    client_id: Mapped[UUID]
    name: Mapped[bytes]
    contact_id: Mapped[UUID | None]
    number_key: Mapped[bytes | None]
    reason: Mapped[bytes]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Disclosure(Scoped, Base):
    """What was told to a third party: to whom, what, why, on which basis, by whom, verified how (PRIV-2).

    `affiliation` and `nature` with the time and the teller are the four items of 42 CFR 2.51.
    """

    __tablename__ = "disclosure"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("by_staff_id", "staff_member"),
        within_program("release_id", "release"),
        within_program("second_look_by", "staff_member"),
        Index("ix_disclosure_client_id", "program_id", "client_id", "at"),
        Index(
            "ix_disclosure_second_look",
            "program_id",
            "second_look_due_at",
            postgresql_where=text("second_look_due_at is not null and second_look_at is null"),
        ),
    )
    client_id: Mapped[UUID]
    incident_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    act: Mapped[str] = mapped_column(default="call")
    recipient: Mapped[bytes]
    recipient_kind: Mapped[str]
    content: Mapped[bytes]
    items: Mapped[list[str]] = mapped_column(
        default=list,
        comment="which kinds of facts were told, by the names of clients.packet; no content (B5)",
    )
    purpose: Mapped[str]
    basis: Mapped[str]
    grounds: Mapped[bytes | None]
    affiliation: Mapped[bytes | None] = mapped_column(comment="sealed; of the person who was told")
    nature: Mapped[bytes | None] = mapped_column(comment="sealed; of the medical emergency")
    verified_how: Mapped[bytes | None] = mapped_column(comment="sealed; how we knew who they were")
    part2: Mapped[bool] = mapped_column(default=False)
    release_id: Mapped[UUID | None]
    notice_version: Mapped[str | None] = mapped_column(
        comment="of the notice that went with it (42 CFR 2.32)"
    )
    by_staff_id: Mapped[UUID]
    at: Mapped[datetime]
    second_look_due_at: Mapped[datetime | None] = mapped_column(comment="a second person looks at it by then")
    second_look_at: Mapped[datetime | None]
    second_look_by: Mapped[UUID | None]
    second_look: Mapped[bytes | None] = mapped_column(comment="sealed; what they found")


class MandatedReport(Scoped, Base):
    """A report that the law asks for (R20). Never shown to caregivers or guardians, and in no copy that they get."""

    __tablename__ = "mandated_report"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("reporter_id", "staff_member"),
        within_program("disclosure_id", "disclosure"),
        within_program("by_staff_id", "staff_member"),
        CheckConstraint("about in ('child', 'adult')", name="about"),
        Index("ix_mandated_report_client_id", "program_id", "client_id"),
    )
    client_id: Mapped[UUID]
    incident_id: Mapped[UUID | None]
    about: Mapped[str] = mapped_column(comment="whom it is to protect: a child, or an adult at risk")
    region: Mapped[str]
    reporter_id: Mapped[UUID] = mapped_column(comment="who reports")
    concern: Mapped[bytes] = mapped_column(comment="sealed; what was seen or heard")
    agency: Mapped[bytes | None] = mapped_column(comment="sealed")
    reference: Mapped[bytes | None] = mapped_column(comment="sealed; the agency's number for it")
    disclosure_id: Mapped[UUID | None]
    told_at: Mapped[datetime | None]
    written_due_at: Mapped[datetime | None]
    written_at: Mapped[datetime | None]
    by_staff_id: Mapped[UUID]
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_why: Mapped[bytes | None] = mapped_column(comment="sealed; why no report was made after all")
