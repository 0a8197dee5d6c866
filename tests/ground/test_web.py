"""What a form that is not right yet says to the person who wrote it."""

from datetime import date
from typing import Annotated

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel, Field, field_validator, model_validator

from app.web import add_problem_documents


class Hours(BaseModel):
    days: Annotated[list[int], Field(min_length=1)] = [0]
    note: Annotated[str, Field(min_length=1, max_length=4)] = "ok"
    born: date | None = None
    street: str = ""
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"

    @model_validator(mode="after")
    def _together(self) -> "Hours":
        if self.street == "nowhere" and self.note == "ok":
            raise ValueError("Say how to find the place.")
        return self

    @field_validator("street")
    @classmethod
    def _found(cls, street: str) -> str:
        if street == "PO Box 1":
            raise ValueError("Nobody lives in a post box.")
        return street


app = FastAPI()
add_problem_documents(app)


@app.post("/hours")
def hours(body: Hours) -> None:
    assert body.days


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("days", [], "Choose 1 or more."),
        ("note", "", "This is needed."),
        ("note", "longer", "Write 4 characters at most."),
        ("born", "2026-02-31", "There is no such day."),
        ("street", "PO Box 1", "Nobody lives in a post box."),
        ("language", "English!", "This is not written in the way that is asked for here."),
    ],
)
async def test_a_fault_is_said_in_words_of_people(field: str, typed: object, said: str) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://handrail") as client:
        answer = await client.post("/hours", json={field: typed})
    assert answer.status_code == 422
    assert answer.json()["fields"] == {field: said}
    assert answer.json()["detail"] == "Something here is not right yet. Nothing was saved."


async def test_a_fault_of_several_answers_is_the_sentence_of_the_whole() -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://handrail") as client:
        answer = await client.post("/hours", json={"street": "nowhere"})
    assert answer.json()["detail"] == "Say how to find the place. Nothing was saved."
