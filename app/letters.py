"""The letters of a file that somebody saved with whatever their program does: UTF-8, UTF-16 or Windows. Pure."""

import unicodedata
from contextlib import suppress

WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
PROBE = 200


class NotText(ValueError):
    """Its words say what to do, and repeat nothing of the file."""


def decode(data: bytes) -> tuple[str, list[str]]:
    """The text, and what a person should know about how it was read."""
    if data.startswith(WORKBOOK):
        raise NotText("This is a workbook, not a CSV file. Open it and save it as CSV UTF-8.")
    notes = []
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = _windows(data, encoding)
        notes.append("This file is not UTF-8. It was read as Windows-1252: look at letters such as é and ñ.")
    if "\0" in text:
        raise NotText("This is not a text file. Save your table as CSV UTF-8.")
    if not text.strip():
        raise NotText("This file is empty.")
    if "\ufffd" in text:
        notes.append("Some letters were lost before this file came here. They stand as \ufffd.")
    return unicodedata.normalize("NFC", text), notes


def _windows(data: bytes, encoding: str) -> str:
    """A file that says it is Unicode and is not, is damaged; reading it as Windows would show nonsense."""
    with suppress(UnicodeDecodeError):
        if encoding == "utf-8":
            return data.decode("cp1252")
    raise NotText("Handrail cannot tell how the letters of this file are stored. Save it as CSV UTF-8.")


def _encoding(data: bytes) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # UTF-16 without its mark: every other byte of plain letters is zero.
    head = data[:PROBE]
    if len(data) % 2 == 0 and head:
        if head[1::2].count(0) > len(head) // 4:
            return "utf-16-le"
        if head[::2].count(0) > len(head) // 4:
            return "utf-16-be"
    return "utf-8"
