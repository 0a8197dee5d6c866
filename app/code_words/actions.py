"""Choosing, ending and telling code words. Each is one transaction with its entries; no entry ever holds a word."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text

from app.clients import versions
from app.clients.models import Client
from app.clients.queries import client_of
from app.code_words import queries
from app.code_words.choosing import ALIKE_FAULT, Form, Kind, fault, too_like
from app.code_words.models import CodeWord, CodeWordKnown
from app.code_words.renewal import Spent
from app.db import Db, conceal, new_id, now_of, reveal
from app.errors import NotFound, NotValid
from app.journal.kinds import Kind as Entry
from app.journal.write import NewEntry, write
from app.staff.access import Viewer

NAMES = ("safe_name", "legal_name")

# Two people choosing at once in one group wait for each other here, so that neither misses the other's word.
_TAKE_TURNS = text(
    'select id from "group" where program_id = :program and id = any(:groups) order by id for no key update'
)


async def set_word(db: Db, viewer: Viewer, client_id: UUID, kind: Kind, phrase: str, form: Form) -> CodeWord:
    """Chosen with the client. The word before it ends and is forgotten."""
    client = await _client(db, viewer, client_id)
    groups = (await queries.groups_of(db, viewer.program_id, [client_id])).get(client_id, set())
    names = [client.name_used, *(reveal(db, client, name) or "" for name in NAMES)]
    await _check(db, viewer, phrase, form, groups, names=names, also=client_id)
    before = await _current(db, viewer, CodeWord.client_id == client_id, kind)
    word = CodeWord(program_id=viewer.program_id, id=new_id(), client_id=client_id, kind=kind, form=form)
    await _replace(db, viewer, before, word, phrase)
    detail = {"kind": kind, "form": form, "replaced": before is not None}
    await write(
        db,
        viewer.program_id,
        [NewEntry(Entry.code_word_set, viewer.actor, client_id=client_id, detail=detail)],
    )
    return word


async def set_group_pause(db: Db, viewer: Viewer, group_id: UUID, phrase: str, form: Form) -> CodeWord:
    """One phrase or hand sign that everybody in the group may use (R12). The caller has checked who asks."""
    await _check(db, viewer, phrase, form, {group_id})
    before = await _current(db, viewer, CodeWord.group_id == group_id, "pause")
    word = CodeWord(program_id=viewer.program_id, id=new_id(), group_id=group_id, kind="pause", form=form)
    await _replace(db, viewer, before, word, phrase)
    detail = {"kind": "pause", "form": form, "group": group_id, "replaced": before is not None}
    await write(db, viewer.program_id, [NewEntry(Entry.code_word_set, viewer.actor, detail=detail)])
    return word


async def end_word(db: Db, viewer: Viewer, client_id: UUID, kind: Kind) -> None:
    """The client does not want it any more. That is an answer, and what is not there cannot be told."""
    await _client(db, viewer, client_id)
    word = await _existing(db, viewer, CodeWord.client_id == client_id, kind)
    _forget(db, word, "withdrawn")
    await write(
        db,
        viewer.program_id,
        [NewEntry(Entry.code_word_ended, viewer.actor, client_id=client_id, detail={"kind": kind})],
    )


async def end_group_pause(db: Db, viewer: Viewer, group_id: UUID) -> None:
    word = await _existing(db, viewer, CodeWord.group_id == group_id, "pause")
    _forget(db, word, "withdrawn")
    detail = {"kind": "pause", "group": group_id}
    await write(db, viewer.program_id, [NewEntry(Entry.code_word_ended, viewer.actor, detail=detail)])


async def spend(db: Db, viewer: Viewer, client_id: UUID, kind: Kind, why: Spent) -> None:
    """It was used, or somebody else may know it: it goes on working and is due to be chosen anew."""
    await _client(db, viewer, client_id)
    word = await _existing(db, viewer, CodeWord.client_id == client_id, kind)
    _spend(db, word, why)
    detail = {"kind": kind, "why": why}
    await write(
        db,
        viewer.program_id,
        [NewEntry(Entry.code_word_spent, viewer.actor, client_id=client_id, detail=detail)],
    )


async def spend_group_pause(db: Db, viewer: Viewer, group_id: UUID) -> None:
    """Somebody outside the group learnt the group's pause."""
    word = await _existing(db, viewer, CodeWord.group_id == group_id, "pause")
    _spend(db, word, "exposed")
    detail = {"kind": "pause", "why": "exposed", "group": group_id}
    await write(db, viewer.program_id, [NewEntry(Entry.code_word_spent, viewer.actor, detail=detail)])


async def set_question(db: Db, viewer: Viewer, client_id: UUID, question: str, answer: str) -> None:
    """Something ordinary that only they would answer just so: it is asked before anything else on a call (R3)."""
    client = await versions.locked(db, viewer.program_id, client_id)
    before = {"ordinary_question": reveal(db, client, "ordinary_question")}
    after = {"ordinary_question": " ".join(part for part in (question, answer) if part)}
    conceal(db, client, "ordinary_question", after["ordinary_question"])
    versions.append(db, viewer, client, before, after)
    await write(
        db,
        viewer.program_id,
        [NewEntry(Entry.ordinary_question_set, viewer.actor, client_id=client_id)],
    )


async def _client(db: Db, viewer: Viewer, client_id: UUID) -> Client:
    await client_of(db, viewer.program_id, client_id)
    return await db.get_one(
        Client, (viewer.program_id, client_id), with_for_update={"key_share": True}, populate_existing=True
    )


async def _check(
    db: Db,
    viewer: Viewer,
    phrase: str,
    form: Form,
    groups: set[UUID],
    *,
    names: Sequence[str] = (),
    also: UUID | None = None,
) -> None:
    """Raises NotValid with one sentence. It never says which word it is like, nor whose: that would tell it."""
    wrong = fault(phrase, form, names)
    if wrong is None:
        await db.execute(_TAKE_TURNS, {"program": viewer.program_id, "groups": list(groups)})
        people = await queries.people_of(db, viewer.program_id, groups) | ({also} if also else set())
        shared = await queries.groups_of(db, viewer.program_id, people)
        known = await queries.current(db, viewer.program_id, people, groups.union(*shared.values()))
        others = [(reveal(db, word, "phrase") or "", word.form) for word in known]
        if too_like(phrase, form, others):  # type: ignore[arg-type] # forms are checked by the table
            wrong = ALIKE_FAULT
    if wrong is not None:
        raise NotValid(wrong, fields={"phrase": wrong})


async def _current(db: Db, viewer: Viewer, owner: object, kind: Kind) -> CodeWord | None:
    found: CodeWord | None = await db.scalar(
        select(CodeWord)
        .where(
            CodeWord.program_id == viewer.program_id,
            owner,  # type: ignore[arg-type] # a comparison of one column
            CodeWord.kind == kind,
            CodeWord.ended_at.is_(None),
        )
        .with_for_update()
    )
    return found


async def _existing(db: Db, viewer: Viewer, owner: object, kind: Kind) -> CodeWord:
    found = await _current(db, viewer, owner, kind)
    if found is None:
        raise NotFound("There is no such word any more. Look again at what is set.")
    return found


async def _replace(db: Db, viewer: Viewer, before: CodeWord | None, word: CodeWord, phrase: str) -> None:
    if before is not None:
        _forget(db, before, "replaced")
        await db.flush()
    word.set_at, word.set_by = now_of(db), viewer.staff_id
    conceal(db, word, "phrase", phrase)
    db.add(word)
    await db.flush()
    db.add(_knows(word, viewer))


def _knows(word: CodeWord, viewer: Viewer) -> CodeWordKnown:
    return CodeWordKnown(
        program_id=word.program_id,
        id=new_id(),
        word_id=word.id,
        staff_id=viewer.staff_id,
        since=word.set_at,
    )


def _forget(db: Db, word: CodeWord, why: str) -> None:
    word.phrase, word.ended_at, word.ended_why = None, now_of(db), why


def _spend(db: Db, word: CodeWord, why: Spent) -> None:
    match why:
        case "used":
            word.used_at = now_of(db)
        case "exposed":
            word.exposed_at = now_of(db)
