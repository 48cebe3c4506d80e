"""The command line: one module a group of commands.

Exit codes: 0; 1 an error, one line on stderr saying what and what to do; 2 wrong use.
"""

import sys

import typer

from altaloud.cli import ask, browsers, daemon, describe, doctor, keys, memory, models, speech
from altaloud.cli.ground import complain
from altaloud.errors import AltaloudError


def build() -> typer.Typer:
    """Return the whole command line."""
    app = typer.Typer(
        name="altaloud",
        help="Automatic alternative text for images, made on this computer.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # plain help: no boxes for a screen reader to read out
    )
    for group in (describe, ask, daemon, speech, doctor):
        group.add_to(app)
    app.add_typer(models.app, name="models")
    app.add_typer(keys.app, name="keys")
    app.add_typer(memory.app, name="memory")
    app.add_typer(browsers.app, name="browsers")
    return app


def main() -> None:
    """Run the command line; the console script's entry."""
    try:
        build()()
    except AltaloudError as error:
        complain(error)
        sys.exit(1)
