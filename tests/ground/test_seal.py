"""Sealed values open only where they were sealed, and rotation loses nothing."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.seal import SEALED, NotListed, Seal, SealBroken, rotated_ring

RING = {"old1": b"\1" * 32}
FIELD = {"table": "client_phone", "column": "number"}
PLACE = {**FIELD, "row_id": "r1", "program_id": "p1"}


@given(st.text())
def test_what_was_sealed_opens_again(words: str) -> None:
    seal = Seal(RING)
    assert seal.open(seal.seal(words, **PLACE), **PLACE) == words


def test_the_same_words_never_look_the_same() -> None:
    seal = Seal(RING)
    first, second = (seal.seal("+1 202 555 0101", **PLACE) for _ in range(2))
    assert first != second
    assert b"555" not in first


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"row_id": "r2"},
        {"program_id": "p2"},
        {"table": "staff_phone"},
        {"table": "contact_attempt"},
        {"row_id": "", "program_id": "p1r1"},
    ],
)
def test_a_value_moved_to_another_place_does_not_open(elsewhere: dict[str, str]) -> None:
    seal = Seal(RING)
    sealed = seal.seal("+1 202 555 0101", **PLACE)
    with pytest.raises(SealBroken, match="moved from another row"):
        seal.open(sealed, **{**PLACE, **elsewhere})


@given(st.data())
def test_any_changed_byte_is_noticed(data: st.DataObject) -> None:
    seal = Seal(RING)
    sealed = bytearray(seal.seal("twelve words", **PLACE))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        seal.open(bytes(sealed), **PLACE)


@given(st.binary(max_size=80))
def test_rubbish_is_refused_and_not_a_crash(rubbish: bytes) -> None:
    with pytest.raises(SealBroken):
        Seal(RING).open(rubbish, **PLACE)


def test_the_error_says_which_field_and_nothing_of_its_content() -> None:
    sealed = Seal({"gone": b"\2" * 32}).seal("+1 202 555 0101", **PLACE)
    with pytest.raises(SealBroken) as caught:
        Seal(RING).open(sealed, **PLACE)
    assert "client_phone.number" in str(caught.value)
    assert "555" not in str(caught.value)


def test_a_field_that_is_not_listed_cannot_be_sealed() -> None:
    with pytest.raises(NotListed, match=r"client\.shoe_size"):
        Seal(RING).seal("42", table="client", column="shoe_size", row_id=uuid4(), program_id=uuid4())


def test_every_listed_field_has_a_reason() -> None:
    assert SEALED
    assert all(field.count(".") == 1 and reason.strip() for field, reason in SEALED.items())


def test_rotation_opens_the_old_seals_anew_and_keeps_every_hash() -> None:
    before = Seal(RING)
    sealed = before.seal("+1 202 555 0101", **PLACE)
    ring = rotated_ring(RING)
    after = Seal(ring)
    assert after.open(sealed, **PLACE) == "+1 202 555 0101"
    assert after.needs_rotation(sealed)
    resealed = after.seal(after.open(sealed, **PLACE), **PLACE)
    assert not after.needs_rotation(resealed)
    assert after.keyed_hash("phone", "+12025550101") == before.keyed_hash("phone", "+12025550101")

    without_old = Seal({kid: key for kid, key in ring.items() if kid != "old1"})
    assert without_old.open(resealed, **PLACE) == "+1 202 555 0101"
    assert without_old.keyed_hash("phone", "+12025550101") == before.keyed_hash("phone", "+12025550101")


def test_hashes_differ_by_kind_by_value_and_by_key() -> None:
    seal = Seal(RING)
    hashes = {
        seal.keyed_hash("phone", "1"),
        seal.keyed_hash("email", "1"),
        seal.keyed_hash("phone", "2"),
        seal.keyed_hash("phone1", ""),
        Seal({"other": b"\3" * 32}).keyed_hash("phone", "1"),
    }
    assert len(hashes) == 5
    assert seal.keyed_hash("phone", "1") == Seal(RING).keyed_hash("phone", "1")


def test_nothing_seals_without_a_key() -> None:
    with pytest.raises(ValueError, match="keys new"):
        Seal({"hash": b"\1" * 32})
