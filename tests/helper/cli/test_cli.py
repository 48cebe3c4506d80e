"""The command line as a person or a program meets it: real files, real processes."""

import json
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from checkpoints import install_random
from commandline import Altaloud

WORDS = "Library closed on Monday"


def picture_of_text(path: Path) -> str:
    image = Image.new("RGB", (640, 120), "white")
    ImageDraw.Draw(image).text((24, 34), WORDS, fill="black", font=ImageFont.load_default(44))
    image.save(path)
    return str(path)


def blank(path: Path) -> str:
    Image.new("RGB", (300, 200), "navy").save(path)
    return str(path)


def test_a_batch_goes_on_past_what_cannot_be_read(altaloud: Altaloud, tmp_path: Path) -> None:
    text, plain = picture_of_text(tmp_path / "text.png"), blank(tmp_path / "blank.webp")
    (tmp_path / "page.jpg").write_bytes(b"<!doctype html><title>Not found</title>")
    damaged = Path(text).read_bytes()[:500]
    (tmp_path / "cut.png").write_bytes(damaged)
    (tmp_path / "empty.gif").write_bytes(b"")
    bad = [str(tmp_path / name) for name in ("page.jpg", "cut.png", "empty.gif", "missing.png")]

    said = altaloud("describe", *bad, text, plain, "--json")

    assert said.code == 1
    assert [line["file"] for line in said.lines] == [*bad, text, plain]
    errors = [str(line.get("error")).removesuffix("ImageError") for line in said.lines]
    assert errors == ["Unreadable", "Damaged", "Unreadable", "Unreadable", "None", "None"]
    assert len(said.err.splitlines()) == len(bad)
    assert said.lines[-2]["alt"] == WORDS
    assert said.lines[-1]["alt"] is None
    assert said.lines[-1]["kind"] == "blank"
    assert said.lines[-1]["reason"]


def test_standard_input_and_plain_words(altaloud: Altaloud, tmp_path: Path) -> None:
    said = altaloud("describe", "-", stdin=Path(picture_of_text(tmp_path / "text.png")).read_bytes())

    assert (said.code, said.out, said.err) == (0, f"{WORDS}\n", "")


def test_the_place_of_an_image_changes_its_words_and_not_what_is_remembered(
    altaloud: Altaloud, tmp_path: Path
) -> None:
    image = blank(tmp_path / "logo.png")
    context = json.dumps({"role": "link", "href": "https://shop.example/red-shoes"})

    first = altaloud("describe", image, "--json").json
    second = altaloud("describe", image, "--json", "--context", context, "--lang", "de").json

    assert (first["alt"], first["cached"]) == (None, False)
    assert (second["alt"], second["cached"], second["language"]) == ("red shoes", True, "de")
    assert first["id"] == second["id"]


def cross(path: Path, ink: str) -> str:
    image = Image.new("RGBA", (96, 96))
    draw = ImageDraw.Draw(image)
    draw.line([(20, 20), (76, 76)], fill=ink, width=9)
    draw.line([(20, 76), (76, 20)], fill=ink, width=9)
    image.save(path)
    return str(path)


@pytest.mark.parametrize(("role", "words"), [("button", "Schließen"), ("image", "Symbol: Schließkreuz")])
def test_an_icon_is_named_in_the_language_and_for_its_place(
    altaloud: Altaloud, tmp_path: Path, role: str, words: str
) -> None:
    context = json.dumps({"role": role, "background": "#203040"})

    said = altaloud(
        "describe", cross(tmp_path / "x.png", "white"), "--json", "--lang", "de", "--context", context
    ).json

    assert (said["kind"], said["icon"]) == ("icon", "close")
    assert said["alt"].endswith(words.rsplit(maxsplit=1)[-1])
    assert said["hedged"] == ("ielleicht" in said["alt"])
    assert said["confidence"] > 0.8


def test_a_description_is_spoken(altaloud: Altaloud, tmp_path: Path) -> None:
    altaloud("describe", picture_of_text(tmp_path / "text.png"), "--say")

    assert (tmp_path / "spoken.txt").read_text() == f"{WORDS}\n"


def test_a_voice_that_cannot_be_had_costs_no_description(altaloud: Altaloud, tmp_path: Path) -> None:
    images = [picture_of_text(tmp_path / "text.png"), picture_of_text(tmp_path / "again.png")]

    said = altaloud("describe", *images, "--say", ALTALOUD_VOICE="harp")

    assert said.out.count(WORDS) == 2
    assert (said.code, len(said.err.splitlines())) == (1, 1)
    assert "harp" in said.err


WRONG_USE = [
    ("an unknown detail", ["describe", "x.png", "--detail", "medium"]),
    ("a context that is no JSON", ["describe", "x.png", "--context", "{"]),
    ("a context with an unknown field", ["describe", "x.png", "--context", '{"colour": 1}']),
    ("a background that is no colour", ["describe", "x.png", "--context", '{"background": "red"}']),
    ("standard input twice", ["describe", "-", "-"]),
    ("no file", ["describe"]),
    ("no such command", ["explain"]),
    ("forget what?", ["memory", "forget"]),
]


@pytest.mark.parametrize("arguments", [case[1] for case in WRONG_USE], ids=[case[0] for case in WRONG_USE])
def test_wrong_use_is_exit_code_2(altaloud: Altaloud, arguments: list[str]) -> None:
    said = altaloud(*arguments)

    assert said.code == 2
    assert said.out == ""


ERRORS = [
    ("no helper to stop", ["stop"]),
    ("no helper to hush", ["hush"]),
    ("no helper to pair with", ["pair"]),
    ("no model of that name", ["models", "download", "caption-huge"]),
    ("no key of that name", ["keys", "revoke", "nobody"]),
]


@pytest.mark.parametrize("arguments", [case[1] for case in ERRORS], ids=[case[0] for case in ERRORS])
def test_an_error_is_one_line_that_says_what_to_do_and_exit_code_1(
    altaloud: Altaloud, arguments: list[str]
) -> None:
    said = altaloud(*arguments)

    assert said.code == 1
    assert said.out == ""
    assert len(said.err.splitlines()) == 1


def test_a_wrong_setting_is_named(altaloud: Altaloud) -> None:
    said = altaloud("status", ALTALOUD_PROT="1")

    assert said.code == 1
    assert "prot" in said.err


def test_start_status_say_hush_stop(altaloud: Altaloud, tmp_path: Path) -> None:
    assert altaloud("status", "--json").json == {"running": False}

    assert altaloud("start", "--no-tray").code == 0
    status = altaloud("status", "--json").json
    assert status["running"]
    assert status["port"] > 0
    assert "port" in altaloud("status").out
    assert altaloud("start", "--no-tray").code == 1
    assert altaloud("say", "Good morning").code == 0
    assert (tmp_path / "spoken.txt").read_text() == "Good morning\n"
    assert altaloud("hush").code == 0
    assert altaloud("stop").code == 0

    assert altaloud("status", "--json").json == {"running": False}


def test_a_pairing_code_is_shown_and_spoken(altaloud: Altaloud, tmp_path: Path) -> None:
    altaloud("start", "--no-tray")

    said = altaloud("pair")

    code = said.out.splitlines()[0].removeprefix("Code: ")
    assert len(code.replace(" ", "")) == 6
    spoken = (tmp_path / "spoken.txt").read_text()
    assert [letter for letter in spoken if letter.isdigit()] == list(code.replace(" ", ""))


def test_a_key_is_shown_once_and_can_be_taken_back(altaloud: Altaloud) -> None:
    added = altaloud("keys", "add", "my-script", "--json").json
    listed = altaloud("keys", "list")
    revoked = altaloud("keys", "revoke", "my-script")

    assert added["client"] == "my-script"
    assert len(added["key"]) == 43
    assert "my-script" in listed.out
    assert added["key"] not in listed.out
    assert revoked.code == 0
    assert "my-script" not in altaloud("keys", "list").out


def test_what_was_described_is_found_exported_and_forgotten(altaloud: Altaloud, tmp_path: Path) -> None:
    altaloud("describe", picture_of_text(tmp_path / "text.png"))

    assert WORDS in altaloud("memory", "search", "library", "MONDAY").out
    assert altaloud("memory", "search", "tuesday").out == "Nothing found.\n"
    assert altaloud("memory", "export", str(tmp_path / "all.jsonl")).code == 0
    assert json.loads((tmp_path / "all.jsonl").read_text())["seen"]["text"] == WORDS
    assert altaloud("memory", "forget", "--all").out == "1 descriptions forgotten.\n"
    assert altaloud("memory", "search", "library").out == "Nothing found.\n"


def test_the_doctor_says_what_is_missing_and_what_to_do(altaloud: Altaloud) -> None:
    checks = {check["name"]: check for check in altaloud("doctor", "--json").json["checks"]}

    assert not checks["helper"]["ok"]
    assert "altaloud start" in checks["helper"]["advice"]
    assert not checks["model"]["ok"]
    assert "megabytes" in checks["model"]["advice"]
    assert checks["memory"]["ok"]
    assert checks["decoder"]["ok"]


def test_the_doctor_finds_a_damaged_store(altaloud: Altaloud, tmp_path: Path) -> None:
    altaloud("memory", "search", "anything")
    (tmp_path / "home" / "memory.sqlite3").write_bytes(b"nonsense" * 1000)

    checks = {check["name"]: check for check in altaloud("doctor", "--json").json["checks"]}

    assert not checks["memory"]["ok"]
    assert "altaloud memory forget --all" in checks["memory"]["advice"]


def test_what_a_running_helper_has_open_is_not_erased_behind_its_back(
    altaloud: Altaloud, tmp_path: Path
) -> None:
    altaloud("start", "--no-tray")
    key = tmp_path / "home" / "memory.key"
    key.write_bytes(b"short")

    refused = altaloud("memory", "forget", "--all")
    altaloud("stop")
    erased = altaloud("memory", "forget", "--all")

    assert (refused.code, refused.out) == (1, "")
    assert "altaloud stop" in refused.err
    assert (erased.code, key.exists()) == (0, False)


def test_the_models_are_listed_with_their_sizes(altaloud: Altaloud) -> None:
    models = {model["name"]: model for model in altaloud("models", "list", "--json").json["models"]}

    assert set(models) == {"caption-base", "caption-large", "vqa-base", "itm-base"}
    assert models["caption-base"]["download_bytes"] > 989_820_849
    assert not models["caption-base"]["installed"]
    assert altaloud("models", "verify").out == "No model is installed.\n"


def test_a_question_without_the_model_is_one_line_with_the_size(altaloud: Altaloud, tmp_path: Path) -> None:
    said = altaloud("ask", blank(tmp_path / "door.png"), "is it open?")

    assert (said.code, said.out, len(said.err.splitlines())) == (1, "", 1)
    assert "altaloud models download vqa-base" in said.err
    assert "1539 megabytes" in said.err


def test_a_question_is_answered(altaloud: Altaloud, tmp_path: Path) -> None:
    install_random(tmp_path / "home" / "models", "vqa-base")
    image = blank(tmp_path / "door.png")

    as_json = altaloud("ask", image, "is it open?", "--json")
    plain = altaloud("ask", image, "is it open?", ALTALOUD_PRECISION="reference")
    refused = altaloud("ask", image, "who is this?", "--json", "--lang", "de")
    missing = altaloud("ask", str(tmp_path / "none.png"), "is it open?")

    assert as_json.code == plain.code == 0
    assert {"file", "answer", "confidence", "hedged", "language", "model"} <= set(as_json.json)
    assert plain.out.strip()
    assert "nicht geraten" in refused.json["answer"]
    assert (missing.code, len(missing.err.splitlines())) == (1, 1)
