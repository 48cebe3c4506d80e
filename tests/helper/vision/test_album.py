"""The last few pictures are at hand, in bounded memory."""

from dataclasses import dataclass

from altaloud.vision.album import Album, Small, shrunk


@dataclass(frozen=True)
class Weight:
    nbytes: int


PICTURE = Small(2, 2, bytes(12))


def test_the_latest_used_are_kept_up_to_so_many_bytes() -> None:
    album = Album(max_bytes=40)
    for name in ("a", "b", "c"):
        album.keep(name, PICTURE)
    assert album.picture("a") == PICTURE  # used again, so that b is the oldest
    album.keep("d", PICTURE)

    assert [name for name in "abcd" if album.picture(name)] == ["a", "c", "d"]
    assert album.nbytes == 36


def test_what_was_seen_counts_and_goes_with_its_picture() -> None:
    album = Album(max_bytes=100)
    album.keep("a", PICTURE)
    album.add("a", {"model@1": Weight(50)})
    assert album.features("a", "model@1") == Weight(50)
    assert album.features("a", "model@2") is None

    album.keep("b", PICTURE)
    album.add("b", {"model@1": Weight(50)})

    assert album.picture("a") is None
    assert album.features("a", "model@1") is None
    assert album.nbytes == 62


def test_a_picture_without_a_name_leaves_nothing() -> None:
    album = Album(max_bytes=100)
    album.add(None, {"model@1": Weight(50)})
    album.add("unknown", {"model@1": Weight(50)})

    assert album.nbytes == 0
    assert album.features(None, "model@1") is None


def test_features_of_a_runtime_that_is_gone_are_forgotten_and_the_pictures_stay() -> None:
    album = Album(max_bytes=100)
    album.keep("a", PICTURE)
    album.add("a", {"model@1": Weight(50)})

    album.forget_features()

    assert album.features("a", "model@1") is None
    assert album.picture("a") == PICTURE


def test_one_that_is_larger_than_the_album_is_not_kept() -> None:
    album = Album(max_bytes=10)
    album.keep("a", PICTURE)

    assert album.picture("a") is None


def test_a_small_picture_is_a_square_and_shrinking_it_again_changes_nothing() -> None:
    once = shrunk(Small(3, 2, bytes(range(18))), 4)

    assert (once.columns, once.rows, len(once.pixels)) == (4, 4, 48)
    assert shrunk(once, 4) == once
