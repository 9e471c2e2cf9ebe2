"""Every refusal is one warm sentence that says what to do next, in the person's own language."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import messages
from bot.domain.refusals import Refused
from handlers import Broken  # noqa: F401 - a refusal like the others

FOLDER = messages.TEMPLATES / "refusals"
# Never said to anybody: blame, alarm, jargon.
NEVER = (
    "!",
    "！",
    "エラー",
    "不正",
    "期限切れ",
    "必須",
    "権限がありません",
    "失敗",
    "禁止",
    "違反",
    "入力してください",
    "無効",
)
NEXT_STEP = re.compile(
    "ください|ませんか|いただけますか|お願いします|ありがとうございます|できます|お声がけ|しましょう|残っています|みてください"
)
FACTS = {
    "since": datetime(2026, 11, 24, 1, tzinfo=UTC), "now": datetime(2026, 11, 24, 2, tzinfo=UTC), "by": "U_SATO",
    "status": "closed", "roles": ("counselor", "coordinator"), "limit": 60, "over": 3, "places": 2, "number": "7F3A",
    "scopes": "im:write", "name": "callbacks", "channel": "C_CALLBACKS", "why": "invalid_auth", "entry": 5, "field": "",
    "organizer": "U_SATO", "stage": "announced", "taken": 3, "called": "全体のお知らせ", "waiting": True,
    "when": datetime(2032, 4, 1, 1, tzinfo=UTC), "decision": "released", "last": datetime(2026, 12, 1, tzinfo=UTC),
    "consent": "withdrawn", "package": "return_asked", "reasons": ("no_juso",),
    "letters": "T.K.", "paper": "brief", "who": "U_SATO", "where": "fixed", "records": ("R8-0001", "R8-0002"),
    "apart": True,
}  # fmt: skip


def _everything():
    return sorted(str(path.relative_to(messages.TEMPLATES))[:-3] for path in FOLDER.rglob("*.j2"))


def _refusals(of=Refused):
    for kind in of.__subclasses__():
        yield kind
        yield from _refusals(kind)


def _in_english(text):
    """Latin words beyond what people must type: names of settings, units, examples of masking."""
    left = re.sub(
        r"[A-Z]+_[A-Z_]+|\.env|Slack|<@U_SATO>|[AB](?=さん|市)|7F3A|C_CALLBACKS|invalid_auth|im:write|xox[bp]|FAX",
        "",
        text,
    )
    return re.findall(r"[A-Za-z]{3,}", left)


@pytest.mark.parametrize("template", _everything())
def test_the_words_are_short_kind_japanese_and_say_what_next(template):
    said = messages.words(template, **FACTS)

    assert 8 < len(said) <= 160
    assert said.endswith("。") or said[-1].isdigit()
    for word in NEVER:
        assert word not in said
    assert NEXT_STEP.search(said), said


@pytest.mark.parametrize("template", [each for each in _everything() if "/start/" not in each])
def test_nothing_in_them_is_english(template):
    assert _in_english(messages.words(template, **FACTS)) == []


def test_the_net_catches_what_it_should():
    """The control of the two tests above."""
    assert _in_english("Permission denied です。") == ["Permission", "denied"]
    assert not NEXT_STEP.search("権限がありません。")
    assert any(word in "エラーが発生しました。" for word in NEVER)


def test_every_refusal_has_its_own_words_and_every_words_a_refusal():
    used = {kind.template for kind in _refusals()} | {Refused.template}
    at_start = {each for each in _everything() if "/start/" in each}
    asked_for = set()
    for path in [*Path("bot").rglob("*.py"), *Path("handlers").rglob("*.py")]:
        asked_for |= set(re.findall(r'"(refusals/[a-z_/]+)"', path.read_text(encoding="utf-8")))
    assert {each for each in used if not (messages.TEMPLATES / f"{each}.j2").exists()} == set()
    unused = set(_everything()) - used - asked_for - at_start - _of_the_start()
    assert unused == set()


def _of_the_start():
    """What `StartRefused` may say: its reasons stand in its docstring, each a file of that name."""
    from bot.store.database import open_database

    reasons = open_database.__doc__.split("reason in one word: ")[1]
    return {f"refusals/{word}" for word in re.findall(r"[a-z_]+", reasons)}
