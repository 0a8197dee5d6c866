"""What each kind of recipient is told from the record, and what never (B5; 42 CFR Part 2)."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clients.consent import Agency
from app.clients.consent_values import Act
from app.clients.disclose import Telling, disclose
from app.clients.models import Client, Disclosure
from app.clients.packet import (
    GIVEN,
    LABELS,
    NOT_THEIRS,
    OUTSIDE_CARE,
    PART2,
    Item,
    To,
    allowed,
    gives_away,
    left_out_for_guardians,
    packet,
    recipient,
    withheld,
)
from app.errors import NotAllowed
from app.journal.write import write
from tests.clients.test_disclose import Scene, scene
from tests.clients.test_disclosures import TOLD, grave
from tests.clients.test_records import ok

__all__ = ["scene"]

EVERYBODY: tuple[To, ...] = get_args(To)
FACTS: dict[Item, str] = {item: f"what is known of {item}" for item in LABELS}
# Said anew, and more bluntly, than the table: nobody outside care may hear any of it from a substance use record.
OF_CARE = {"medicines", "diagnosis", "tier", "plan", "happened", "agreed", "family_words", "program"}


def said(to: To, *, part2: bool = False, signed: bool = False) -> set[str]:
    return set(packet(to, FACTS, part2=part2, signed=signed).items)


def test_every_recipient_has_a_table_and_every_item_words() -> None:
    assert set(GIVEN) == set(EVERYBODY) == set(NOT_THEIRS)
    assert set(LABELS) == set(get_args(Item))
    assert all(len(set(items)) == len(items) for items in GIVEN.values())


def test_responders_hear_what_finds_and_helps_them_and_nothing_of_their_care() -> None:
    heard = said("dispatch")
    assert {"place", "way_in", "legal_name", "danger", "taken", "means", "animals", "speaker"} <= heard
    assert not heard & {"diagnosis", "program", "plan", "happened", "contacts", "tier"}


def test_a_contact_hears_concern_place_and_request_only() -> None:
    assert said("contact") == {"callback", "safe_name", "lost_touch", "place", "ask"}
    assert said("guardian") - said("contact") == {"family_words"}
    assert said("in_danger") == {"callback", "threatened", "keep_safe"}


def test_police_who_are_to_protect_somebody_hear_who_is_in_danger_and_nothing_of_care() -> None:
    assert said("police") == {
        "callback", "legal_name", "age", "place", "threatened", "danger", "means", "near", "ask",
    }  # fmt: skip


def test_those_who_treat_them_hear_what_they_need_to_go_on() -> None:
    assert {"diagnosis", "medicines", "taken", "program"} <= said("medical", part2=True)
    assert {"plan", "agreed", "happened", "tier", "contacts"} <= said("clinician")
    assert not said("medical") & {"plan", "contacts", "animals", "threatened"}


@given(
    st.sampled_from(EVERYBODY),
    st.dictionaries(st.sampled_from(list(LABELS)), st.sampled_from(["", "  ", "Some words."])),
    st.booleans(),
    st.booleans(),
)
def test_what_is_known_is_either_told_or_kept_back_with_a_reason(
    to: To, known: dict[Item, str], part2: bool, signed: bool
) -> None:
    made = packet(to, known, part2=part2, signed=signed)
    held = {item for item, words in known.items() if words.strip()}
    kept = {one.item for one in made.kept_back}
    assert set(made.items) | kept == held
    assert not set(made.items) & kept
    assert set(made.items) <= set(GIVEN[to])
    assert list(made.items) == [item for item in GIVEN[to] if item in made.items], "in the order it is said"
    assert all(one.why and one.label for one in made.kept_back)
    if part2 and not signed and to in OUTSIDE_CARE:
        assert not set(made.items) & OF_CARE
        assert all(one.why == PART2 for one in made.kept_back if one.item in GIVEN[to])


@pytest.mark.parametrize("to", EVERYBODY)
def test_what_is_said_beforehand_to_be_kept_back_is_what_is_not_given(to: To) -> None:
    for part2 in (False, True):
        kept = {one.item for one in withheld(to, part2=part2)}
        theirs = OF_CARE if to == "guardian" else OF_CARE - {"family_words"}
        assert kept == theirs - set(allowed(to, part2=part2))


def test_a_paper_for_substance_use_records_says_itself_what_may_be_told() -> None:
    assert "medicines" not in said("dispatch", part2=True)
    assert "medicines" in said("dispatch", part2=True, signed=True)


@pytest.mark.parametrize(
    ("act", "to"),
    [
        ("call", "contact"), ("responders", "dispatch"), ("medical", "medical"), ("handoff", "clinician"),
        ("warning", "in_danger"), ("plan_copy", None), ("report", None), ("code_words", None),
    ],
)  # fmt: skip
def test_which_packet_belongs_to_which_act(act: Act, to: To | None) -> None:
    assert recipient(act) == to
    assert recipient("call", guardian=True) == "guardian"
    assert recipient("responders", police=True) == "police"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("A client of harbor  Recovery House is alone at 418 Alder Court.", "Harbor Recovery House"),
        ("She is in treatment with us.", "treatment"),
        ("He takes methadone.", "methadone"),
        ("She relapsed last week.", "relapsed"),
        ("We lost contact. They may be hurt. Their dog is in the house.", None),
        ("My name is Sam Okafor. I am a clinician.", None),
    ],
)
def test_words_that_tell_of_care_are_found(words: str, found: str | None) -> None:
    assert gives_away(words, "Harbor Recovery House") == found


def test_a_program_without_a_name_is_named_nowhere() -> None:
    assert gives_away("The place and the danger.", " ") is None


@pytest.mark.row("B5")
async def test_what_a_recipient_may_not_be_given_is_refused_before_and_looked_at_after(scene: Scene) -> None:
    told = Telling(
        "responders", "Place and plan", "welfare check", "serious_threat", "Said goodbye.", items=("place", "plan"),
    )  # fmt: skip
    dispatch = Agency("Invented County Dispatch")
    async with scene.house.database.transaction(scene.house.program) as db:
        client = await db.get(Client, (scene.house.program, scene.client))
        assert client
        with pytest.raises(NotAllowed, match="not given: the safety plan"):
            await disclose(db, scene.viewer, client, dispatch, told, tier="high")
        entry = await disclose(db, scene.viewer, client, dispatch, told, tier="high", already_told=True)
        assert entry.detail["second_look"]
        fewer = replace(told, items=("place",))
        entry = await disclose(db, scene.viewer, client, dispatch, fewer, tier="high")
        assert not entry.detail["second_look"]
        await write(db, scene.house.program, [entry])


async def test_a_substance_use_record_is_not_named_to_responders(scene: Scene) -> None:
    told = Telling(
        "responders", "A client of Harbor at 418 Alder Court", "welfare check", "serious_threat", "Said goodbye.",
    )  # fmt: skip
    dispatch = Agency("Invented County Dispatch")
    async with scene.house.database.transaction(scene.house.program) as db:
        client = await db.get(Client, (scene.house.program, scene.client))
        assert client
        assert await disclose(db, scene.viewer, client, dispatch, told, tier="high")
        client.part2 = True
        with pytest.raises(NotAllowed, match="“Harbor” tells that they are in treatment"):
            await disclose(db, scene.viewer, client, dispatch, told, tier="high")
        entry = await disclose(db, scene.viewer, client, dispatch, told, tier="high", already_told=True)
        assert entry.detail["second_look"]
        neutral = replace(told, content="The place and the danger.")
        entry = await disclose(db, scene.viewer, client, dispatch, neutral, tier="high")
        assert not entry.detail["second_look"]
        # Those who treat them in an emergency may know where they are in care (42 CFR 2.51).
        nurse = replace(
            told, act="medical", basis="part2_medical_emergency", affiliation="Invented Hospital", nature="Took pills",
        )  # fmt: skip
        entry = await disclose(db, scene.viewer, client, Agency("Nurse Testperson"), nurse, tier="high")
        assert not entry.detail["second_look"]
        await write(db, scene.house.program, [entry])


async def test_an_office_is_asked_about_with_what_may_be_said_and_what_was_said_is_kept(scene: Scene) -> None:
    sam = await grave(scene)
    asked = {"act": "responders", "recipient": "Invented County Dispatch"}
    answer = ok(await sam.post(f"{scene.path}/may-tell-office", **asked))
    given, kept = ({one["item"] for one in answer[name]} for name in ("given", "kept_back"))
    assert given == set(GIVEN["dispatch"])
    assert "program" in kept
    assert all(one["why"] for one in answer["kept_back"])
    police = ok(await sam.post(f"{scene.path}/may-tell-office", **asked, police=True))
    assert {one["item"] for one in police["given"]} == set(GIVEN["police"])
    told = {**TOLD, "items": ["place", "danger"]}
    rows = ok(await sam.post(f"{scene.path}/disclosures", **told))["rows"]
    assert rows[0]["items"] == [LABELS["place"], LABELS["danger"]]
    async with scene.house.database.transaction(scene.house.program) as db:
        row = await db.get(Disclosure, (scene.house.program, rows[0]["id"]))
        assert row
        assert row.items == ["place", "danger"]


def test_a_guardians_copy_leaves_out_what_the_young_person_hides_and_what_is_never_theirs() -> None:
    left_out = left_out_for_guardians(["notes"])
    assert {"danger_wish", "responder_notes", "entry_notes"} <= left_out
    assert "what_helps" not in left_out
