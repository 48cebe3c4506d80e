"""What anybody who reads the repository must not find in it."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Put together here, or this file would be the first to be found.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("download", "pytorch", "org"),
        ("deb", "debian", "org"),
    )
)


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name]


@pytest.mark.parametrize("host", REGISTRIES)
def test_no_registry_is_named_where_packages_come_from_is_the_users_choice(host: str) -> None:
    files = [path for path in tracked() if path.is_file()]

    assert files
    assert [str(path.relative_to(ROOT)) for path in files if host.encode() in path.read_bytes()] == []
