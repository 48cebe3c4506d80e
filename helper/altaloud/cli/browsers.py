"""`altaloud browsers`: which browsers reach the helper by themselves."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from altaloud.cli.ground import Ground, complain
from altaloud.errors import BrowserError
from altaloud.service import browsers
from altaloud.service.browsers import Browser

app = typer.Typer(help="Let the browsers on this computer reach the helper.", no_args_is_help=True)

_Profile = Annotated[
    Path | None,
    typer.Option("--profile", metavar="DIR", help="One Chromium profile folder instead of all browsers."),
]


@app.command(name="list")
def list_(
    profile: _Profile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the browsers found, and which are connected."""
    found = _found(Ground.read(), profile)
    if as_json:
        fields = [
            {"name": browser.name, "connected": browser.is_connected, "needs_code": browser.needs_code}
            for browser in found
        ]
        print(json.dumps({"browsers": fields}))
        return
    for browser in found:
        print(f"{browser.name}: {state(browser)}")
    if not found:
        print("No browser found.")


@app.command()
def connect(profile: _Profile = None) -> None:
    """Let the browsers reach the helper, by native messaging."""
    ground = Ground.read()
    found = _found(ground, profile)
    if not found:
        raise BrowserError("no browser was found")
    failed = False
    for browser in found:
        if browser.needs_code:
            print(f"{browser.name}: {state(browser)}")
            continue
        try:
            browsers.connect(ground.home, browser)
            print(f"{browser.name}: connected.")
        except BrowserError as error:
            failed = True
            complain(error)
    if failed:
        raise typer.Exit(1)


@app.command()
def disconnect(profile: _Profile = None) -> None:
    """Undo `connect`."""
    failed = False
    for browser in _found(Ground.read(), profile):
        try:
            was_connected = browsers.disconnect(browser)
            print(f"{browser.name}: {'disconnected.' if was_connected else 'was not connected.'}")
        except BrowserError as error:
            failed = True
            complain(error)
    if failed:
        raise typer.Exit(1)


def state(browser: Browser) -> str:
    """Say how it stands with that browser."""
    if browser.needs_code:
        return "cannot start programs; run `altaloud pair` and type the code in the extension's options."
    return "connected." if browser.is_connected else "not connected; run `altaloud browsers connect`."


def _found(ground: Ground, profile: Path | None) -> tuple[Browser, ...]:
    return browsers.find(ground.home, os.environ) if profile is None else (browsers.of_profile(profile),)
