"""Exports and changes of numbers ask for the PIN again (SEC-7)."""

from tests.house import PIN, House


async def test_a_change_of_staff_numbers_needs_the_pin_and_the_pin_holds_for_five_minutes(
    house: House,
) -> None:
    admin = await house.staff("Robin Ames", "administrator")
    assert admin.me is not None
    path, body = f"/api/staff/{admin.me.id}", {"phones": [{"label": "mobile", "number": "+15035550154"}]}

    async def changes() -> int:
        answer = await admin.http.patch(
            path, json=body, headers={"Command-Id": str(house.programs["Harbor"])}
        )
        return answer.status_code

    assert await changes() == 403
    wrong = await admin.http.post("/api/confirm", json={"pin": "000000"})
    assert wrong.json()["code"] == "wrong_pin"
    assert await changes() == 403
    assert (await admin.http.post("/api/confirm", json={"pin": PIN})).status_code == 204
    assert await changes() == 200
    house.clock.move(301)
    assert await changes() == 403


async def test_five_wrong_pins_end_the_sign_in(house: House) -> None:
    admin = await house.staff("Robin Ames", "administrator")
    for _ in range(5):
        await admin.http.post("/api/confirm", json={"pin": "000000"})
    assert (await admin.http.get("/api/me")).status_code == 401
