"""What is kept is encrypted and bound to its place, and a picture's name says nothing without the key."""

import hashlib

import pytest

from altaloud.errors import StoreDamagedError
from altaloud.memory.sealing import BrokenSealError, Seal

BEACH = hashlib.sha256(b"beach").digest()
KEY = bytes(range(32))


def test_what_was_sealed_opens_again() -> None:
    sealed = Seal(KEY).seal(b"a dog on a beach", b"row 1")

    assert Seal(KEY).open(sealed, b"row 1") == b"a dog on a beach"
    assert b"dog" not in sealed


def test_the_same_words_never_look_the_same_twice(seal: Seal) -> None:
    assert seal.seal(b"a dog", b"row") != seal.seal(b"a dog", b"row")


def test_no_single_flipped_bit_gives_words(seal: Seal) -> None:
    sealed = seal.seal(b"a dog", b"row")

    for bit in range(len(sealed) * 8):
        flipped = bytearray(sealed)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(BrokenSealError):
            seal.open(bytes(flipped), b"row")


@pytest.mark.parametrize("cut", [b"", b"short", bytes(12), bytes(28)])
def test_what_is_cut_short_does_not_open(seal: Seal, cut: bytes) -> None:
    with pytest.raises(BrokenSealError):
        seal.open(cut, b"row")


def test_a_row_does_not_open_in_another_place_or_with_another_key(seal: Seal) -> None:
    sealed = seal.seal(b"a dog", b"row 1")

    with pytest.raises(BrokenSealError):
        seal.open(sealed, b"row 2")
    with pytest.raises(BrokenSealError):
        Seal(bytes(32)).open(sealed, b"row 1")


def test_a_picture_always_has_the_same_name_of_22_letters(seal: Seal) -> None:
    name = seal.identify(BEACH)

    assert name == Seal(KEY).identify(BEACH)
    assert len(name) == 22
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def test_without_the_key_nobody_can_tell_a_known_pictures_name(seal: Seal) -> None:
    assert Seal(bytes(32)).identify(BEACH) != seal.identify(BEACH)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(StoreDamagedError):
        Seal(bytes(length))
