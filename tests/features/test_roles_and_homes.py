"""Roles granted and taken back in Slack, and what each person's Home shows for them."""

import pytest

from bot.domain.consultation import Status
from bot.domain.staff import Role
from tests.desk import CARDS, COORDINATORS


async def _changes(desk, change, person, role, *, by=None):
    by = by or desk.admin
    await by.command("/役割")
    answer = await by.fills_and_sends(change=change, person=person, role=role)
    if await by.top_view():
        await by.close(clear=True)
    return answer


async def _held(desk, person):
    async with desk.db.reading() as ask:
        return await ask.staff.roles_of(person)


async def test_an_admin_gives_a_role_and_the_home_opens_at_once(sqlite_desk):
    desk = sqlite_desk
    await desk.given_waiting()
    await desk.kitamura.open_home()
    assert "折り返しを待っている方" not in await desk.kitamura.reads("home")

    await _changes(desk, "grant", "U_KITAMURA", "counselor")

    assert await _held(desk, "U_KITAMURA") == {Role.COUNSELOR}
    assert "折り返しを待っている方" in await desk.kitamura.reads("home")
    await desk.kitamura.presses("callback.claim", where="home")
    assert (await desk.row("R8-0001")).counselor == "U_KITAMURA"
    assert "role.granted" in await desk.trail()


async def test_a_role_taken_back_counts_from_the_next_press_and_what_was_held_waits(desk):
    number = await desk.given_claimed()
    await desk.sato.presses("details.open", where=CARDS)

    await _changes(desk, "revoke", "U_SATO", "counselor")

    row = await desk.row(number)
    assert (row.status, row.counselor) == (Status.RECEIVED, None)
    assert f"*{number}* が受付に戻りました" in await desk.yamamoto.reads(COORDINATORS)
    await desk.sato.presses("call.open", where="view")
    assert "のためのものです" in await desk.sato.refused()
    assert "折り返しを待っている方" not in await desk.sato.reads("home")
    assert "role.revoked" in await desk.trail()


async def test_who_holds_two_roles_keeps_what_the_other_one_lets(sqlite_desk):
    """The control: one of two is taken back."""
    desk = sqlite_desk
    await _changes(desk, "grant", "U_SATO", "coordinator")
    number = await desk.given_claimed()

    await _changes(desk, "revoke", "U_SATO", "counselor")

    assert (await desk.row(number)).counselor == "U_SATO"


@pytest.mark.parametrize("change", ["grant", "revoke"])
async def test_doing_it_twice_is_doing_it_once(sqlite_desk, change):
    desk = sqlite_desk
    person = "U_KITAMURA" if change == "grant" else "U_MORI"
    await _changes(desk, change, person, "counselor")
    kept = await desk.kept()

    await _changes(desk, change, person, "counselor")

    assert await desk.kept() == kept


@pytest.mark.parametrize("person", ["U_GUEST", "U_STRANGER", "U_GONE"])
async def test_nobody_from_outside_gets_a_role_and_the_choice_says_so(sqlite_desk, person):
    desk = sqlite_desk
    answer = await _changes(desk, "grant", person, "counselor")

    assert await _held(desk, person) == frozenset()
    assert answer["errors"] == {
        "person~0": "ワークスペースのメンバーの方ではないようです。メンバーの方から選んでください。"
    }


async def test_the_last_admin_cannot_lock_the_desk(sqlite_desk):
    desk = sqlite_desk
    answer = await _changes(desk, "revoke", "U_ADMIN", "admin")

    assert await _held(desk, "U_ADMIN") == {Role.ADMIN}
    assert "先に、ほかの方に管理者の役割をつけてください" in answer["errors"]["person~0"]

    await _changes(desk, "grant", "U_YAMAMOTO", "admin")
    await _changes(desk, "revoke", "U_ADMIN", "admin")
    assert await _held(desk, "U_ADMIN") == frozenset()


async def test_nobody_becomes_the_clock(sqlite_desk):
    desk = sqlite_desk
    await desk.admin.sends_anyway(
        "roles.submit",
        {},
        change={"type": "radio_buttons", "selected_option": {"value": "grant"}},
        person={"type": "users_select", "selected_user": "U_KITAMURA"},
        role={"type": "static_select", "selected_option": {"value": "system"}},
    )

    assert await _held(desk, "U_KITAMURA") == frozenset()


async def test_the_form_shows_who_holds_what(sqlite_desk):
    desk = sqlite_desk
    await desk.admin.command("/役割")

    shown = await desk.admin.reads("view")

    assert "・<@U_YAMAMOTO>さん　コーディネーター（振り分け・日程調整）" in shown
    assert "相談支援者\n" not in shown.split("どの役割を")[1]  # nobody is made a supporter


# Homes


async def test_everybody_may_ask_and_sees_their_own(sqlite_desk):
    desk = sqlite_desk
    await desk.given_waiting()
    await desk.takagi.open_home()
    await desk.kitamura.open_home()

    assert "あなたのご相談" in await desk.takagi.reads("home")
    nobodys = await desk.kitamura.reads("home")
    assert "相談する" in nobodys
    assert "緊急の通報先ではありません" in nobodys
    for others in ("あなたのご相談", "折り返しを待っている方", "電話などを受け付ける", "役割を決める", "R8-"):
        assert others not in nobodys


@pytest.mark.parametrize(
    ("person", "shown", "hidden"),
    [
        (
            "U_SATO",
            ("あなたの担当", "折り返しを待っている方", "電話などを受け付ける"),
            ("役割を決める", "お約束の時間を過ぎたもの"),
        ),
        ("U_YAMAMOTO", ("折り返しを待っている方", "お約束の時間を過ぎたもの"), ("役割を決める",)),
        ("U_TANAKA", ("電話などを受け付ける",), ("折り返しを待っている方", "あなたの担当", "役割を決める")),
        ("U_ADMIN", ("役割を決める",), ("折り返しを待っている方", "電話などを受け付ける")),
    ],
)
async def test_each_role_sees_what_it_needs_and_no_more(sqlite_desk, person, shown, hidden):
    desk = sqlite_desk
    await desk.given_waiting("U_KITAMURA", story="訪問を断られています。")
    desk.clock.advance(days=3)
    await desk.person(person).open_home()

    home = await desk.person(person).reads("home")

    for part in shown:
        assert part in home
    for part in (*hidden, "訪問を断られて", "090-1234", "U_KITAMURA"):
        assert part not in home


async def test_danger_stands_first_among_those_who_wait(sqlite_desk):
    desk = sqlite_desk
    await desk.given_waiting(urgency="u4")
    await desk.given_waiting(urgency="u2")
    await desk.given_waiting(story="いま、包丁を持っています。", urgency="u4")
    await desk.suzuki.open_home()

    home = await desk.suzuki.reads("home")

    waiting = home[home.index("折り返しを待っている方") :]
    assert waiting.index("R8-0003") < waiting.index("R8-0002") < waiting.index("R8-0001")
    assert "*危険が心配*" in waiting


async def test_a_long_queue_is_shortened_with_a_line_that_says_so(sqlite_desk):
    desk = sqlite_desk
    for _ in range(40):
        await desk.given_waiting()
    await desk.suzuki.open_home()

    view = await desk.suzuki.home()

    assert len(view["blocks"]) <= 100
    shown = (await desk.suzuki.reads("home")).count("*R8-")
    assert f"ほかに{40 - shown}件あります。" in await desk.suzuki.reads("home")


async def test_the_messages_tab_draws_nothing(sqlite_desk):
    desk = sqlite_desk
    before = desk.told().count('"type": "home"')

    await desk.kitamura._do("home", tab="messages")
    await desk.settle()

    assert desk.told().count('"type": "home"') == before


async def test_out_of_hours_the_home_says_when_it_opens(sqlite_desk):
    desk = sqlite_desk
    desk.clock.advance(hours=10)
    await desk.kitamura.open_home()

    assert "いまは時間外です。次に開くのは 11月25日(水) 9時です。" in await desk.kitamura.reads("home")


async def test_people_who_wait_stand_above_papers_that_wait(sqlite_desk):
    desk = sqlite_desk
    await desk.given_closed()
    await desk.given_waiting("U_KITAMURA")
    await desk.sato.open_home()

    home = await desk.sato.reads("home")

    assert home.index("折り返しを待っている方") < home.index("記録を確かめてください")
