"""`altaloud say` and `hush`."""

import asyncio
from typing import Annotated

import typer

from altaloud.cli.ground import Ground
from altaloud.service import daemon
from altaloud.service.client import HelperClient
from altaloud.speech.voice import Speaker, choose


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(say)
    app.command()(hush)


def say(
    text: Annotated[str, typer.Argument(metavar="TEXT")],
    lang: Annotated[str | None, typer.Option(metavar="xx", help="Language of the text.")] = None,
) -> None:
    """Speak a text: by the helper if it runs, so that `hush` can end it; else here and now."""
    ground = Ground.read()
    language = lang or ground.settings.language
    if daemon.running(ground.home):
        with HelperClient(ground.home) as helper:
            helper.say(text, language=language)
        return
    asyncio.run(_say_here(ground, text, language))


def hush() -> None:
    """Stop the helper's speech at once."""
    with HelperClient(Ground.read().home) as helper:
        helper.hush()


async def _say_here(ground: Ground, text: str, language: str) -> None:
    settings = ground.settings
    speaker = Speaker(
        choose(settings.voice, voice_file=settings.voice_file, words_per_minute=settings.words_per_minute)
    )
    try:
        await speaker.say(text, language=language)
        await speaker.finish()
    finally:
        await speaker.close()
