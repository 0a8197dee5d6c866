"""PDF from a template of ours and a caller's data: tagged for screen readers (PDF/UA-1), typeset in a thread.

What a person typed reaches the page as text and never as markup, because it travels as JSON. Templates see their
own folder only; fetching packages is refused, and fonts are those inside the wheel.
"""

import asyncio
import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

TEMPLATES: Final = Path(__file__).parent / "typeset_templates"
STANDARD: Final = "ua-1"
_NAME = re.compile(r"[a-z][a-z_]*", re.ASCII)
_PACKAGE = re.compile(r"[\"']@\w+/")
# How the typesetter says which signs no font of its own can draw. Its texts hold what people typed: never log them.
_UNDRAWN = re.compile(r"the text `\"(.*?)\"` could not be displayed", re.DOTALL)
_SIGN = re.compile(r"\\u\{([0-9a-f]+)\}|\\.|.", re.DOTALL)
# Each round names what it found on the pages; a document in a script without a font is done after two.
ROUNDS: Final = 4


class CannotTypeset(Exception):
    """A template is wrong. Says which, and nothing of what was to be printed."""


async def pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """`template` is a file in `typeset_templates` without its ending; `data` is what it reads (see house.typ).

    `data` needs `title` and `language` (of the words on the page); `large` makes large print, `paper` a size such as
    "a4". Ids, dates and the like become text. A sign that no font can draw appears by its name in brackets, so that
    nothing is lost: a heart is printed as [red heart].
    """
    # The compiler lets go of the interpreter while it works: nothing that rings waits for a page.
    return await asyncio.to_thread(_pdf, template, data)


def _pdf(template: str, data: Mapping[str, Any]) -> bytes:
    path = _file(template)
    for name in ("title", "language"):
        if not data.get(name):
            raise CannotTypeset(f"{template}: {name} is missing in the data, and a PDF for all needs it")
    # Through JSON at once, so that ids and dates are text before their signs are looked at.
    content: Any = json.loads(json.dumps(data, default=str))
    fonts = _own_fonts()
    for _ in range(ROUNDS):
        try:
            return _compile(path, json.dumps(content), fonts)
        except typst.TypstError as error:
            undrawn = _undrawn(error.diagnostic)
            if not undrawn:
                # Not `from error`: the compiler's text may quote what a person typed.
                raise CannotTypeset(f"{template}: the template does not compile") from None
        if fonts is _own_fonts():
            fonts = _all_fonts()
        else:
            content = _named(content, undrawn)
    raise CannotTypeset(f"{template}: signs without a font remain")


def _compile(path: Path, written: str, fonts: typst.Fonts) -> bytes:
    compiler = typst.Compiler(path, root=TEMPLATES, font_paths=fonts, sys_inputs={"data": written})
    made = compiler.compile(format="pdf", pdf_standards=[STANDARD])
    if not isinstance(made, bytes):
        raise CannotTypeset("the typesetter gave no document")
    return made


def _file(template: str) -> Path:
    path = TEMPLATES / f"{template}.typ"
    if not _NAME.fullmatch(template) or not path.is_file():
        raise CannotTypeset(f"There is no template {template!r}.")
    if any(_PACKAGE.search(source.read_text(encoding="utf-8")) for source in (path, TEMPLATES / "house.typ")):
        raise CannotTypeset(f"{template}: a template fetches no packages")
    return path


@cache
def _own_fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


@cache
def _all_fonts() -> typst.Fonts:
    """For scripts that the wheel's fonts lack: whatever this machine has."""
    return typst.Fonts()


def _undrawn(diagnostic: str) -> set[str]:
    """The signs that the compiler complains about, which it quotes with escapes such as \\u{200d}."""
    quoted = "".join(_UNDRAWN.findall(diagnostic))
    return {chr(int(m[1], 16)) if m[1] else m[0][-1] for m in _SIGN.finditer(quoted)}


def _named(content: Any, undrawn: set[str]) -> Any:
    match content:
        case str():
            return "".join(_name_of(sign) if sign in undrawn else sign for sign in content)
        case list():
            return [_named(part, undrawn) for part in content]
        case dict():
            return {key: _named(part, undrawn) for key, part in content.items()}
        case _:
            return content


def _name_of(sign: str) -> str:
    # Joiners and variation selectors belong to the sign before them and say nothing by themselves.
    if unicodedata.category(sign) in ("Cf", "Mn", "Cc", "Cn", "Co"):
        return ""
    return f"[{unicodedata.name(sign, 'unknown sign').lower()}]"
