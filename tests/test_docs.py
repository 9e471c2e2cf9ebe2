"""What is written for people stays true: links, pictures, commands, promises, and the parts the program draws."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from bot import readme
from bot.config import Settings
from bot.domain.consultation import STEPS, Status
from handlers import ROUTES

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAPERS = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
ROLE_PAGES = (
    "相談する方へ",
    "相談担当の方へ",
    "受付の方へ",
    "コーディネーターの方へ",
    "設置する方へ",
    "研修担当の方へ",
    "専門職の方へ",
)
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
COLD = re.compile("[!！]|エラー|不正|必須|期限切れ|困難者|ケース処理|ようこそ")
ONE_PICTURE, ALL_PICTURES = 150_000, 3_000_000
PROMISES = ("P1", "P2", "P3", "P4", "P5", "P6")


def text_of(paper: Path) -> str:
    return paper.read_text(encoding="utf-8")


def prose(text: str) -> str:
    """The words of a paper, without its programs, addresses and quotations of commands."""
    text = re.sub(r"```.*?```|`[^`]*`|<!--.*?-->", "", text, flags=re.DOTALL)
    return LINK.sub(lambda found: found[2], text)


def dead_links(paper: Path, text: str) -> list[str]:
    """The relative links of a paper that lead nowhere."""
    targets = (unquote(target.split("#")[0]) for _, _, target in LINK.findall(text))
    return [each for each in targets if each and "://" not in each and not (paper.parent / each).exists()]


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_every_link_and_picture_is_there(paper: Path):
    assert dead_links(paper, text_of(paper)) == []


def test_a_dead_link_would_be_seen():
    assert dead_links(ROOT / "README.md", "![a](docs/nowhere.png) [b](LICENSE) [c](https://example.org)") == [
        "docs/nowhere.png"
    ]


@pytest.mark.parametrize("name", readme.READMES)
def test_the_drawn_parts_of_the_readmes_are_fresh(name: str):
    text = text_of(ROOT / name)

    assert text == readme.filled(text, readme.READMES[name]), "run: python -m bot.readme"


def test_a_change_of_the_steps_would_be_seen(monkeypatch: pytest.MonkeyPatch):
    text = text_of(ROOT / "README.md")
    monkeypatch.setitem(STEPS, Status.CLOSED, {Status.ADVISING})

    assert text != readme.filled(text, readme.ENGLISH)


def test_the_diagram_holds_every_state_and_every_step():
    drawn = readme.states(readme.ENGLISH)
    steps = {tuple(line.split(" --> ")) for line in map(str.strip, drawn.splitlines()) if " --> " in line}
    opened = {each for each in Status if each in readme.OPEN}
    whole = {
        (one, to)
        for left, right in steps
        for one in (opened if left == "open" else {left})
        for to in (opened if right == "open" else {right})
    }

    assert whole == {(one, to) for one, many in STEPS.items() for to in many if one is not to}


def test_every_role_has_its_page_with_pictures_and_the_index_leads_there():
    index = text_of(DOCS / "README.md")

    for page in ROLE_PAGES:
        assert f"({page}.md)" in index
        assert re.search(r"!\[[^\]]+\]\(pictures/", text_of(DOCS / f"{page}.md"))


def test_pictures_are_small_used_and_said_in_words():
    pictures = {each.name: each.stat().st_size for each in (DOCS / "pictures").glob("*")}
    shown = [(alt, target) for paper in PAPERS for mark, alt, target in LINK.findall(text_of(paper)) if mark]

    assert max(pictures.values()) <= ONE_PICTURE
    assert sum(pictures.values()) <= ALL_PICTURES
    assert set(pictures) == {Path(target).name for _, target in shown}
    assert [target for alt, target in shown if len(alt) < 10] == []


def test_the_pages_name_every_command_and_every_setting():
    pages = "\n".join(text_of(paper) for paper in DOCS.glob("*.md"))
    asked = [
        route.name if route.kind == "command" else route.label
        for route in ROUTES
        if route.kind in readme.DOORS
    ]
    typed = [name.split(" <")[0] for name, _ in readme.typed_commands()]

    assert [each for each in asked if each not in pages] == []
    assert [each for each in typed if f"python -m bot {each}" not in pages] == []
    assert [name for name in Settings.model_fields if f"`{name.upper()}`" not in pages] == []


@pytest.mark.parametrize("name", readme.READMES)
@pytest.mark.parametrize("promise", PROMISES)
def test_each_promise_leads_to_its_tests(name: str, promise: str):
    (row,) = re.findall(rf"^\| {promise} \|.*$", text_of(ROOT / name), re.MULTILINE)
    tests = [target for _, _, target in LINK.findall(row)]

    assert tests
    for test in tests:
        assert re.search(r"^(async )?def test_", text_of(ROOT / test), re.MULTILINE)


def test_both_readmes_tell_the_same_promises_tests_and_folders():
    english, japanese = (text_of(ROOT / name) for name in readme.READMES)

    assert re.findall(r"\((tests/[^)]+)\)", english) == re.findall(r"\((tests/[^)]+)\)", japanese)
    for text in (english, japanese):
        assert [text.index(f"`{folder}/`") for folder in ("handlers", "schedules", "templates", "bot")]
        assert "make run" in text
        assert "make test" in text


def test_the_changelog_says_what_is_unreleased():
    unreleased = text_of(ROOT / "CHANGELOG.md").partition("## [Unreleased]")[2].partition("\n## ")[0]

    assert re.search(r"^### (Added|Changed|Fixed|Removed|Security|Deprecated)$", unreleased, re.MULTILINE)
    assert re.search(r"^- \S", unreleased, re.MULTILINE)


@pytest.mark.parametrize(
    "paper", [ROOT / "README.ja.md", *sorted(DOCS.glob("*.md"))], ids=lambda paper: paper.name
)
def test_the_japanese_pages_keep_the_desks_voice(paper: Path):
    assert COLD.findall(prose(text_of(paper))) == []


def test_a_cold_word_would_be_seen():
    assert COLD.findall(prose("必須です! `!`")) == ["必須", "!"]
