"""The words on everything the bot can show: Japanese, and what somebody typed stays words."""

import json
import re

from bot import messages
from bot.surfaces_facts import NASTY, STORY, sample, worst
from tests.drawn import MENTION, Surface, of, surfaces, words

# What people read here in Latin letters, and nothing else.
KNOWN = {
    "A",
    "B",
    "A4",
    "C",
    "DV",
    "FAX",
    "I",
    "LGWAN",
    "NPO",
    "O",
    "OT",
    "PCAGIP",
    "PT",
    "SOS",
    "ST",
    "Slack",
    "Web",
    "X",
}
NUMBER = re.compile(r"R\d+-T?\d+(-\d+)?")
LINK = re.compile(r"https://[!-;=?-~]*")
WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")


def latin(surface: Surface, *, without: tuple[str, ...] = ()) -> set[str]:
    """Latin words a person reads, beside those that are known here."""
    found: set[str] = set()
    for text in words(surface, "plain_text", "mrkdwn"):
        left = MENTION.sub("", NUMBER.sub("", LINK.sub("", text)))
        for typed in without:
            left = left.replace(typed, "")
        found |= set(WORD.findall(left))
    return found - KNOWN


def test_all_that_is_read_is_japanese():
    found = {each["name"]: told for each in of("sample") if (told := latin(each))}

    assert found == {"refusals/broken": {"F2C"}}  # the number of a mistake, to be told to whoever mends it


def test_words_in_another_language_would_be_seen():
    told = {"kind": "message", "payload": {"text": "エラー Error が起きました", "blocks": []}}

    assert latin(told) == {"Error"}


def test_nothing_is_said_of_nobody():
    odd = re.compile(r"\bNone\b|\bTrue\b|\bFalse\b|Undefined|\{\{|\{%|<@>|Role\.|Status\.")
    found = [
        (each["name"], text)
        for each in of("sample")
        for text in words(each, "plain_text", "mrkdwn")
        if odd.search(text) or not text.strip() or text != text.rstrip("・")
    ]

    assert found == []
    assert odd.search("<@None>さんが担当です")


def test_the_marks_of_templates_stay_at_home():
    marks = re.compile("[\ue000-\uf8ff]")

    assert [
        each["name"] for each in surfaces() if marks.search(json.dumps(each["payload"], ensure_ascii=False))
    ] == []
    drawn = messages.render("forms/notice", text="\ue003文")
    assert drawn.text == "文"


def test_a_line_stands_between_the_emergency_list_and_the_receipt():
    shown = next(each for each in of("sample") if each["name"] == "forms/receipt/open_danger")

    assert [block["type"] for block in shown["payload"]["blocks"]][:3] == ["section", "divider", "section"]


def test_what_a_home_leaves_out_is_said_in_small_print():
    shown = next(each for each in of("worst") if each["name"] == "home/coordinator")
    told = [
        block for block in shown["payload"]["blocks"] if "ほかに" in json.dumps(block, ensure_ascii=False)
    ]

    assert len(told) > 3
    assert {block["type"] for block in told} == {"context"}


# What somebody typed stays words


def unsafe(text: str) -> bool:
    """Whether mrkdwn holds anything for Slack to act on beside the mention of a person or a channel."""
    return bool(re.search(r"[<>]|&(?!amp;|lt;|gt;)", MENTION.sub("", text)))


def test_nobody_can_write_a_mention_or_a_link():
    found = [
        (each["case"], each["name"]) for each in surfaces() for text in words(each, "mrkdwn") if unsafe(text)
    ]

    assert found == []
    assert unsafe("<!channel>")
    assert unsafe("<#U012>") and unsafe("<@C012>")
    assert unsafe("<https://evil.example|よりそい>")
    assert not unsafe(messages.escape("<!channel>"))


def test_a_mention_by_the_bot_itself_is_one():
    claimed = next(each for each in of("sample") if each["name"] == "refusals/already_claimed")

    assert any(MENTION.search(text) for text in words(claimed, "mrkdwn"))


def test_messages_and_homes_hold_no_words_of_anybody():
    for facts in (sample(), worst()):
        secret = [
            facts.contact.name,
            facts.contact.agency,
            facts.contact.phone,
            *facts.texts,
            STORY[:20],
            NASTY[:20],
        ]
        for each in of(facts.case):
            if each["kind"] != "modal":
                told = json.dumps(each["payload"], ensure_ascii=False)
                assert not [word for word in secret if word and word in told], each["name"]
