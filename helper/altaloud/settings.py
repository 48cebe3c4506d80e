"""What the user may change, and where the helper keeps its things.

Read once, by `service.daemon` and `cli`; every other part is given plain values.
Later wins: the defaults below, `settings.toml` in the home, `ALTALOUD_*` in the environment.
A key that is not below is an error, so that a typing mistake is found and not ignored.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from altaloud.errors import SettingsError

_PREFIX = "ALTALOUD_"
_HOME = "ALTALOUD_HOME"


@dataclass(frozen=True, slots=True)
class Home:
    """The one folder that holds everything the helper keeps."""

    path: Path
    is_moved: bool  # by ALTALOUD_HOME: then nothing outside the folder may be touched, the keyring included

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Home":
        """Return the folder that `environment` names, or else the system's own place for it."""
        if moved := environment.get(_HOME):
            return cls(Path(moved).expanduser().absolute(), is_moved=True)
        return cls(Path(platformdirs.user_data_dir("altaloud", appauthor=False)), is_moved=False)

    def prepare(self) -> None:
        """Make the folder, readable by its owner alone.

        Raises:
            SettingsError: It cannot be made, or others could put things in.
        """
        try:
            if not self.path.is_dir():
                self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
                self.path.chmod(0o700)
            is_shared = os.name == "posix" and self.path.stat().st_mode & 0o002
        except OSError as error:
            raise SettingsError(
                f"cannot use {self.path} as the helper's home: {error.strerror}",
                advice=f"Make it yours to write, or name another folder in {_HOME}.",
            ) from error
        if is_shared:
            raise SettingsError(
                f"others can write in {self.path}, so it cannot be the helper's home",
                advice=f"Name a folder of your own in {_HOME}, or take the others' permission to write away.",
            )

    @property
    def settings_file(self) -> Path:
        """Written by the user."""
        return self.path / "settings.toml"

    @property
    def runtime_file(self) -> Path:
        """JSON: `pid` and `port` of the running helper. Mode 0600."""
        return self.path / "runtime.json"

    @property
    def lock_file(self) -> Path:
        """Held by the running helper, so that there is one."""
        return self.path / "helper.lock"

    @property
    def log_file(self) -> Path:
        """What went wrong, without images, addresses, captions or tokens."""
        return self.path / "helper.log"

    @property
    def store_file(self) -> Path:
        """Descriptions kept, each row sealed."""
        return self.path / "memory.sqlite3"

    @property
    def key_file(self) -> Path:
        """The store's key where no keyring holds it. Mode 0600."""
        return self.path / "memory.key"

    @property
    def clients_file(self) -> Path:
        """The browsers and programs that may ask, with their keys. Mode 0600."""
        return self.path / "clients.sqlite3"

    @property
    def models(self) -> Path:
        """One folder a model."""
        return self.path / "models"

    @property
    def native_host(self) -> Path:
        """The program that a browser starts for native messaging."""
        return self.path / ("native-host.bat" if os.name == "nt" else "native-host")


def _number(value: object) -> object:
    """Return what the environment says in digits as a number."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


class Settings(BaseModel):
    """Every setting with its default. In the environment: `ALTALOUD_` and the name in capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: int = Field(41717, ge=0, le=65535)  # 0: any free one; the runtime file holds the real one
    # Of words and voice, unless a request names another.
    language: str = Field("en", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    voice: str = "auto"  # a name that `altaloud doctor` lists, or "file" to write what would be spoken
    voice_file: Path | None = None  # where voice = "file" writes, one utterance a line
    words_per_minute: int = Field(200, ge=80, le=600)  # speech rate, where the voice can be told
    idle_seconds: float = Field(300, gt=0)  # the engine gives its memory back after this long without work
    # How BLIP is run. fastest: bytes by ranges recorded beforehand, where that is good enough; fast: bytes
    # where the device likes them; accurate: 16 bits; reference: 32 bits, slowly.
    precision: Literal["fastest", "fast", "accurate", "reference"] = "fast"
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"  # auto: the fastest, by trial
    # Side of the square that a picture becomes, in pixels; a smaller one is faster and sees less.
    resolution: Annotated[Literal[384, 288, 224], BeforeValidator(_number)] = 384
    processor_share: int = Field(75, ge=1, le=100)  # percent of the cores that the engine may take
    max_bytes: int = Field(64_000_000, ge=1_000)  # largest encoded image accepted
    max_pixels: int = Field(64_000_000, ge=1_000)  # largest width x height accepted
    max_waiting: int = Field(500, ge=1)  # descriptions waiting at once; one more is told to come back later
    # auto: the desktop's keyring; a moved home keeps the key in a file of its own.
    key_store: Literal["auto", "keyring", "file"] = "auto"
    tray: bool = True  # show an icon in the desktop's tray, where there is one

    @classmethod
    def read(cls, home: Home, environment: Mapping[str, str]) -> "Settings":
        """Return the settings of `home`, overridden by `environment`.

        Raises:
            SettingsError: A key is unknown, a value is not allowed, or the file is not TOML.
        """
        values: dict[str, object] = {}
        try:
            values |= tomllib.loads(home.settings_file.read_text("utf-8"))
        except FileNotFoundError:
            pass
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise SettingsError(f"cannot read {home.settings_file}: {error}") from error
        values |= {
            name.removeprefix(_PREFIX).lower(): value
            for name, value in environment.items()
            if name.startswith(_PREFIX) and name != _HOME
        }
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            raise SettingsError(f"setting {name}: {first['msg']}") from error
