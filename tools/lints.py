"""House rules that no ready-made linter knows. Each one is a function with its reason in it; keep them few.

`python -m tools.lints` prints one line for each break and exits 1 when there is one.
"""

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from app.protocols import gentle

ROOT = Path(__file__).resolve().parent.parent
Found = Iterator[tuple[Path, int, str]]

SQL_TIME = re.compile(
    r"\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(\s*\)"
    r"|\b(CURRENT_TIMESTAMP|CURRENT_DATE|CURRENT_TIME|LOCALTIMESTAMP|LOCALTIME)\b",
    re.IGNORECASE,
)
PYTHON_TIME = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}
RECORDS = re.compile(r"(record|record_\w+|recording\w*|transcri\w*)", re.IGNORECASE)
DOES_NOT_RECORD = {"do-not-record", False, None}
# Written in halves, so that this file does not break its own rule.
INDEX_HOSTS = re.compile(
    "|".join((r"pypi\." + "org", r"python" + r"hosted\.org", r"registry\." + r"(npmjs|yarnpkg)"))
)

COPY = ROOT / "frontend" / "src" / "words" / "gentle.json"
BETTER_NOT = re.compile(r"Better not|Mejor no")
SENTENCE = re.compile(r"[“\"]?[A-Z][^\\]* ")


def time_has_one_source(path: Path, tree: ast.Module) -> Found:
    """What is due is decided by one clock (app/clock.py); a second one makes a step run twice or never in tests."""
    if path == ROOT / "app" / "clock.py":
        return
    prose = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node not in prose and SQL_TIME.search(node.value):
                yield path, node.lineno, "SQL asks for the time: use clock.sql_now()"
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            owner, _, name = called.rpartition(".")
            if owner.split(".")[-1] in ("func", "sql") and SQL_TIME.search(f"{name}()"):
                yield path, node.lineno, f"{called}() in SQL: use clock.sql_now()"
            if ".".join(called.split(".")[-2:]) in PYTHON_TIME:
                yield path, node.lineno, f"{called}(): the time comes from the transaction or the clock"


def nothing_records(path: Path, tree: ast.Module) -> Found:
    """No call and no group is ever recorded or transcribed (T4); clients are told so."""
    if not path.is_relative_to(ROOT / "app"):
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        for keyword in node.keywords:
            value = keyword.value.value if isinstance(keyword.value, ast.Constant) else keyword.value
            if keyword.arg and RECORDS.fullmatch(keyword.arg) and value not in DOES_NOT_RECORD:
                yield path, node.lineno, f"{keyword.arg}= may record: only 'do-not-record' is allowed"
        telephone = path.is_relative_to(ROOT / "app" / "calls") and isinstance(node.func, ast.Attribute)
        if telephone and RECORDS.fullmatch(ast.unparse(node.func).rpartition(".")[2]):
            yield path, node.lineno, f"{ast.unparse(node.func)}() of the telephone may record"


def twiml_is_never_inline(path: Path, tree: ast.Module) -> Found:
    """A call whose attempt is no longer current must hear nothing: its words are fetched when it is answered."""
    if not path.is_relative_to(ROOT / "app" / "calls"):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and any(keyword.arg == "twiml" for keyword in node.keywords):
            yield path, node.lineno, "twiml= is inline: give the address it is fetched from"


def database_closes_before_the_reply(path: Path, tree: ast.Module) -> Found:
    """With FastAPI's default scope a dependency ends after the reply: a commit that failed still answered 200."""
    if not path.is_relative_to(ROOT / "app"):
        return
    yields = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.AsyncFunctionDef)
        and any(isinstance(inner, ast.Yield) for inner in ast.walk(node))
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "Depends" and node.args:
            given = ast.unparse(node.args[0]).split(".")[-1]
            scopes = [ast.unparse(keyword.value) for keyword in node.keywords if keyword.arg == "scope"]
            if (given in yields or given.endswith("db")) and scopes != ["'function'"]:
                yield path, node.lineno, f'Depends({given}) without scope="function"'


def nobody_learns_where_we_install_from(path: Path, text: str) -> Found:
    """People install from the index they trust; an address in a lock would override it."""
    for number, line in enumerate(text.splitlines(), 1):
        if INDEX_HOSTS.search(line):
            yield path, number, "names a package index"


def says_it_gently(path: Path, text: str) -> Found:
    """What people read of us hurts and blames nobody (D8): the list, its reasons and other words are app/protocols/gentle.json."""
    if path == COPY and text != gentle.FILE.read_text(encoding="utf-8"):
        yield path, 1, "differs from app/protocols/gentle.json: copy it here"
    if not _is_read_by_people(path):
        return
    for number, line in enumerate(text.splitlines(), 1):
        # What is better left unsaid is quoted to those who ask how to help.
        if not BETTER_NOT.search(line):
            yield from ((path, number, sentence) for sentence in gentle.faults_of(line))


def sentences_are_gentle(path: Path, tree: ast.Module) -> Found:
    """The same for the sentences of the program itself. Lists of words to look for are none."""
    prose = _docstrings(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or node in prose:
            continue
        if SENTENCE.match(node.value):
            yield from ((path, node.lineno, sentence) for sentence in gentle.faults_of(node.value))


def _is_read_by_people(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    if parts[0] == "protocols" or parts[:3] == ("frontend", "src", "words"):
        return path.suffix in (".yaml", ".ts") and path.name != "gentle.ts"
    return parts[0] == "app" and (path.suffix in (".html", ".po") or "texts" in parts)


OF_PYTHON: tuple[Callable[[Path, ast.Module], Found], ...] = (
    time_has_one_source,
    nothing_records,
    twiml_is_never_inline,
    database_closes_before_the_reply,
    sentences_are_gentle,
)
OF_TEXT: tuple[Callable[[Path, str], Found], ...] = (
    nobody_learns_where_we_install_from,
    says_it_gently,
)


def breaks(files: list[Path]) -> Iterator[str]:
    for path in files:
        try:
            text = path.read_text()
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        found = [hit for lint in OF_TEXT for hit in lint(path, text)]
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in ("app", "migrations"):
            tree = ast.parse(text)
            found += [hit for lint in OF_PYTHON for hit in lint(path, tree)]
        for where, line, what in found:
            yield f"{where.relative_to(ROOT)}:{line}: {what}"


def _docstrings(tree: ast.Module) -> set[ast.AST]:
    """Prose may say now()."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(first.value)
    return found


def _tracked() -> list[Path]:
    """What is in the repository or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return sorted(ROOT / name for name in said.split("\0") if name)


if __name__ == "__main__":
    lines = list(breaks(_tracked()))
    print("\n".join(lines) or "house rules hold")
    raise SystemExit(bool(lines))
