"""docs/spotify-access.md quotes what the program really says, and its sources are all used."""

import re
from pathlib import Path

from chartlake.contract.chart_config import LOGINS, SOURCES
from chartlake.spotify.consent import REDIRECT, SCOPE
from extract_lambda.spotify import errors

PAGE = (Path(__file__).parents[2] / "docs/spotify-access.md").read_text(encoding="utf-8")
SAID = (
    *(errors.UNREADABLE, errors.NO_PREMIUM, errors.QUOTA, errors.THROTTLED, errors.TROUBLE),
    *errors.ADVICE.values(),
    *errors.TOKEN_ADVICE.values(),
)


def test_what_chartlake_says_is_quoted_as_it_is_said() -> None:
    quoted = re.findall(r"^\| .+? \| `([^`]+)`.*\|$", PAGE, re.MULTILINE)
    sentences = [sentence for sentence in quoted if sentence.endswith(".")]
    assert len(sentences) == 7
    assert [s for s in sentences if not any(said.startswith(s) for said in SAID)] == []


def test_the_consent_is_asked_for_as_told() -> None:
    assert f"`{REDIRECT}`" in PAGE
    assert [scope for scope in SCOPE.split() if f"`{scope}`" not in PAGE] == []


def test_every_source_and_login_of_a_chart_is_told_of() -> None:
    asked = set(re.findall(r'`(?:source|login) = "(\w+)"`', PAGE))
    assert asked == {*SOURCES, *LOGINS} - {"app"}


def test_every_source_is_referred_to_and_every_reference_has_its_source() -> None:
    text, _, sources = PAGE.partition("## Sources")
    numbers = {int(n) for group in re.findall(r"\[([\d, ]+)\]", text) for n in group.split(",")}
    listed = [int(n) for n in re.findall(r"^(\d+)\. ", sources, re.MULTILINE)]
    assert sorted(numbers) == listed == list(range(1, len(listed) + 1))
