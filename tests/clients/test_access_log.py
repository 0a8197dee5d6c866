"""Who opened what of a record: read back from the journal, for supervisors, and itself written down (W6)."""

import pytest

from app.clients.access_log import LOOKS
from app.journal.kinds import QUIET, Kind
from tests.clients.test_records import added, ok
from tests.house import House


@pytest.mark.row("W6")
async def test_each_look_at_sealed_words_stands_in_the_list_and_so_does_reading_it(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    path = f"/api/clients/{(await added(sam, danger_wish='Talk about the weather.'))['id']}"
    record = await sam.get(path)
    assert "weather" not in record.text, "sealed until somebody presses"
    ok(await sam.post(f"{path}/reveal"))
    await sam.get(f"{path}/disclosures")
    lena = await house.staff("Lena Ortiz", "supervisor")
    lines = ok(await lena.get(f"{path}/looks"))["lines"]
    assert [(line["by"], line["what"]) for line in lines] == [
        ("Sam Okafor", "what was told outside"),
        ("Sam Okafor", "numbers, address and notes"),
    ]
    again = ok(await lena.get(f"{path}/looks"))
    assert (again["lines"][0]["by"], again["lines"][0]["what"]) == ("Lena Ortiz", "this list")
    older = ok(await lena.get(f"{path}/looks", below=lines[0]["seq"]))["lines"]
    assert [line["what"] for line in older] == ["numbers, address and notes"]
    assert "weather" not in str(again)


@pytest.mark.row("W6")
async def test_only_supervisors_of_the_program_read_it(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    path = f"/api/clients/{(await added(sam))['id']}/looks"
    others = [
        sam,
        await house.staff("Ada Marsh", "administrator"),
        await house.staff("Sol Vega", "supervisor", program="Elsewhere"),
    ]
    for other in others:
        assert (await other.get(path)).status_code in (403, 404)
    assert await house.entries(Kind.access_log_read) == []


def test_whatever_is_read_quietly_of_one_client_is_in_the_list() -> None:
    """A new kind of look that nobody lists here would be a look that nobody sees."""
    reads = {
        kind
        for kind in QUIET
        if kind.value.endswith(("_read", ".read", "revealed", "_opened", "exported", "_shown"))
    }
    # Of the whole group, by the client themselves, or by a caregiver on their own page.
    elsewhere = {Kind.sheet_revealed, Kind.pin_opened, Kind.copy_opened}
    assert reads - elsewhere <= set(LOOKS)
