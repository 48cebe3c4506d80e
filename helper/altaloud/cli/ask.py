"""`altaloud ask`: a question about an image, answered without a running helper."""

import asyncio
import json
from typing import Annotated

import typer
from pydantic import ValidationError

from altaloud.cli.describe import read_file
from altaloud.cli.ground import Ground
from altaloud.describing.description import Answered, QuestionRequest
from altaloud.service.opening import open_describer


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(ask)


def ask(
    file: Annotated[str, typer.Argument(metavar="FILE", help="An image file; - reads standard input.")],
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="In English, in quotes.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    lang: Annotated[str | None, typer.Option(metavar="xx", help="Language of the words.")] = None,
) -> None:
    """Ask a question about an image."""
    try:
        request = QuestionRequest(question=question, language=lang)
    except ValidationError as error:
        raise typer.BadParameter(str(error.errors()[0]["msg"]), param_hint="QUESTION") from error
    answered = asyncio.run(_ask(Ground.read(), file, request))
    if as_json:
        print(json.dumps({"file": file, **answered.model_dump(mode="json")}, ensure_ascii=False))
    else:
        print(answered.answer)


async def _ask(ground: Ground, file: str, request: QuestionRequest) -> Answered:
    async with open_describer(ground.home, ground.settings) as opened:
        return await opened.describer.ask(read_file(file, max_bytes=ground.settings.max_bytes), request)
