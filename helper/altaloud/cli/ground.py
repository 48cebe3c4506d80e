"""What every command stands on: the home, the settings, and how an error is said."""

import os
import sys
from dataclasses import dataclass

from altaloud.errors import AltaloudError
from altaloud.settings import Home, Settings


@dataclass(frozen=True, slots=True)
class Ground:
    """The home and the settings of this run."""

    home: Home
    settings: Settings

    @classmethod
    def read(cls) -> "Ground":
        """Read both from the environment.

        Raises:
            SettingsError: The home cannot be used, or a setting is wrong.
        """
        home = Home.of(os.environ)
        home.prepare()
        return cls(home, Settings.read(home, os.environ))


def complain(error: AltaloudError, *, about: str = "") -> None:
    """Say on stderr, in one line, what happened and what to do."""
    subject = f"{about}: " if about else ""
    print(f"altaloud: {subject}{_sentence(str(error))} {error.advice}", file=sys.stderr)


def _sentence(words: str) -> str:
    words = " ".join(words.split())
    return words if words.endswith((".", "!", "?")) else f"{words}."
