"""The classes that the starter model tells apart: icon names, "icon: other", and kinds.

Five names are both an icon and a kind ("table" is a pictogram on a button and a picture of a table), so a
class carries its group in front: "icon: table" is not "kind: table".
"""

from dataclasses import dataclass

OTHER = "other icon"
UNNAMED = -100  # the class of an icon whose name nobody gave; what torch's cross-entropy passes over

# Kinds that are trained, in order; `altaloud.vision.kinds.Kind` is coarser (all charts are one).
KINDS = (
    "photo",
    "bar chart",
    "line chart",
    "pie chart",
    "scatter chart",
    "diagram",
    "table",
    "text",
    "screenshot",
    "logo",
    "illustration",
    "decorative",
    "blank",
)


@dataclass(frozen=True, slots=True)
class Classes:
    """The icon names in their order, followed by "other icon" and the kinds."""

    icons: tuple[str, ...]

    @property
    def other(self) -> int:
        """The class of an icon that has no name here."""
        return len(self.icons)

    @property
    def first_kind(self) -> int:
        """The class of the first kind; every class from here on is a kind."""
        return len(self.icons) + 1

    @property
    def count(self) -> int:
        """How many classes there are."""
        return self.first_kind + len(KINDS)

    def icon(self, label: str) -> int:
        """Return the class of an icon's label; a label unknown here is "other icon"."""
        return self.icons.index(label) if label in self.icons else self.other

    def kind(self, name: str) -> int:
        """Return the class of a kind."""
        return self.first_kind + KINDS.index(name)

    def sentence(self, index: int) -> str:
        """Return what the decoder learns to write for a class."""
        if index >= self.first_kind:
            return KINDS[index - self.first_kind]
        return f"icon {self.icons[index]}" if index < self.other else f"icon {OTHER}"

    def name(self, index: int) -> str:
        """Return a class's name with its group, as labels.json has it."""
        group = "kind" if index >= self.first_kind else "icon"
        return f"{group}: {self.sentence(index).removeprefix('icon ')}"
