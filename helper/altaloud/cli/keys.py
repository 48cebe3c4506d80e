"""`altaloud keys`: which programs and browsers may ask."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from altaloud.cli.ground import Ground
from altaloud.service import daemon
from altaloud.service.clients import Clients
from altaloud.service.pairing import encode

app = typer.Typer(help="Keys for local programs; connected browsers are listed too.", no_args_is_help=True)


@app.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the program is to be called.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make a key for a local program and print it once."""
    ground = Ground.read()
    with _clients(ground) as clients:
        client = clients.add_program(name)
    running = daemon.running(ground.home)
    port = running.port if running else ground.settings.port
    if as_json:
        print(json.dumps({"client": client.name, "key": encode(client.key), "port": port}))
        return
    print(f"Client: {client.name}")
    print(f"Key: {encode(client.key)}")
    print(f"Port: {port or 'any free one; altaloud status says which, once the helper runs'}")
    print("The key is not shown again. Whoever has it may ask the helper on this computer.")


@app.command(name="list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """List the programs and browsers that have a key."""
    with _clients(Ground.read()) as clients:
        known = clients.list()
    if as_json:
        fields = [{"client": client.name, "kind": client.kind, "origin": client.origin} for client in known]
        print(json.dumps({"clients": fields}))
        return
    for client in known:
        print(f"{client.name}: {client.kind}" + (f", {client.origin}" if client.origin else ""))
    if not known:
        print("None has a key yet.")


@app.command()
def revoke(name: Annotated[str, typer.Argument(metavar="NAME", help="As `keys list` shows it.")]) -> None:
    """Take a key back; what it opened ends at once."""
    with _clients(Ground.read()) as clients:
        clients.revoke(name)
    print(f"{name} can ask no longer.")


@contextmanager
def _clients(ground: Ground) -> Iterator[Clients]:
    clients = Clients(ground.home.clients_file)
    try:
        yield clients
    finally:
        clients.close()
