"""docs/spotify-access.md quotes the real error messages, and uses all its sources."""

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


def test_error_messages_are_quoted_word_for_word() -> None:
    quoted = re.findall(r"^\| .+? \| `([^`]+)`.*\|$", PAGE, re.MULTILINE)
    sentences = [sentence for sentence in quoted if sentence.endswith(".")]
    assert sentences
    assert [s for s in sentences if not any(said.startswith(s) for said in SAID)] == []


def test_the_consent_page_names_the_redirect_and_scopes() -> None:
    assert f"`{REDIRECT}`" in PAGE
    assert [scope for scope in SCOPE.split() if f"`{scope}`" not in PAGE] == []


def test_every_source_and_login_of_a_chart_is_described() -> None:
    asked = set(re.findall(r'`(?:source|login) = "(\w+)"`', PAGE))
    assert asked == {*SOURCES, *LOGINS} - {"app"}


def test_sources_and_references_match() -> None:
    text, _, sources = PAGE.partition("## Sources")
    numbers = {int(n) for group in re.findall(r"\[([\d, ]+)\]", text) for n in group.split(",")}
    listed = [int(n) for n in re.findall(r"^(\d+)\. ", sources, re.MULTILINE)]
    assert sorted(numbers) == listed == list(range(1, len(listed) + 1))
