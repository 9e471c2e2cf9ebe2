"""Story 13: a counselor leaves at noon. At 12:01 her consultations wait, her buttons refuse, her posts hold nothing."""

from dataclasses import replace

from bot.domain.consultation import Status
from bot.domain.staff import Role
from bot.usecases.case_names import Confirmed
from tests.desk import CARDS, COORDINATORS, until


async def _she_leaves(desk, *, news=True):
    """An administrator deactivates her in Slack. `news`: Slack tells the bot so."""
    app = desk.workspace.app
    if not news:
        desk.workspace.app = replace(app, events=app.events - {"user_change"})
    await desk.admin.change_person("U_SATO", deleted=True)
    desk.workspace.app = app
    if news:
        await until(lambda: _without_roles(desk))
    await desk.settle()


async def _without_roles(desk):
    held = await desk.rows("SELECT role FROM role_grants WHERE user_id = 'U_SATO' AND revoked_at IS NULL")
    return not held


async def test_at_noon_she_leaves_and_what_she_held_waits(desk):
    claimed = await desk.given_claimed()
    heard = await desk.given_heard(supporter="U_KITAMURA")
    others = await desk.given_claimed(by="U_SUZUKI")
    closed = await desk.given_closed()

    await _she_leaves(desk)
    await desk.passes(minutes=1)

    assert {number: (await desk.row(number)).counselor for number in (claimed, heard, others)} == {
        claimed: None, heard: None, others: "U_SUZUKI",
    }  # fmt: skip
    assert (await desk.row(claimed)).status is Status.RECEIVED
    assert (await desk.row(heard)).status is Status.HEARING_DONE
    assert (await desk.row(closed)).counselor == "U_SATO"  # what is over stays as it was
    told = await desk.yamamoto.reads(COORDINATORS)
    for number in (claimed, heard):
        assert f"担当の方が窓口を離れたため、*{number}* が受付に戻りました" in told
        assert (await desk.trail(number))[-1] == "claim.released"
    assert (
        await desk.rows("SELECT role FROM role_grants WHERE user_id = 'U_SATO' AND revoked_at IS NULL") == []
    )
    assert sum("担当する" in card for card in await desk.cards()) == 2
    await desk.suzuki.open_home()
    assert claimed in await desk.suzuki.reads("home")


async def test_her_buttons_refuse(desk):
    number = await desk.given_claimed()
    waiting = await desk.given_waiting("U_KITAMURA")
    it = await desk.id_of(number)
    await _she_leaves(desk)
    kept = await desk.kept()

    for action in (
        "details.open",
        "call.open",
        "hearing.open",
        "closing.open",
        "callback.release",
        "own.open",
    ):
        await desk.sato.presses_anyway(action, it)
        assert await desk.sato.top_view() is None
    await desk.sato.presses_anyway("callback.claim", await desk.id_of(waiting), where=CARDS)
    sent = await desk.sato.sends_anyway("closing.submit", {"c": it})

    assert "ワークスペースのメンバーの方のためのものです" in str(sent)
    assert await desk.kept() == kept
    assert (await desk.trail()).count("access.refused") == 8


async def test_her_old_posts_hold_nothing(sqlite_desk):
    desk = sqlite_desk
    await desk.given_claimed(story="中川さんのことで困っています。", said=Confirmed(kept=frozenset({"中川"})))
    await _she_leaves(desk)

    old = "\n".join(str(message) for message in await desk.sato.messages("bot"))

    assert "R8-0001" in old
    for secret in ("中川", "090-1234", "9012345678"):
        assert secret not in old


async def test_when_the_news_got_lost_the_sweep_finds_her(desk):
    number = await desk.given_claimed()
    await _she_leaves(desk, news=False)
    assert (await desk.row(number)).counselor == "U_SATO"

    await desk.passes(minutes=1)

    assert (await desk.row(number)).counselor is None
    assert "窓口を離れた" in await desk.yamamoto.reads(COORDINATORS)


async def test_somebody_who_only_changed_their_name_keeps_everything(sqlite_desk):
    """The control: news about a person that is no leaving."""
    desk = sqlite_desk
    number = await desk.given_claimed()

    await desk.admin.change_person("U_SATO", real_name="佐藤 美和子")
    await desk.passes(minutes=2)

    assert (await desk.row(number)).counselor == "U_SATO"
    async with desk.db.reading() as ask:
        assert await ask.staff.roles_of("U_SATO") == {Role.COUNSELOR}


async def test_an_offer_to_her_falls_back_and_the_giver_is_told(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed(by="U_SUZUKI")
    await desk.suzuki.presses("details.open", where=CARDS)
    await desk.suzuki.presses("handover.open", where="view")
    await desk.suzuki.fills_and_sends(taker="U_SATO")
    assert (await desk.row(number)).handover_to == "U_SATO"

    await _she_leaves(desk)

    row = await desk.row(number)
    assert (row.counselor, row.handover_to) == ("U_SUZUKI", None)
    assert "引き継ぎは、今回は難しいそうです" in await desk.suzuki.reads()
    assert "handover.declined" in await desk.trail(number)


async def test_an_offer_she_made_is_open_to_nobody_any_more(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("handover.open", where="view")
    await desk.sato.fills_and_sends(taker="U_SUZUKI")

    await _she_leaves(desk)
    await desk.suzuki.presses_anyway("handover.accept", await desk.id_of(number))

    row = await desk.row(number)
    assert (row.counselor, row.handover_to) == (None, None)
    await desk.suzuki.presses("callback.claim", where=CARDS)
    assert (await desk.row(number)).counselor == "U_SUZUKI"


async def test_nothing_more_is_sent_to_her_about_what_she_held(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()
    await _she_leaves(desk)
    before = await desk.sato.messages("bot")

    await desk.suzuki.presses("callback.claim", where=CARDS)
    await desk.suzuki.presses("details.open", where=CARDS)
    await desk.suzuki.presses("consultation.withdraw", where="view")
    await desk.passes(days=3)

    assert [each["ts"] for each in await desk.sato.messages("bot")] == [each["ts"] for each in before]
    assert (await desk.row(number)).status is Status.WITHDRAWN


async def test_a_closed_record_she_left_unconfirmed_waits_for_a_coordinator(desk):
    number = await desk.given_closed()

    await _she_leaves(desk)
    await desk.yamamoto.open_home()

    home = await desk.yamamoto.reads("home")
    assert "記録を確かめてください" in home
    await desk.yamamoto.presses("record.open", await desk.id_of(number), where="home")
    await desk.yamamoto.fills_and_sends(agreement="not_needed")
    assert await desk.how_many("records") == 1


async def test_who_becomes_a_guest_has_left_the_desk_too(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()

    await desk.admin.change_person("U_SATO", is_restricted=True)
    await desk.passes(minutes=1)

    assert (await desk.row(number)).counselor is None


async def test_the_same_news_twice_changes_nothing_twice(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()
    await _she_leaves(desk)
    kept = await desk.kept()

    await desk.admin.change_person("U_SATO", deleted=True)
    await desk.passes(minutes=2)

    assert await desk.kept() == kept
    assert (await desk.trail(number)).count("claim.released") == 1
