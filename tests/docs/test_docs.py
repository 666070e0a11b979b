"""The commands, files and links in the pages exist, and no paragraph appears twice."""

import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
TRACKED = frozenset(
    subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
)
TOP = {name.partition("/")[0] for name in TRACKED if "/" in name and not name.startswith(".")}
PAGES = [ROOT / name for name in sorted(TRACKED) if name.endswith(".md")]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = dict(re.findall(r"^([a-z-]+):[^#\n]*## (.+)$", MAKEFILE, re.MULTILINE))
READER = MarkdownIt("commonmark").enable("table")
LONG = 25
"""Words from which on a paragraph that stands twice is one too many."""

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def inline_tokens(page: Path) -> Iterator[Token]:
    """Every token of running text on a page, without code blocks."""
    for token in READER.parse(text_of(page)):
        yield from token.children or ()


def code(page: Path) -> Iterator[str]:
    """Every code span and every line of a code block on a page."""
    for token in READER.parse(text_of(page)):
        if token.type in ("fence", "code_block"):
            yield from token.content.splitlines()
    yield from (token.content for token in inline_tokens(page) if token.type == "code_inline")


def links(page: Path) -> Iterator[str]:
    for token in inline_tokens(page):
        address = token.attrGet("href") or token.attrGet("src")
        if address:
            yield str(address)


def anchors(page: Path) -> set[str]:
    """The anchors of headings: letters, digits, _ and -, with blanks as -."""
    tokens = READER.parse(text_of(page))
    titles = [
        "".join(child.content for child in tokens[place + 1].children or ())
        for place, token in enumerate(tokens)
        if token.type == "heading_open"
    ]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@each_page
def test_every_make_command_is_an_existing_target(page: Path) -> None:
    named = {name for line in code(page) for name in re.findall(r"\bmake ([a-z][a-z-]*)", line)}
    assert named - TARGETS.keys() == set()


@each_page
def test_every_variable_of_a_make_command_is_read_by_the_makefile(page: Path) -> None:
    commands = [line for line in code(page) if re.match(r"(?:make\b|[A-Z]+=)", line)]
    named = {name for line in commands for name in re.findall(r"\b([A-Z]+)=", line)}
    known = set(re.findall(r"\$+[({]?([A-Z]+)\b", MAKEFILE))
    assert named - known - {"PYTHONPATH"} == set()


@each_page
def test_every_module_that_is_run_exists(page: Path) -> None:
    named = {match for line in code(page) for match in re.findall(r"python3? -m ([\w.]+)", line)}
    assert [module for module in named if find_spec(module) is None] == []


@each_page
def test_every_path_of_the_repository_exists(page: Path) -> None:
    said = {path for text in code(page) for path in paths_in(text)}
    folders = {str(parent) for name in TRACKED for parent in Path(name).parents}
    missing = {
        path
        for path in said
        if path.rstrip("/") not in TRACKED | folders and not list(ROOT.glob(path.rstrip("/")))
    }
    assert missing == set()


def paths_in(text: str) -> Iterator[str]:
    """Yield paths that begin with one of our folders, except those with a placeholder."""
    for path in re.findall(rf"(?<![\w./:-])((?:{'|'.join(TOP)})/[\w./*<>…-]*)", text):
        if not re.search(r"[<>…]", path):
            yield path.rstrip(".,")


@each_page
def test_every_link_leads_to_an_existing_file_and_heading(page: Path) -> None:
    broken = []
    for link in links(page):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_no_page_repeats_a_paragraph_of_another() -> None:
    stands_on: dict[str, list[str]] = defaultdict(list)
    for page in PAGES:
        for token in READER.parse(text_of(page)):
            words = token.content.split()
            if token.type in ("inline", "fence") and len(words) >= LONG:
                stands_on[" ".join(words).casefold()].append(str(page.relative_to(ROOT)))
    assert {text[:60]: found for text, found in stands_on.items() if len(found) > 1} == {}


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen, ahead = set[Path](), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page in seen:
            continue
        seen.add(page)
        if page.is_dir():
            ahead += page.glob("*.md")
        elif page.suffix == ".md":
            local = [link.partition("#")[0] for link in links(page) if "://" not in link]
            ahead += [(page.parent / link).resolve() for link in local if link]
    assert set(PAGES) - seen == set()


def test_the_layout_lists_every_top_level_folder() -> None:
    layout = text_of(ROOT / "CONTRIBUTING.md").split("## Layout")[1]
    assert set(re.findall(r"^([a-z_]+)/ ", layout, re.MULTILINE)) == TOP


def test_the_readme_has_at_most_150_lines() -> None:
    assert len(text_of(ROOT / "README.md").splitlines()) <= 150
