"""Story 3: a supporter who fears their boss. What was asked for stands first; who asked stands nowhere."""

import logging

import pytest

from bot.logs import TALKATIVE
from tests.desk import CARDS, COORDINATORS, FOUR

FLAGS = {"privacy": ["no_workplace", "mobile_only", "no_message"]}
WHO = {"name": "湖北花子", "agency": "みずうみ居宅介護支援事業所", "phone": "090-8765-4321"}
STORY = "上司が記録を見せてくれません。だれにも知られたくないです。"
SECRETS = (
    "湖北", "花子", "みずうみ居宅", "8765", "09087654321", "上司が記録", "だれにも知られたくない", "U_TAKAGI", "高木",
)  # fmt: skip
NEVER_LOGGED = ("湖北", "花子", "みずうみ居宅", "8765", "09087654321", "上司が記録", "休みましょう")


async def _whole_way(desk):
    """From the request to the paper: everything that makes the desk say or write something."""
    await desk.takagi.asks(**FLAGS, **{**FOUR, **WHO}, story=STORY)
    await desk.sato.presses("callback.claim", where=CARDS)
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("call.open", where="view")
    await desk.sato.fills_and_sends(outcome="reached")
    await desk.sato.presses("hearing.open", where="view")
    await desk.sato.fills_and_sends(advice="休みましょう。", next_action="電話", next_on="2026-12-08")
    await desk.sato.presses("paper.receipt", where="view")
    await desk.sato.close(clear=True)
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("handover.open", where="view")
    await desk.sato.fills_and_sends(taker="U_SUZUKI")
    await desk.suzuki.presses("handover.accept", where="bot")
    await desk.passes(days=14)
    await desk.settle()


def _said_outside_modals(desk):
    """Every word the bot sent that others, or a locked screen, may show: messages, files, Homes of others."""
    told = []
    for row in desk.workspace.traffic.after(0):
        asked = row["request"]
        if row["direction"] != "bot→slack" or not isinstance(asked, dict):
            continue
        if row["method"].startswith(("chat.", "files.")):
            told.append((row["method"], str(asked)))
    return told


async def test_what_was_asked_for_stands_first_on_the_card_and_on_the_counselors_screen(sqlite_desk):
    desk = sqlite_desk
    await desk.takagi.asks(**FLAGS, story=STORY)

    [card] = await desk.cards()
    assert card.startswith(
        (
            "*伝言しない・携帯のみにかける・職場にはかけない*",
            "*職場にはかけない・携帯のみにかける・伝言しない*",
        )
    )

    await desk.sato.presses("callback.claim", where=CARDS)
    await desk.sato.presses("details.open", where=CARDS)
    details = await desk.sato.reads("view")
    first = details.index("かけるときのお願い")
    assert first < details.index("職場にはかけない") < details.index("090-1234-5678")
    assert first < details.index("R8-0001")


async def test_a_card_without_flags_begins_with_its_number(sqlite_desk):
    desk = sqlite_desk
    await desk.takagi.asks()

    [card] = await desk.cards()

    assert card.startswith("*R8-0001*")


async def test_who_asked_stands_in_no_channel_file_name_notification_or_log(desk, caplog):
    caplog.set_level(logging.DEBUG)
    for name in TALKATIVE:
        caplog.set_level(logging.WARNING, logger=name)

    await _whole_way(desk)

    channels = "\n".join([await desk.yamamoto.reads(CARDS), await desk.yamamoto.reads(COORDINATORS)])
    files = str([(file.name, file.title) for file in desk.workspace.world.files.values()])
    messages = "\n".join(
        said for method, said in _said_outside_modals(desk) if method != "chat.postEphemeral"
    )
    for secret in SECRETS:
        assert secret not in channels
        assert secret not in files
        if secret not in {"U_TAKAGI", "高木"}:  # the address of their own direct message
            assert secret not in messages
    for secret in NEVER_LOGGED:
        assert secret not in caplog.text
    # The control: the same words are there, for the one who may read them.
    await desk.suzuki.presses("details.open", where=CARDS)
    details = await desk.suzuki.reads("view")
    for secret in ("湖北花子", "みずうみ居宅介護支援事業所", "090-8765-4321", "上司が記録"):
        assert secret in details


async def test_the_libraries_would_have_told_it_had_they_been_let(sqlite_desk, caplog):
    """The control of the test above: at their own DEBUG, the words stand in the log."""
    desk = sqlite_desk
    caplog.set_level(logging.DEBUG)
    for name in TALKATIVE:
        caplog.set_level(logging.DEBUG, logger=name)

    await desk.takagi.asks(**FLAGS, **{**FOUR, **WHO}, story=STORY)

    assert any(secret in caplog.text for secret in NEVER_LOGGED)


async def test_a_word_that_did_leak_would_be_seen_here(sqlite_desk):
    """The control of the test above: the same net catches a name that is posted."""
    desk = sqlite_desk
    await desk.bot.slack.chat_postMessage(channel=CARDS, text="湖北花子さんより")

    assert any("湖北" in said for _, said in _said_outside_modals(desk))
    assert "湖北" in await desk.yamamoto.reads(CARDS)


@pytest.mark.parametrize("person", ["U_SUZUKI", "U_TANAKA", "U_KITAMURA", "U_ADMIN"])
async def test_nobody_else_opens_the_details(sqlite_desk, person):
    desk = sqlite_desk
    number = await desk.given_claimed(privacy=("no_workplace",), story=STORY)
    somebody = desk.person(person)

    await somebody.presses_anyway("details.open", await desk.id_of(number))

    assert "この内容を開けるのは、担当の方とコーディネーターです" in await somebody.refused()
    assert await somebody.top_view() is None


async def test_homes_of_others_hold_codes_only(sqlite_desk):
    desk = sqlite_desk
    await desk.takagi.asks(**FLAGS, **{**FOUR, **WHO}, story=STORY)

    for person in (desk.sato, desk.suzuki, desk.yamamoto, desk.tanaka):
        await person.open_home()
        home = await person.reads("home")
        for secret in SECRETS:
            assert secret not in home
    assert "R8-0001" in await desk.sato.reads("home")


async def test_what_is_kept_on_disk_holds_no_word_of_it(sqlite_desk, tmp_path):
    desk = sqlite_desk
    await _whole_way(desk)

    kept = b"".join(each.read_bytes() for each in tmp_path.glob("desk.db*"))

    for secret in ("湖北", "みずうみ居宅", "8765-4321", "上司が記録", "休みましょう"):
        assert secret.encode() not in kept
    assert b"R8-0001" in kept
