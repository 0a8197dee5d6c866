"""The desk: make somebody drop, then be their telephone."""

import re
from uuid import uuid4

from app.demo.seed import PIN
from tests.demo.conftest import Visitor

HERE = {"present", "away", "private_room", "verified"}


def test_two_groups_are_half_an_hour_old_with_eleven_people_and_nobody_lost(visitor: Visitor) -> None:
    tiles = visitor.cards("Dana Whitlock", "tile")
    assert len(tiles) == 11
    states = {tile["name"]: tile["presence"]["state"] for tile in tiles}
    assert states.pop("Caleb N.") == "not_here_yet"
    assert set(states.values()) <= HERE
    assert states["Imani B."] == "verified"
    assert states["Skye M."] == "private_room"
    assert states["Ruth A."] == "away"
    groups = {card["name"]: card for card in visitor.cards("Dana Whitlock", "group")}
    assert set(groups) == {"Evening skills", "Teen evening"}
    assert groups["Evening skills"]["lead"]["name"] == "Maya Reyes"
    assert not visitor.cards("Dana Whitlock", "incident")
    marks = {tile["name"]: " ".join(mark["text"] for mark in tile["marks"]) for tile in tiles}
    assert "Text first" in marks["Tomasz K."]
    assert "Unsafe home" in marks["Skye M."]
    assert "Do not ring" in marks["Skye M."]
    assert "dogs" in marks["Ruth A."]


def test_a_visitor_drops_marcus_and_answers_first_as_jon_then_as_marcus(visitor: Visitor) -> None:
    visitor.makes("Marcus T.", "drop")
    assert visitor.member("Marcus T.")["next"] == "come-back"
    [alert] = visitor.waits(lambda: visitor.cards("Jon Bell", "incident"))
    assert alert["headline"] == "Marcus T. lost connection"
    assert alert["practice"] == "demo"
    assert alert["lines"] == "simulated"

    incident = f"/api/incidents/{alert['incident_id']}"
    page = visitor.staff("Jon Bell").get(incident).json()
    visitor.acts("Jon Bell", f"{incident}/call", phone_id=page["person"]["phones"][0]["id"])
    jon = visitor.answers("Jon Bell")
    assert visitor.phone("Jon Bell", "menu")["keys"]
    visitor.presses(f"/phones/{jon}/press", digits="1")
    marcus = visitor.answers("Marcus T.")
    on_the_line = visitor.phone("Marcus T.", "on_the_line")
    assert on_the_line["attempt_id"] == marcus
    assert on_the_line["with_somebody"]
    assert on_the_line["number_label"] == "406-555-0142"
    assert on_the_line["shows"] == "503-555-0100"
    assert any(line["by"] == "platform" for line in visitor.desk()["happened"])

    visitor.presses(f"/phones/{marcus}/hang-up")
    assert visitor.phone("Marcus T.", "ended")
    visitor.makes("Marcus T.", "come-back")
    assert visitor.member("Marcus T.")["in_call"]
    [alert] = visitor.cards("Jon Bell", "incident")
    assert alert["presence"]["state"] == "present", "the alert stays until a person has looked at him"


def test_three_at_once_are_one_outage(visitor: Visitor) -> None:
    visitor.presses("/drop-three")
    [outage] = visitor.waits(lambda: visitor.cards("Dana Whitlock", "outage"))
    alerts = visitor.cards("Dana Whitlock", "incident")
    assert len(alerts) == 3
    assert all(alert["locked"] for alert in alerts)
    assert {alert["outage_id"] for alert in alerts} == {outage["outage_id"]}
    told = {(line["incident_id"], line["about"]) for line in visitor.desk()["happened"]}
    assert told >= {(alert["incident_id"], alert["name"]) for alert in alerts}, "each line says whose it is"


def test_caleb_comes_in_and_ana_looks_at_her_page_again(visitor: Visitor) -> None:
    assert visitor.member("Caleb N.")["next"] == "come-in"
    visitor.makes("Caleb N.", "come-in")
    caleb = visitor.member("Caleb N.")
    assert (caleb["next"], caleb["page"]) == ("drop", "visible")
    [tile] = [tile for tile in visitor.cards("Sam Okafor", "tile") if tile["name"] == "Caleb N."]
    assert tile["presence"]["state"] == "present"
    assert tile["place"]["state"] == "confirmed", "he said where he is on his page"
    assert visitor.member("Ana B.")["page"] == "hidden"
    visitor.makes("Ana B.", "hide-page")
    assert visitor.member("Ana B.")["page"] == "visible"


def test_a_visitor_opens_the_page_as_tomasz_and_his_own_falls_silent(visitor: Visitor) -> None:
    url = str(visitor.makes("Tomasz K.", "page")["url"])
    assert visitor.member("Tomasz K.")["page"] == "visible", "until the link is pressed"
    shown = visitor.http.post(url, follow_redirects=True)
    assert shown.status_code == 200
    assert "Tomasz" not in re.sub(r"<[^>]+>", "", shown.text), "no stored name on a page (R4)"
    assert visitor.http.post("/c/beat", content="1").json() == {"ok": 1}
    visitor.waits(lambda: visitor.member("Tomasz K.")["page"] == "silent")


def test_the_broken_line_is_said_to_staff_and_can_be_mended(visitor: Visitor) -> None:
    assert visitor.presses("/break-line", broken=True)["line_broken"]
    visitor.makes("Marcus T.", "drop")
    [alert] = visitor.waits(lambda: visitor.cards("Jon Bell", "incident"))
    page = visitor.staff("Jon Bell").get(f"/api/incidents/{alert['incident_id']}").json()
    phone_id = page["person"]["phones"][0]["id"]
    visitor.acts("Jon Bell", f"/api/incidents/{alert['incident_id']}/call", phone_id=phone_id)
    visitor.waits(lambda: [line for line in visitor.desk()["happened"] if "refused" in line["text"]])
    assert not [phone for phone in visitor.desk()["phones"] if phone["state"] != "ended"]
    assert not visitor.presses("/break-line", broken=False)["line_broken"]
    assert visitor.phone("Jon Bell")["kind"] == "staff"


def test_a_text_is_answered_with_stop(visitor: Visitor) -> None:
    visitor.makes("Tomasz K.", "drop")
    [alert] = visitor.waits(lambda: visitor.cards("Jon Bell", "incident"))
    visitor.acts("Jon Bell", f"/api/incidents/{alert['incident_id']}/text")
    text = visitor.waits(lambda: [one for one in visitor.desk()["texts"] if one["may_reply"]])[0]
    assert text["number_label"] == "406-555-0188"
    assert "Handrail" not in text["words"], "a text says nothing about who writes"
    visitor.presses(f"/texts/{text['attempt_id']}/reply", words="STOP")
    page = visitor.staff("Jon Bell").get(f"/api/incidents/{alert['incident_id']}").json()
    assert page["person"]["phones"][0]["text_stopped"]


def test_start_again_closes_what_is_open_and_puts_the_cast_back(visitor: Visitor) -> None:
    visitor.makes("Marcus T.", "drop")
    [alert] = visitor.waits(lambda: visitor.cards("Dana Whitlock", "incident"))
    visitor.presses("/start-again")
    assert visitor.member("Marcus T.")["next"] == "drop"
    assert not visitor.cards("Dana Whitlock", "incident")
    page = visitor.staff("Dana Whitlock").get(f"/api/incidents/{alert['incident_id']}").json()
    assert (page["state"], page["outcome"]) == ("closed", "stood_down")
    visitor.waits(lambda: not [p for p in visitor.desk()["phones"] if p["state"] != "ended"])


def test_start_again_puts_back_a_tier_that_only_two_people_may_lower(visitor: Visitor) -> None:
    visitor.makes("Marcus T.", "drop")
    [alert] = visitor.waits(lambda: visitor.cards("Jon Bell", "incident"))
    jon = visitor.staff("Jon Bell")
    why = "What he said before he was gone frightens us both."
    visitor.acts("Jon Bell", f"/api/incidents/{alert['incident_id']}/tier", tier="imminent", reason=why)
    client = f"/api/clients/{alert['client_id']}"
    assert jon.get(client).json()["tier"] == "imminent"
    visitor.presses("/start-again")
    assert jon.get(client).json()["tier"] == "high"


def test_start_again_takes_up_whose_care_a_visitor_ended_or_whose_death_they_recorded(
    visitor: Visitor,
) -> None:
    records = {}
    dana = visitor.staff("Dana Whitlock")
    visitor.acts("Dana Whitlock", "/api/confirm", pin=PIN)
    for name in ("Marcus T.", "Imani B."):
        [tile] = [tile for tile in visitor.cards("Dana Whitlock", "tile") if tile["name"] == name]
        records[name] = f"/api/clients/{tile['client_id']}"
    version = dana.get(records["Marcus T."]).json()["version"]
    visitor.acts(
        "Dana Whitlock",
        f"{records['Imani B.']}/death",
        name="Imani B.",
        learned_how="Invented, to see what follows.",
    )
    ended = dana.patch(
        records["Marcus T."], json={"version": version, "ended": True}, headers={"Command-Id": str(uuid4())}
    )
    assert ended.json()["ended"] is True, ended.text
    visitor.presses("/start-again")
    assert [dana.get(path).json()["ended"] for path in records.values()] == [False, False]
    assert {"Marcus T.", "Imani B."} <= {tile["name"] for tile in visitor.cards("Dana Whitlock", "tile")}


def test_start_again_hangs_up_so_that_nobody_is_busy_all_evening(visitor: Visitor) -> None:
    visitor.makes("Marcus T.", "drop")
    [alert] = visitor.waits(lambda: visitor.cards("Jon Bell", "incident"))
    visitor.acts("Jon Bell", f"/api/incidents/{alert['incident_id']}/take")
    jon = visitor.answers("Jon Bell")
    visitor.presses(f"/phones/{jon}/press", digits="1")
    visitor.answers("Marcus T.")
    visitor.presses("/start-again")
    assert not [phone for phone in visitor.desk()["phones"] if phone["state"] != "ended"]

    visitor.makes("Marcus T.", "drop")
    [alert] = visitor.waits(lambda: visitor.cards("Jon Bell", "incident"))
    visitor.acts("Jon Bell", f"/api/incidents/{alert['incident_id']}/take")
    assert visitor.phone("Jon Bell")["state"] == "ringing"


def test_a_visitor_texts_us_as_marcus_and_only_his_word_is_possible(visitor: Visitor) -> None:
    def signal() -> object:
        [tile] = [tile for tile in visitor.cards("Jon Bell", "tile") if tile["name"] == "Marcus T."]
        return tile["signal"]

    marcus = visitor.member("Marcus T.")["client_id"]
    visitor.presses(f"/clients/{marcus}/text-us", says="other")
    assert signal() is None
    visitor.presses(f"/clients/{marcus}/text-us", says="danger")
    assert visitor.waits(signal)["possible"] == "danger"
    visitor.presses("/start-again")
    assert signal() is None
