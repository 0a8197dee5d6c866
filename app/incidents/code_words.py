"""The lost client's own code words, behind one logged press: for those assigned to it, while it is open (R2, R12);
for anybody else only under emergency access, which says so on every supervisor's screen (SEC-2).

Whoever rings may hear the danger word. They must know it when they hear it, and what the client wants done then.
"""

from app.code_words import looks
from app.code_words import queries as code_words
from app.code_words.views import ShownWord
from app.db import Db, reveal
from app.errors import Conflict, NotAllowed
from app.incidents.cases import Case
from app.incidents.page_views import View
from app.journal.write import write
from app.staff.access import Viewer, assigned, has_emergency_access


class IncidentWords(View):
    """Empty when none were chosen. `group_pause`: the whole group's, which is this client's, too."""

    shown_for_s: int
    words: list[ShownWord]
    group_pause: ShownWord | None
    danger_wish: str | None


async def show(db: Db, viewer: Viewer, case: Case) -> IncidentWords:
    """Each call is one more look, and one more line in the journal."""
    incident, client = case.incident, case.reach.client
    mine = assigned(viewer, case.meeting) or incident.owner_id == viewer.staff_id
    if not (mine or await has_emergency_access(db, viewer, client.id)):
        raise NotAllowed(
            "Only those assigned to this incident are shown the code words. Take it, if you are the one who calls."
        )
    if incident.state != "open":
        raise Conflict(
            "This incident is closed. The words are looked at in Prepare, by those who run the group."
        )
    groups = (await code_words.groups_of(db, viewer.program_id, [client.id])).get(client.id, set())
    words = await code_words.current(db, viewer.program_id, [client.id], groups & {case.meeting.group_id})
    own = [word for word in words if word.client_id is not None]
    shared = [word for word in words if word.group_id is not None]
    shown = IncidentWords(
        shown_for_s=looks.SHOWN_FOR_S,
        words=looks.opened(db, own),
        group_pause=next(iter(looks.opened(db, shared)), None),
        danger_wish=reveal(db, client, "danger_wish"),
    )
    await looks.know(db, viewer, words)
    entry = looks.looked(viewer, client.id, own, "incident", incident_id=incident.id)
    await write(db, viewer.program_id, [entry])
    return shown
