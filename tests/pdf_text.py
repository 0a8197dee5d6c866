"""The words of a PDF as a reader's clipboard would get them: enough of the format for what our typesetter writes."""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"^(.*?)stream\r?\n(.*)\r?\nendstream", re.DOTALL)
_STEP = re.compile(rb"/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]*)>|\((.*?)(?<!\\)\)|(T\*|Td|TD|Tm|ET)", re.DOTALL)


def words_of(pdf: bytes) -> str:
    """All pages, in order, spaces as they stand between glyphs; line ends where text moves."""
    objects = {int(m[1]): m[2] for m in _OBJECT.finditer(pdf)}
    pages = [body for body in objects.values() if b"/Type/Page/" in body or b"/Type/Page>" in body]
    order = [int(n) for n in re.findall(rb"(\d+) 0 R", _kids(objects))]
    pages = [objects[n] for n in order if n in objects] or pages
    return "\n".join(_page(page, objects) for page in pages)


def facts_of(pdf: bytes) -> dict[str, bool | str]:
    """What makes a PDF readable for all: tags, a language, a title that viewers show."""
    language = re.search(rb"/Lang\((.*?)\)", pdf)
    return {
        "tagged": b"/Marked true" in pdf and b"/StructTreeRoot" in pdf,
        "language": language[1].decode() if language else "",
        "shows_title": b"/DisplayDocTitle true" in pdf,
        "says_ua_1": b"pdfuaid:part" in pdf,
    }


def _kids(objects: dict[int, bytes]) -> bytes:
    for body in objects.values():
        if b"/Type/Pages" in body and (found := re.search(rb"/Kids\[(.*?)\]", body, re.DOTALL)):
            return found[1]
    return b""


def _inflated(body: bytes) -> bytes:
    found = _STREAM.search(body)
    if found is None:
        return b""
    return zlib.decompress(found[2]) if b"FlateDecode" in found[1] else found[2]


def _page(page: bytes, objects: dict[int, bytes]) -> str:
    resources = page
    if found := re.search(rb"/Resources (\d+) 0 R", page):
        resources = objects[int(found[1])]
    inner = re.search(rb"/Font<<(.*?)>>", resources, re.DOTALL)
    fonts = re.findall(rb"/(\w+) (\d+) 0 R", inner[1]) if inner else []
    maps = {name: _unicode(objects[int(number)], objects) for name, number in fonts}
    contents = re.search(rb"/Contents (\d+) 0 R", page)
    assert contents is not None
    said: list[str] = []
    font: dict[int, str] = {}
    for step in _STEP.finditer(_inflated(objects[int(contents[1])])):
        if step[1]:
            font = maps.get(step[1], {})
        elif step[2] is not None:
            said.append(_glyphs(bytes.fromhex(step[2].decode()), font))
        elif step[3] is not None:
            said.append(_glyphs(_unescaped(step[3]), font))
        else:
            said.append("\n")
    return re.sub(r"\n+", "\n", "".join(said)).strip()


def _glyphs(codes: bytes, font: dict[int, str]) -> str:
    return "".join(font.get(codes[i] << 8 | codes[i + 1], "") for i in range(0, len(codes) - 1, 2))


def _unescaped(written: bytes) -> bytes:
    named = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

    def plain(m: re.Match[bytes]) -> bytes:
        return bytes([int(m[1], 8)]) if m[1][:1].isdigit() else named.get(m[1], m[1])

    return re.sub(rb"\\([0-7]{1,3}|.)", plain, written, flags=re.DOTALL)


def _unicode(font: bytes, objects: dict[int, bytes]) -> dict[int, str]:
    found = re.search(rb"/ToUnicode (\d+) 0 R", font)
    if found is None:
        return {}
    table = _inflated(objects[int(found[1])])
    signs: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar\n(.*?)endbfchar", table, re.DOTALL):
        for code, value in re.findall(rb"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>", block):
            signs[int(code, 16)] = bytes.fromhex(value.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange\n(.*?)endbfrange", table, re.DOTALL):
        for low, high, value in re.findall(rb"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>", block):
            first = bytes.fromhex(value.decode()).decode("utf-16-be")
            for offset in range(int(high, 16) - int(low, 16) + 1):
                signs[int(low, 16) + offset] = first[:-1] + chr(ord(first[-1]) + offset)
    return signs
