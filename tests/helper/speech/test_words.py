"""What reaches a voice is plain, of a bounded length, and holds no command."""

import pytest

from altaloud.speech.words import LONGEST, plain

CASES = [
    ("several lines", "A dog.\n\n  A\tcat.", "A dog. A cat."),
    ("espeak's commands", "a\x01150Sb", "a150Sb"),
    ("the end of a string", "a\x00b", "ab"),
    ("direction marks", "a\u202eb\u2066c", "abc"),
    ("half a character", "a\ud83db", "ab"),
    ("phonemes in brackets", "say [[h@l'oU]] now", "say [ [h@l'oU] ] now"),
    ("more brackets", "[[[[x", "[ [ [ [x"),
    ("other writing", "Łódź 犬 \N{DOG FACE}", "Łódź 犬 \N{DOG FACE}"),
    ("nothing to say", " \x01\n\u200b ", ""),
]


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_text_is_made_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_a_long_text_is_cut_between_words() -> None:
    cut = plain("word " * 10_000)

    assert LONGEST - 5 < len(cut) <= LONGEST
    assert cut.endswith("word")


def test_a_long_text_without_spaces_is_cut_all_the_same() -> None:
    assert plain("犬" * 10_000) == "犬" * LONGEST
