"""What pip installs: the versions that the lock files pin, and no foreign top-level package."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NAME = re.compile(r"^([a-z0-9-]+)(?:\[[a-z]+\])?==(.+)$")


def locked(name: str) -> dict[str, str]:
    text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\\n]+)", text, re.MULTILINE))


def direct(name: str) -> set[str]:
    """The packages that a requirements file names, without those that they need."""
    lines = (ROOT / f"requirements/{name}.in").read_text(encoding="utf-8").splitlines()
    names = {found[0] for line in lines if (found := re.match("[a-z][a-z0-9-]*", line))}
    others = [line.split()[1] for line in lines if line.startswith("-r ")]
    return names.union(*[direct(other.removesuffix(".in")) for other in others])


def pinned(requirements: list[str]) -> dict[str, str]:
    found = [NAME.match(requirement) for requirement in requirements]
    assert None not in found
    return {match[1]: match[2] for match in found if match}


@pytest.mark.parametrize(
    ("requirements", "lock"),
    [
        (PROJECT["project"]["dependencies"], "demo"),
        (PROJECT["project"]["optional-dependencies"]["aws"], "infra"),
        (PROJECT["project"]["optional-dependencies"]["java"], "java"),
    ],
)
def test_the_package_pins_what_the_lock_pins(requirements, lock):
    ours = pinned(requirements)
    assert ours.keys() == direct(lock)
    assert ours == {name: locked(lock)[name] for name in ours}


def test_the_build_uses_the_locked_backend():
    (backend,) = PROJECT["build-system"]["requires"]
    assert backend == f"hatchling=={locked('build')['hatchling']}"


def test_the_wheel_has_no_top_level_folder_of_another_name():
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["chartlake", "extract_lambda", "glue_jobs"]
    assert all(target.startswith("chartlake/data/") for target in wheel["force-include"].values())
