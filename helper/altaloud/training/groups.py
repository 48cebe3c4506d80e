"""Groups of labels, so that figures can be given of more than 355 small numbers.

The data folder lists labels by subject; a group begins with the label named here and ends before the next.
"""

from collections.abc import Sequence

_BEGINS = {
    "search": "everyday commands",
    "account": "people, shopping, favourites",
    "notifications": "messages and time",
    "location": "places and maps",
    "camera": "pictures, sound, playing",
    "download": "sending, links",
    "edit": "editing, sorting",
    "add": "adding, checking, warning",
    "lock": "locks, seeing, language",
    "wifi": "power, weather, nature",
    "folder": "files",
    "refresh": "turning, menus, layout",
    "arrow right": "arrows and chevrons",
    "reply": "talking, marking, prizes",
    "rocket": "things, buildings, money",
    "truck": "travel, health",
    "bar chart": "charts, computing",
    "monitor": "devices",
    "layers": "tools, broadcasting",
    "bold": "formatting text",
    "anchor": "other things",
}


def groups(labels: Sequence[str]) -> dict[str, str]:
    """Return the group of every label, of labels in the data folder's order."""
    found, group = {}, "other things"
    for label in labels:
        group = _BEGINS.get(label, group)
        found[label] = group
    return found
