"""Words where words belong: in templates, each with a promise, and none in a program."""

import ast
import re
from pathlib import Path

import pytest

from tests.ours import OURS, ROOT


def _strings(path: Path) -> list[str]:
    """Every string of a module that is no docstring, f-strings in one piece."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and isinstance(node.body[0].value, ast.Constant)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documented
    ]


def _sentences(strings: list[str]) -> list[str]:
    """Those that say something in Japanese: with a full stop, or in the polite form."""
    says = re.compile("[ぁ-ん一-龥]。|(?:です|ます|ました|ません|ください|でしょうか|願い)(?![ぁ-ん]{2})")
    return [each for each in strings if says.search(each) and not PATTERN.search(each)]


# What can only be a pattern for reading: a group with a question mark, or a class of characters.
PATTERN = re.compile(r"\(\?|\[\S+\]")


# Sample words for drawing every surface and for a made-up year: said by nobody, to nobody.
SAMPLES = {
    "surfaces_facts.py",
    "surfaces_records.py",
    "surfaces_training_facts.py",
    "seed_words.py",
    "seed_lives.py",
}


SAID = [path for path in OURS if path.name not in SAMPLES]


@pytest.mark.parametrize("path", SAID, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sentence_for_people_stands_in_a_program(path):
    assert _sentences(_strings(path)) == []


def test_such_a_sentence_would_be_seen():
    for said in (
        "うまく受け取れませんでした。",
        "お待ちください",
        "相談です",
        "時間外のため{x}にお電話します",
    ):
        assert _sentences([said]) == [said]
    assert _sentences(["月火水木金土日", "ほんの少し前", "令和", "、。「」・", "[ぁ-ゖ]。"]) == []


def _named_in_programs() -> set[str]:
    return {each for path in OURS if not path.name.startswith("surfaces") for each in _strings(path)}


def _included() -> set[str]:
    """Templates that are part of others."""
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.j2"))
    return {each for text in texts for each in re.findall(r'include "messages/(\w+)\.j2"', text)}


def test_every_message_that_is_promised_has_its_words_and_every_words_a_promise():
    written = {path.stem for path in (ROOT / "templates" / "messages").glob("*.j2")}
    named = _named_in_programs()
    unused = {each for each in written - _included() if each not in named and f"messages/{each}" not in named}
    by_kind = {f"paper_{kind}{more}" for kind in ("receipt", "advice") for more in ("", "_title")}
    assert unused <= by_kind


def _promised() -> set[str]:
    """The template names use cases give to `tell`, `tell_coordinators` and the outbox."""
    found: set[str] = set()
    for path in OURS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            on_outbox = isinstance(node.func, ast.Attribute) and "outbox" in ast.unparse(node.func.value)
            position = {"tell": 2, "tell_coordinators": 2}.get(
                name, 0 if on_outbox and name in {"add", "card"} else None
            )
            if (
                position is not None
                and len(node.args) > position
                and isinstance(node.args[position], ast.Constant)
            ):
                found.add(str(node.args[position].value))
    return found


def test_no_promise_is_made_for_which_there_are_no_words():
    promised = _promised()
    assert len(promised) > 25  # the search itself finds something
    missing = {each for each in promised if not (ROOT / "templates" / "messages" / f"{each}.j2").exists()}
    assert missing == set()


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.j2")), ids=lambda path: path.stem)
def test_every_template_says_who_reads_it(path):
    first = path.read_text(encoding="utf-8")
    assert re.match(r"\{#-? .{12,}?\. ?-?#\}", first, re.DOTALL), first[:80]


def _glued(template: str) -> list[str]:
    """Bold words that touch a letter: Slack shows their asterisks instead."""
    said = re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL)
    said = said.replace("{{ gap }}", "\u200b")  # no width, and no letter
    said = re.sub(r"\{\{.*?\}\}", "X", said, flags=re.DOTALL)
    said = re.sub(r"\{%\s*(?:else|elif).*?%\}", "\n", said, flags=re.DOTALL)
    said = re.sub(r"\{%.*?%\}", "", said, flags=re.DOTALL)
    return re.findall(r"\w\*(?=\S)[^*\n]*\S\*|\*(?=\S)[^*\n]*\S\*\w", said)


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.j2")), ids=lambda path: path.stem)
def test_bold_words_stand_apart_so_that_slack_makes_them_bold(path):
    assert _glued(path.read_text(encoding="utf-8")) == []


def test_bold_words_that_touch_would_be_seen():
    assert _glued("合わせて*{{ hours }}時間*です") != []
    assert _glued("{% if a %}*三時間*{% else %}なし{% endif %}　*{{ b }}*") == []
