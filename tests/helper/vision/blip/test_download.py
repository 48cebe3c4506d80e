"""A model comes from the hub whole and checked, or not at all, and never twice the same byte for nothing."""

import os
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from altaloud.errors import DiskFullError, DownloadError, ModelBusyError, ModelDamagedError, UnknownModelError
from altaloud.vision.blip.checkpoint import Checkpoints
from altaloud.vision.blip.digests import RECORD, Record, sha256
from altaloud.vision.blip.download import SPARE_BYTES
from altaloud.vision.blip.pins import PICKLE, WEIGHTS, Pin
from altaloud.vision.blip.progress import Progress
from checkpoints import pin_of
from hub import Hub

TESTS = Path(__file__).parents[3]


def test_a_download_ends_with_an_installed_model(hub: Hub, checkpoints_: Checkpoints, pickled: Pin) -> None:
    seen: list[Progress] = []

    checkpoints_.download(pickled.name, seen.append)

    assert checkpoints_.is_installed(pickled.name)
    assert {step.phase for step in seen} == {"downloading", "checking", "converting"}
    downloading = [step for step in seen if step.phase == "downloading"]
    assert downloading[-1].done_bytes == downloading[-1].total_bytes == checkpoints_.size(pickled.name)
    assert [step.done_bytes for step in downloading] == sorted(step.done_bytes for step in downloading)
    assert hub.bytes_sent == pickled.download_bytes


def test_the_pickle_is_gone_once_its_tensors_are_kept(
    checkpoints_: Checkpoints, models: Path, published: dict[str, Path], pickled: Pin
) -> None:
    import torch
    from safetensors.torch import load_file

    checkpoints_.download(pickled.name)

    folder = models / pickled.name
    assert {path.name for path in folder.iterdir()} == {*pickled.installed_names, RECORD}
    assert not (folder / PICKLE).exists()
    original = torch.load(published[pickled.name] / PICKLE, weights_only=True)
    kept = load_file(folder / WEIGHTS)
    assert kept.keys() == original.keys()
    assert all(torch.equal(kept[name], original[name]) for name in original)
    record = Record.read(folder)
    assert record is not None
    assert record.converted_from == sha256(published[pickled.name] / PICKLE)


def test_an_installed_model_is_not_fetched_again(hub: Hub, checkpoints_: Checkpoints, pin: Pin) -> None:
    checkpoints_.download(pin.name)
    asked = len(hub.asked)

    checkpoints_.download(pin.name)

    assert len(hub.asked) == asked


def test_a_large_file_comes_from_the_other_host_and_nothing_private_goes_there(
    hub: Hub, checkpoints_: Checkpoints, pin: Pin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")

    checkpoints_.download(pin.name)

    (large,) = hub.content_requests(WEIGHTS)
    assert large.path.startswith("/large/")
    assert {name for asked in hub.asked for name in asked.headers} == {
        *("host", "accept", "accept-encoding", "connection", "user-agent")
    }
    assert not any("hf_secret" in value for asked in hub.asked for value in asked.headers.values())


def test_the_hub_named_in_the_environment_is_asked(
    hub: Hub, models: Path, pin: Pin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint + "/")

    Checkpoints(models, pins={pin.name: pin}).download(pin.name)

    assert hub.content_requests(WEIGHTS)


def test_a_cut_connection_goes_on_where_it_stopped(hub: Hub, checkpoints_: Checkpoints, pin: Pin) -> None:
    hub.cut_after_bytes, hub.cuts_left = 3_000_000, 2

    checkpoints_.download(pin.name)

    firsts = [asked.first_byte for asked in hub.content_requests(WEIGHTS)]
    assert firsts == [0, 3_000_000, 6_000_000]
    assert hub.bytes_sent == pin.download_bytes


def test_the_next_run_goes_on_after_a_network_that_stayed_away(
    hub: Hub, checkpoints_: Checkpoints, models: Path, pin: Pin
) -> None:
    hub.cut_after_bytes, hub.cuts_left = 300_000, 99
    with pytest.raises(DownloadError, match="cannot be reached"):
        checkpoints_.download(pin.name)
    assert not checkpoints_.is_installed(pin.name)
    entry = next(entry for entry in checkpoints_.list() if entry.name == pin.name)
    assert entry.state == "partial"
    so_far = (models / f"{pin.name}.partial" / WEIGHTS).stat().st_size
    asked = len(hub.content_requests(WEIGHTS))

    hub.cuts_left = 0
    checkpoints_.download(pin.name)

    (again,) = hub.content_requests(WEIGHTS)[asked:]
    assert again.first_byte == so_far > 0
    assert hub.bytes_sent == pin.download_bytes
    assert checkpoints_.is_installed(pin.name)


def test_a_hub_that_cannot_go_on_sends_the_file_again(hub: Hub, checkpoints_: Checkpoints, pin: Pin) -> None:
    hub.cut_after_bytes, hub.honours_range = 3_000_000, False

    checkpoints_.download(pin.name)

    assert checkpoints_.is_installed(pin.name)
    assert hub.bytes_sent == pin.download_bytes + 3_000_000


def test_a_busy_hub_is_asked_again(hub: Hub, checkpoints_: Checkpoints, pin: Pin) -> None:
    hub.busy_left = 2

    checkpoints_.download(pin.name)

    assert checkpoints_.is_installed(pin.name)


def test_a_file_with_a_wrong_digest_is_refused_and_deleted(
    hub: Hub, checkpoints_: Checkpoints, models: Path, pin: Pin
) -> None:
    hub.wrong_bytes_in = WEIGHTS

    with pytest.raises(ModelDamagedError, match=WEIGHTS):
        checkpoints_.download(pin.name)

    partial = models / f"{pin.name}.partial"
    assert not (partial / WEIGHTS).exists()
    assert not (partial / WEIGHTS).exists()  # so nothing opened it
    assert not checkpoints_.is_installed(pin.name)
    hub.wrong_bytes_in = None
    checkpoints_.download(pin.name)
    assert checkpoints_.is_installed(pin.name)


def test_a_file_of_another_size_is_refused_before_it_is_fetched(hub: Hub, models: Path, pin: Pin) -> None:
    larger = replace(
        pin,
        files=tuple(replace(file, size_bytes=(file.size_bytes or 0) + 1_000_000) for file in pin.files),
    )

    with pytest.raises(ModelDamagedError, match="bytes that were pinned"):
        Checkpoints(models, pins={pin.name: larger}, endpoint=hub.endpoint).download(pin.name)

    assert not any(path.stat().st_size for path in (models / f"{pin.name}.partial").iterdir())


def test_another_commit_is_refused(hub: Hub, checkpoints_: Checkpoints, pin: Pin) -> None:
    hub.commit = "f" * 40

    with pytest.raises(DownloadError, match="another commit"):
        checkpoints_.download(pin.name)


def test_a_file_that_is_not_there_is_an_error_at_once(hub: Hub, checkpoints_: Checkpoints, pin: Pin) -> None:
    hub.missing.add(WEIGHTS)

    with pytest.raises(DownloadError, match="404"):
        checkpoints_.download(pin.name)

    assert [asked.path for asked in hub.asked if asked.path.endswith(WEIGHTS)] == [
        f"/{pin.repository}/resolve/{pin.revision}/{WEIGHTS}"
    ]


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", "ftp://example.org", "nonsense"])
def test_no_hub_is_an_error_that_says_so(models: Path, pin: Pin, endpoint: str) -> None:
    checkpoints = Checkpoints(models, pins={pin.name: pin}, endpoint=endpoint, waits_seconds=(0.01,))

    with pytest.raises(DownloadError, match="hub"):
        checkpoints.download(pin.name)


def test_the_disk_is_looked_at_before_the_first_byte(hub: Hub, models: Path, pickled: Pin) -> None:
    pickle_bytes = next(file.size_bytes or 0 for file in pickled.files if file.name == PICKLE)
    # The converted file stands beside the pickle for a while.
    free = pickled.download_bytes + pickle_bytes + SPARE_BYTES - 1
    checkpoints = Checkpoints(
        models, pins={pickled.name: pickled}, endpoint=hub.endpoint, free_bytes=lambda _: free
    )

    with pytest.raises(DiskFullError, match="MB"):
        checkpoints.download(pickled.name)

    assert hub.asked == []
    free += 1
    checkpoints.download(pickled.name)
    assert checkpoints.is_installed(pickled.name)


def test_cancelling_leaves_no_model_but_its_bytes(
    hub: Hub, checkpoints_: Checkpoints, models: Path, pin: Pin
) -> None:
    def cancel(step: Progress) -> None:
        if step.file == WEIGHTS and step.done_bytes > 2_000_000:
            raise KeyboardInterrupt

    hub.bytes_per_second = 20_000_000
    with pytest.raises(KeyboardInterrupt):
        checkpoints_.download(pin.name, cancel)

    assert not checkpoints_.is_installed(pin.name)
    entry = next(entry for entry in checkpoints_.list() if entry.name == pin.name)
    assert entry.state == "partial"
    assert entry.disk_bytes > 1_000_000
    assert checkpoints_.remove(pin.name) == entry.disk_bytes
    assert not (models / f"{pin.name}.partial").exists()


def test_cancelling_the_conversion_ends_its_process(
    checkpoints_: Checkpoints, models: Path, pickled: Pin
) -> None:
    def cancel(step: Progress) -> None:
        if step.phase == "converting":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        checkpoints_.download(pickled.name, cancel)

    assert not (models / f"{pickled.name}.partial" / WEIGHTS).exists()
    checkpoints_.download(pickled.name)
    assert checkpoints_.is_installed(pickled.name)


@pytest.mark.parametrize("moment", [f"downloading {WEIGHTS}", f"checking {WEIGHTS}", "converting"])
def test_a_killed_download_is_gone_on_with(
    hub: Hub, checkpoints_: Checkpoints, driver: list[str], moment: str
) -> None:
    name, file = ("caption-base", PICKLE) if moment == "converting" else ("vqa-base", WEIGHTS)
    hub.bytes_per_second = 40_000_000
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    with subprocess.Popen([*driver, name], stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        reached = any(
            line.startswith(moment) and int(line.split()[-1]) > 1_000_000 for line in process.stdout
        )
        process.send_signal(signal.SIGKILL)
    assert reached
    assert not checkpoints_.is_installed(name)

    checkpoints_.download(name)

    assert checkpoints_.is_installed(name)
    first, *more = [asked.first_byte for asked in hub.content_requests(file)]
    assert first == 0
    assert [last > 1_000_000 for last in more] == ([True] if moment.startswith("downloading") else [])


def test_a_second_download_of_the_same_model_is_told(
    hub: Hub, checkpoints_: Checkpoints, models: Path, pin: Pin
) -> None:
    second = Checkpoints(models, pins={pin.name: pin}, endpoint=hub.endpoint)
    told: list[ModelBusyError] = []

    def meanwhile(_: Progress) -> None:
        with pytest.raises(ModelBusyError, match=pin.name) as caught:
            second.download(pin.name)
        told.append(caught.value)

    checkpoints_.download(pin.name, meanwhile)

    assert told
    assert checkpoints_.is_installed(pin.name)


def test_a_new_revision_takes_the_place_of_the_old(
    hub: Hub, checkpoints_: Checkpoints, models: Path, pin: Pin
) -> None:
    checkpoints_.download(pin.name)
    newer = replace(pin, revision="f" * 40)
    hub.repositories = {
        **hub.repositories,
        (pin.repository, newer.revision): next(iter(hub.repositories.values())),
    }
    updated = Checkpoints(models, pins={pin.name: newer}, endpoint=hub.endpoint)
    assert not updated.is_installed(pin.name)

    updated.download(pin.name)

    assert updated.is_installed(pin.name)
    assert updated.version(pin.name) == f"{pin.name}@fffffff"


def test_an_unknown_name_is_an_error(checkpoints_: Checkpoints) -> None:
    with pytest.raises(UnknownModelError, match="cat-base"):
        checkpoints_.download("cat-base")


class TestUnknownDigests:
    """Where our pins know no digest, the hub's own metadata counts, and counts for ever."""

    @pytest.fixture
    def open_pin(self, published: dict[str, Path]) -> Pin:
        return pin_of(published["vqa-base"], "vqa-base", known=False)

    @pytest.fixture
    def open_checkpoints(self, hub: Hub, models: Path, open_pin: Pin) -> Checkpoints:
        return Checkpoints(models, pins={open_pin.name: open_pin}, endpoint=hub.endpoint)

    def test_they_are_taken_from_the_hub(
        self, open_checkpoints: Checkpoints, models: Path, published: dict[str, Path], open_pin: Pin
    ) -> None:
        open_checkpoints.download(open_pin.name)

        record = Record.read(models / open_pin.name)
        assert record is not None
        for name in (WEIGHTS, "config.json"):
            assert record.files[name]["sha256"] == sha256(published[open_pin.name] / name)

    @pytest.mark.parametrize("name", [WEIGHTS, "config.json"])
    def test_and_checked(self, hub: Hub, open_checkpoints: Checkpoints, open_pin: Pin, name: str) -> None:
        hub.wrong_bytes_in = name

        with pytest.raises(ModelDamagedError, match=name):
            open_checkpoints.download(open_pin.name)

    def test_and_a_later_change_is_refused_even_after_removing(
        self, hub: Hub, open_checkpoints: Checkpoints, open_pin: Pin
    ) -> None:
        open_checkpoints.download(open_pin.name)
        open_checkpoints.remove(open_pin.name)
        hub.told_digests[WEIGHTS] = "0" * 64

        with pytest.raises(ModelDamagedError, match="same commit"):
            open_checkpoints.download(open_pin.name)
