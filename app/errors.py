"""Refusals: what a person or a caller did that cannot be done, with a sentence that says what to do instead.

Anything that is not a Refusal is a bug and becomes a 500 with an id. No sentence here may hold personal data
beyond the first name of a colleague.
"""

from collections.abc import Mapping


class Refusal(Exception):
    """`code` is stable and for programs; `sentence` is for people."""

    status = 400
    code = "refused"

    def __init__(
        self,
        sentence: str,
        *,
        code: str | None = None,
        status: int | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.fields = dict(fields or {})
        if code is not None:
            self.code = code
        if status is not None:
            self.status = status


class NotSignedIn(Refusal):
    status, code = 401, "signed_out"


class NotAllowed(Refusal):
    status, code = 403, "not_allowed"


class NotFound(Refusal):
    status, code = 404, "not_found"


class SomebodyWasFirst(Refusal):
    """Two people pressed at once, or the thing moved on: the sentence names who and when."""

    status, code = 409, "somebody_was_first"


class Conflict(Refusal):
    status, code = 409, "conflict"


class NotValid(Refusal):
    status, code = 422, "not_valid"


class Locked(Refusal):
    status, code = 423, "locked"


class TooMany(Refusal):
    status, code = 429, "too_many"
