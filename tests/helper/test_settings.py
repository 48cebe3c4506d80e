"""What the user may change: read once, typing mistakes found."""

from pathlib import Path

import pytest

from altaloud.errors import SettingsError
from altaloud.settings import Home, Settings


def home(tmp_path: Path, toml: str = "") -> Home:
    (tmp_path / "settings.toml").write_text(toml)
    return Home(tmp_path, is_moved=True)


def test_the_file_overrides_the_defaults_and_the_environment_the_file(tmp_path: Path) -> None:
    place = home(tmp_path, 'port = 5000\nlanguage = "de"')

    settings = Settings.read(place, {"ALTALOUD_PORT": "6000", "ALTALOUD_HOME": str(tmp_path), "PATH": "/bin"})

    assert (settings.port, settings.language, settings.voice) == (6000, "de", "auto")


def test_a_number_to_choose_may_come_from_the_environment(tmp_path: Path) -> None:
    assert Settings.read(home(tmp_path), {"ALTALOUD_RESOLUTION": "288"}).resolution == 288
    assert Settings.read(home(tmp_path, "resolution = 224"), {}).resolution == 224


WRONG = [
    ("an unknown key", "prot = 5000", {}, "prot"),
    ("an unknown variable", "", {"ALTALOUD_PROT": "5000"}, "prot"),
    ("a value that cannot be", "port = 70000", {}, "port"),
    ("a word for a number", "", {"ALTALOUD_PORT": "many"}, "port"),
    ("a broken file", "port = ", {}, "settings.toml"),
    ("a precision that is none", 'precision = "int4"', {}, "precision.*fast"),
    ("a device that is none", "", {"ALTALOUD_DEVICE": "tpu"}, "device.*auto"),
    ("a resolution that is none", "resolution = 385", {}, "resolution.*384"),
    ("a resolution in words", "", {"ALTALOUD_RESOLUTION": "high"}, "resolution.*384"),
    ("a share above all", "processor_share = 101", {}, "processor_share"),
]


@pytest.mark.parametrize(
    ("toml", "environment", "named"), [case[1:] for case in WRONG], ids=[c[0] for c in WRONG]
)
def test_a_mistake_is_named(tmp_path: Path, toml: str, environment: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        Settings.read(home(tmp_path, toml), environment)


def test_a_home_that_is_moved_is_the_one_named_and_its_owners_alone(tmp_path: Path) -> None:
    place = Home.of({"ALTALOUD_HOME": str(tmp_path / "mine")})
    place.prepare()

    assert place.is_moved
    assert place.path == tmp_path / "mine"
    assert place.path.stat().st_mode & 0o777 == 0o700


def test_a_home_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(SettingsError, match="home"):
        Home(tmp_path / "file" / "home", is_moved=True).prepare()
