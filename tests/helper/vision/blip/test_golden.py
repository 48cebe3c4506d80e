"""The published outputs are compared token for token, in every precision."""

from pathlib import Path

from altaloud.vision.blip import golden
from altaloud.vision.blip.openvino_blip import OpenVinoCaptioner
from altaloud.vision.blip.processor import Precision
from altaloud.vision.blip.runtime import finish
from checkpoints import install_random
from drawings import drawing


def test_each_precision_says_whether_it_is_as_published(tmp_path: Path) -> None:
    folder = install_random(tmp_path)
    captioner = OpenVinoCaptioner(folder, model="small@1", precision="reference", max_threads=1)
    features = finish(captioner.see([drawing(1)]))
    ids = finish(captioner.caption(features))[0].token_ids
    published = {"": ids, "a picture of": (*ids, 1)}

    precisions: list[Precision] = ["fastest", "fast", "accurate", "reference"]

    compared = list(golden.compare(folder, drawing(1), published, answers=False, precisions=precisions))

    assert [each.precision for each in compared] == [name for name in precisions for _ in published]
    assert [each.is_as_published for each in compared if each.precision == "reference"] == [True, False]


def test_what_is_published_fits_its_models() -> None:
    from altaloud.vision.blip.pins import load_pins

    assert set(golden.PUBLISHED) < set(load_pins())
    assert all(
        (ids[0], ids[-1]) == (30522, 102) for said in golden.PUBLISHED.values() for ids in said.values()
    )
