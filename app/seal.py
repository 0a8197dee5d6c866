"""Sealed fields: AES-256-GCM per value, bound to its place, so a value copied to another row does not open.

A sealed value is: version (1 byte), length of key id (1), key id, nonce (12), ciphertext with tag.
Keys come from settings, never from the database that holds the values.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# "table.column" to why it is sealed. Anything not listed here cannot be sealed: this is the whole list.
# Plain on purpose, under disk encryption: name used, tier, kind, state, outcome, times, ids.
SEALED: Final[dict[str, str]] = {
    "staff_member.totp_secret": "a second factor's secret",
    "staff_phone.number": "a private telephone number",
    "client.safe_name": "identifies a person in care",
    "client.legal_name": "identifies a person in care",
    "client.birth_date": "identifies a person in care",
    "client.home_address": "where a person in care lives",
    "client.entry_notes": "how to enter a home",
    "client.household": "who lives with a person in care",
    "client.pets": "identifies a home",
    "client.what_helps": "clinical free text",
    "client.danger_wish": "what a person wants done in danger",
    "client.ordinary_question": "tells a stranger how to pass for the client",
    "client.accessibility": "clinical free text",
    "client.culture": "clinical free text",
    "client.responder_notes": "clinical free text",
    "client.help_first": "clinical free text",
    "client.contact_times": "tells a stranger when nobody listens",
    "client.household_people": "who lives with a person in care",
    "client.pet_cards": "identifies a home",
    "client.living_together": "who lives with a person in care",
    "client_version.body": "earlier words of a record",
    "client_version.reason": "clinical free text",
    "client_version.error_reason": "clinical free text",
    "client_draft.body": "words of a record before they are saved",
    "guardianship.custody_note": "who has custody of a young person",
    "guardianship.verified_how": "which court paper was seen",
    "family_agreement.body": "what a family agreed about a young person",
    "client_phone.number": "a private telephone number",
    "emergency_contact.name": "identifies a third person",
    "emergency_contact.number": "a private telephone number",
    "release.scope": "what may be said about a person in care",
    "release.recipient": "whom a person in care lets us tell",
    "release.ends_event": "clinical free text",
    "minor_consent.note": "clinical free text",
    "do_not_contact.name": "identifies a third person, often the danger",
    "do_not_contact.reason": "why somebody is dangerous",
    "disclosure.recipient": "identifies a third person",
    "disclosure.content": "what was said about a person in care",
    "disclosure.grounds": "clinical free text",
    "safety_plan_version.body": "a person in care, in their own words",
    "means_record.body": "means of harm in a home",
    "disclosure.affiliation": "identifies a third person",
    "disclosure.nature": "clinical free text",
    "disclosure.verified_how": "clinical free text",
    "disclosure.second_look": "clinical free text",
    "mandated_report.concern": "what was seen or heard about a person in care",
    "mandated_report.agency": "tells that a report was made",
    "mandated_report.reference": "tells that a report was made",
    "mandated_report.closed_why": "clinical free text",
    "emergency_access.reason": "clinical free text",
    "emergency_access.review": "clinical free text",
    "risk_assessment.given": "what a person in care said about harming themselves",
    "risk_assessment.reason": "clinical free text",
    "practice_run.kept": "what somebody answered while learning, in their own words",
    "tier_lowering.reason": "clinical free text",
    "tier_lowering.answer": "clinical free text",
    "location_check_in.label": "where a person in care is now",
    "location_check_in.address": "where a person in care is now",
    "client_note.words": "a private line of a person in care",
    "code_word.phrase": "known to a client and two staff, or it protects nobody",
    "reach_today.adult_who": "identifies a third person",
    "task.about": "clinical free text",
    "intervention.words": "clinical free text",
    "check_in_plan.why": "clinical free text",
    "check_in_plan.reason": "clinical free text",
    "follow_up.said": "clinical free text",
    "agreement.body": "what a person in care agreed to, and who holds what for them",
    "agreement.note": "clinical free text",
    "handoff.body": "what is told of a person in care to whoever takes over",
    "drop_card_answer.card": "how a person in care is reached, and whom they named",
    "drop_card_answer.words": "what a person in care asks for",
    "contact_attempt.number": "a private telephone number",
    "dispatch.reference": "leads from a person in care to a call about them",
    "emergency.happened": "what happened to a person in care",
    "emergency.means": "means of harm within reach",
    "emergency.others": "who is with a person in care",
    "emergency.medical": "clinical free text",
    "given_card.body": "what responders were told of a person in care",
    "emergency_mark.words": "clinical free text",
    "stand_down.reason": "clinical free text",
    "duty_to_protect.facts": "a threat, and whom it is about",
    "duty_to_protect.decision": "clinical free text",
    "death.learned_how": "clinical free text",
    "death.taken_back_why": "clinical free text",
    "inbound_caller.number": "a private telephone number",
    "plain_text.number": "a private telephone number",
    "plain_text.words": "a code that opens a page",
    "caregiver_copy.body": "what a person in care chose to share, in their own words",
    "caregiver_proposal.body": "a third person's own details",
    "platform_connection.secret": "signs a platform's deliveries",
    "platform_person.pending": "deliveries of a platform may hold a name",
    "entry_detail.sealed": "words, numbers and places of the journal",
}

VERSION: Final = 1
NONCE_BYTES: Final = 12
HASH_KEY_ID: Final = "hash"


class SealBroken(Exception):
    """The value was changed, belongs to another place, or was sealed with a key that is no longer in the ring."""


class NotListed(Exception):
    """A field that is not in SEALED was about to be sealed or opened."""


class Seal:
    """`keys` maps key id to 32 bytes, the current key first (`Settings.key_ring()`).

    The key id "hash" is special: it is the root of the keyed hashes and never seals. Without it that root is
    derived from the last (oldest) key, so a rotation, which puts a new key in front, leaves every hash equal.
    """

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        sealing = {kid: key for kid, key in keys.items() if kid != HASH_KEY_ID}
        if not sealing:
            raise ValueError("No sealing key: `handrail keys new` makes one.")
        self.current = next(iter(sealing))
        self._ciphers = {kid: AESGCM(_derive(key, b"handrail seal v1")) for kid, key in sealing.items()}
        oldest = sealing[next(reversed(sealing))]
        self.hash_key = keys.get(HASH_KEY_ID) or _derive(oldest, b"handrail keyed hash v1")

    def seal(
        self, plain: str, *, table: str, column: str, row_id: UUID | str, program_id: UUID | str
    ) -> bytes:
        header = _header(self.current)
        nonce = secrets.token_bytes(NONCE_BYTES)
        place = _place(header, table, column, row_id, program_id)
        return header + nonce + self._ciphers[self.current].encrypt(nonce, plain.encode(), place)

    def open(
        self, sealed: bytes, *, table: str, column: str, row_id: UUID | str, program_id: UUID | str
    ) -> str:
        """Raises SealBroken, which carries the field's name and never its content."""
        kid, rest = _split(sealed)
        cipher = self._ciphers.get(kid)
        if cipher is None:
            raise SealBroken(f"{table}.{column}: sealed with key {kid}, which is not in HANDRAIL_KEYS")
        place = _place(_header(kid), table, column, row_id, program_id)
        try:
            return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], place).decode()
        except (InvalidTag, ValueError) as error:
            raise SealBroken(f"{table}.{column}: changed, or moved from another row") from error

    def keyed_hash(self, kind: str, value: str) -> bytes:
        """32 bytes, equal for equal values of one kind: finds a phone or e-mail that is stored sealed.

        Normalise first (E.164, lower case): hashes know nothing of spelling.
        """
        return hmac.digest(self.hash_key, kind.encode() + b"\0" + value.encode(), hashlib.sha256)

    def needs_rotation(self, sealed: bytes) -> bool:
        return _split(sealed)[0] != self.current

    @property
    def current_header(self) -> bytes:
        """What every value sealed with the current key begins with: lets the database find the others."""
        return _header(self.current)


def new_key() -> tuple[str, bytes]:
    """A fresh key id and key. Ids are random: two people who make a key on one day must not collide."""
    return f"k{secrets.token_hex(4)}", secrets.token_bytes(32)


def rotated_ring(ring: Mapping[str, bytes]) -> dict[str, bytes]:
    """The ring with a new current key. The hash root is written out, so that old keys can be dropped later."""
    kid, key = new_key()
    fresh = {kid: key}
    if ring:
        fresh |= {k: v for k, v in ring.items() if k != HASH_KEY_ID}
        fresh[HASH_KEY_ID] = Seal(ring).hash_key
    return fresh


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key)


def _header(kid: str) -> bytes:
    encoded = kid.encode()
    return bytes((VERSION, len(encoded))) + encoded


def _split(sealed: bytes) -> tuple[str, bytes]:
    if len(sealed) < 2 or sealed[0] != VERSION or len(sealed) < 2 + sealed[1] + NONCE_BYTES + 16:
        raise SealBroken("not a sealed value")
    end = 2 + sealed[1]
    try:
        return bytes(sealed[2:end]).decode("ascii"), bytes(sealed[end:])
    except UnicodeDecodeError as error:
        raise SealBroken("not a sealed value") from error


def _place(header: bytes, table: str, column: str, row_id: UUID | str, program_id: UUID | str) -> bytes:
    field = f"{table}.{column}"
    if field not in SEALED:
        raise NotListed(f"{field} is not in app.seal.SEALED: add it there with the reason it is sealed.")
    if isinstance(row_id, UUID) and isinstance(program_id, UUID):
        # The same bytes, without the encoder: thousands of fields are opened for one list.
        return header + f'["{program_id}", "{table}", "{column}", "{row_id}"]'.encode()
    # JSON, because plain joining would let ("ab", "c") and ("a", "bc") name the same place.
    return header + json.dumps([str(program_id), table, column, str(row_id)]).encode()
