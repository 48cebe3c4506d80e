"""`altaloud start`, `stop`, `status`, `pair`: the helper in the background."""

import json
from typing import Annotated, Any

import typer

from altaloud.cli.ground import Ground, complain
from altaloud.errors import HelperNotRunningError, SpeechError
from altaloud.service import daemon
from altaloud.service.client import HelperClient
from altaloud.service.pairing import Codes


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(start)
    app.command()(stop)
    app.command()(status)
    app.command()(pair)


def start(
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes any free one.")
    ] = None,
    no_tray: Annotated[bool, typer.Option("--no-tray", help="Show no icon in the desktop's tray.")] = False,
    foreground: Annotated[
        bool, typer.Option("--foreground", help="Stay until stopped; for service managers.")
    ] = False,
) -> None:
    """Start the helper; it goes on in the background."""
    ground = Ground.read()
    has_tray = ground.settings.tray and not no_tray
    if foreground:
        daemon.run(ground.home, ground.settings, port=port, tray=has_tray)
        return
    running = daemon.start(ground.home, ground.settings, port=port, tray=has_tray)
    print(f"The helper is running on port {running.port}.")


def stop() -> None:
    """Stop the helper."""
    daemon.stop(Ground.read().home)
    print("The helper has stopped.")


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say whether the helper runs, and what it holds."""
    ground = Ground.read()
    running = daemon.running(ground.home)
    if running is None:
        print(
            json.dumps({"running": False})
            if as_json
            else "The helper is not running. Start it with: altaloud start"
        )
        return
    with HelperClient(ground.home) as helper:
        state = helper.status()
    if as_json:
        print(
            json.dumps(
                {"running": True, "pid": running.pid, "port": running.port, **state}, ensure_ascii=False
            )
        )
        return
    for line in _lines(running, state):
        print(line)


def pair() -> None:
    """Show and speak a one-time code that connects a browser."""
    ground = Ground.read()
    running = daemon.running(ground.home)
    if running is None:
        raise HelperNotRunningError("the helper is not running, so no browser could use a code")
    codes = Codes(ground.home.clients_file)
    try:
        code = codes.offer()
    finally:
        codes.close()
    print(f"Code: {code}")
    print(f"Type it into the extension's options within 60 seconds. The port is {running.port}.", flush=True)
    try:
        with HelperClient(ground.home) as helper:
            helper.say(
                ", ".join(" ".join(group) for group in code.split()), language=ground.settings.language
            )
    except SpeechError as error:
        complain(error, about="the code could not be spoken")


def _lines(running: daemon.Running, state: dict[str, Any]) -> list[str]:
    models = ", ".join(model["name"] for model in state["models"] if model["installed"]) or "none"
    memory = state["memory"]
    waiting = sum(state["queue"].values())
    lines = [
        f"The helper is running on port {running.port}, process {running.pid}.",
        f"Models installed: {models}.",
        *_preparing_lines(state["preparing"]),
        *_engine_lines(state["engine"]),
        f"Waiting: {waiting} images.",
        f"Remembered: {memory['descriptions']} descriptions.",
    ]
    if problem := memory["problem"]:
        lines.append(f"They will be lost when the helper stops: {problem['message']}. {problem['advice']}")
    return lines


def _preparing_lines(preparing: dict[str, Any]) -> list[str]:
    """Say that a model is made ready for this version, and what went wrong with that."""
    now, problem = preparing["now"], preparing["problem"]
    return [
        *([f"{now['model']} is being made ready: {now['percent']} percent."] if now else []),
        *([f"A model could not be made ready: {problem}"] if problem else []),
    ]


def _engine_lines(engine: dict[str, Any]) -> list[str]:
    """Say how photographs are described, once that is known."""
    if engine["device"] is None:
        return []
    threads = f", {engine['threads']} threads" if engine["threads"] else ""
    together = f", {engine['batch']} images together" if engine["batch"] > 1 else ""
    return [f"BLIP runs on {engine['device']}, {engine['precision']}{threads}{together}.", *engine["notes"]]
