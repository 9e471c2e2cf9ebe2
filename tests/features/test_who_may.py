"""Who may ask what: a table over every route and every act, and everybody who belongs nowhere here."""

import pytest

from bot import catching_up
from bot.domain.casework import Contact
from bot.domain.entitlement import ENTITLED, Act, Relation
from bot.domain.events import Event
from bot.domain.staff import Role
from bot.usecases import callbacks, intake, people
from handlers import ROUTES
from tests.desk import CARDS
from tests.running import ROLES

# One person for each role of the desk, and one with none.
WHO = {role: persons[-1] for role, persons in ROLES.items()}
NOBODY = "U_KITAMURA"
SORRY = "のためのものです。必要なときは、コーディネーターへお声がけください。"
OUTSIDE = "ワークスペースのメンバーの方のためのものです"
NOT_YOURS = "この内容を開けるのは、担当の方とコーディネーターです"

GATED = [route for route in ROUTES if route.allow is not None]
OPEN = [route for route in ROUTES if route.allow is None]
ASKED = [route for route in ROUTES if route.kind != "event"]
# Anybody of the workspace may ask these; whose row it is decides the rest.
OPEN_NAMES = {
    "/相談", "intake.open", "intake.submit", "letter.ask", "letter.tell", "tell.open", "tell.submit",
    "home.refresh", "own.open", "details.open",
    "consultation.reopen", "consultation.withdraw", "paper.receipt", "paper.advice",
    "follow_up.helped", "follow_up.hard", "follow_up.not_yet", "follow_up.again",
    "heaviness.lighter", "heaviness.same", "heaviness.heavier",
    "message", "app_home_opened", "user_change",
    "/研修", "seat.join", "join.submit", "seat.switch", "switch_seat.submit", "seat.decline", "seat.own", "seat.accept",
    "seat.leave", "seat.reminders_off", "seat.reminders_on", "seat.calendar", "check_in.open", "check_in.submit",
    "check_in_screen.submit", "meeting.ask", "ask_question.submit", "meeting.answers", "meeting.page",
    "feedback.open", "feedback.draft", "feedback.submit", "certificate.get", "certificate.submit", "certificate.verify",
    "verify.submit", "practice.changed", "practice.tried", "practice.not_yet", "practice.hard",
    "package.accept", "package.reject", "package.give_back", "package_no.submit",
    "review.answer", "review_poll.submit", "review.decline", "review.accept", "task.open", "task.done", "advice.print",
}  # fmt: skip


def test_what_is_open_to_everybody_is_written_down_here():
    assert {route.name for route in OPEN} == OPEN_NAMES


def test_a_role_that_may_do_nothing_is_named_nowhere():
    """Roles of later features open no door of today."""
    named = {role for route in GATED for role in route.allow}
    assert named == {
        Role.OPERATOR, Role.COUNSELOR, Role.COORDINATOR, Role.ORGANIZER, Role.SUPERVISOR, Role.ADMIN,
        Role.PRIVACY_OFFICER, Role.EXPERT_SW, Role.EXPERT_PSY, Role.EXPERT_ACADEMIC, Role.EXPERT_LEGAL,
    }  # fmt: skip


async def _asks(somebody, route, value):
    """Ask for a route as if its button, form or command were there; give what came back, as text."""
    if route.kind == "command":
        await somebody.command(route.name)
        return "\n".join(await somebody.whispers("bot"))
    if route.kind == "shortcut":
        await somebody.shortcut(route.name)
    elif route.kind == "action":
        await somebody.presses_anyway(route.name, value)
    elif route.kind == "view_submission":
        return str(await somebody.sends_anyway(route.name, {"c": value}))
    else:
        await somebody.sends_anyway(route.name, {"c": value}, closed=True, advice={"type": "x", "value": "x"})
        return ""
    view = await somebody.seen("view")
    return view + "\n".join(await somebody.whispers("bot"))


@pytest.mark.parametrize("kind", sorted({route.kind for route in GATED}))
async def test_who_lacks_the_role_gets_a_sentence_and_changes_nothing(sqlite_desk, kind):
    desk = sqlite_desk
    it = await desk.id_of(await desk.given_heard(by="U_SATO"))
    kept, refused = await desk.kept(), 0

    for route in (each for each in GATED if each.kind == kind):
        lacking = [person for role, person in WHO.items() if role not in route.allow] + [NOBODY]
        for person in lacking:
            said = await _asks(desk.person(person), route, it)
            if kind != "view_closed":
                assert SORRY in said, (route.name, person)
        assert await desk.kept() == kept, route.name
        refused += len(lacking)

    assert (await desk.trail()).count(Event.REFUSED) == refused


@pytest.mark.parametrize(
    "route", [each for each in GATED if each.kind in {"command", "shortcut"}], ids=lambda route: route.name
)
async def test_who_has_the_role_comes_in(sqlite_desk, route):
    """The control: the same doors, opened by those they are for."""
    desk = sqlite_desk
    for role in set(route.allow) & set(WHO):
        somebody = desk.person(WHO[role])
        await _asks(somebody, route, "-")
        assert (await somebody.top_view())["callback_id"] != "notice.submit"
        await somebody.close(clear=True)
    assert Event.REFUSED not in await desk.trail()


# People from outside.


@pytest.mark.parametrize("person", ["U_GUEST", "U_STRANGER", "U_GONE"])
async def test_who_is_no_member_is_turned_away_from_everything(sqlite_desk, person):
    desk = sqlite_desk
    somebody = desk.person(person)
    it = await desk.id_of(await desk.given_heard(supporter="U_TAKAGI"))
    kept = await desk.kept()

    for route in ASKED:
        said = await _asks(somebody, route, it)
        if route.kind != "view_closed":
            assert OUTSIDE in said, route.name
        assert NOT_YOURS not in said

    assert await desk.kept() == kept
    assert (await desk.trail()).count(Event.REFUSED) == len(ASKED)


@pytest.mark.parametrize("person", ["U_GUEST", "U_STRANGER"])
async def test_a_guests_message_is_answered_with_a_phone_number_and_kept_nowhere(sqlite_desk, person):
    desk = sqlite_desk
    await desk.person(person).writes("たすけてください。")

    said = await desk.person(person).reads()
    assert "ここでお話をうかがえるのは、このワークスペースのメンバーの方だけです" in said
    assert "077-561-3811" in said
    assert "110番・119番" in said
    assert await desk.how_many("letters") == 0
    assert await desk.how_many("inbox") == 0


async def test_a_guests_message_is_not_taken_in_by_catching_up_either(sqlite_desk):
    desk = sqlite_desk
    await catching_up.once(desk.bot.desk, desk.bot.slack, desk.bot.directory)
    desk.clock.advance(minutes=1)
    await desk.guest.writes("ひとつめ。")
    await catching_up.once(desk.bot.desk, desk.bot.slack, desk.bot.directory)
    desk.clock.advance(minutes=1)
    await desk.guest.writes("ふたつめ。")
    await catching_up.once(desk.bot.desk, desk.bot.slack, desk.bot.directory)
    await desk.settle()

    assert await desk.how_many("letters") == 0


@pytest.mark.parametrize(
    "route", [each for each in ROUTES if each.kind == "command"], ids=lambda route: route.name
)
async def test_where_others_can_read_along_nothing_is_opened(sqlite_desk, route):
    desk = sqlite_desk

    await desk.yamamoto.command(route.name, channel="C_SHARED")

    assert await desk.yamamoto.top_view() is None
    assert (
        "ほかの団体の方も見られる場所なので、お話をうかがえません"
        in (await desk.yamamoto.whispers("C_SHARED"))[-1]
    )
    assert Event.REFUSED in await desk.trail()


async def test_an_open_channel_of_ones_own_is_fine(sqlite_desk):
    """The control of the test above."""
    desk = sqlite_desk

    await desk.yamamoto.command("/相談", channel="C_GENERAL")

    assert (await desk.yamamoto.top_view())["callback_id"] == "intake.submit"


async def test_the_card_channel_becoming_shared_stops_the_buttons(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_waiting()
    await desk.settle()
    await desk.admin.change_channel(CARDS, is_ext_shared=True)
    desk.bot.directory._places.clear()  # fifty seconds later

    await desk.sato.presses("callback.claim", where=CARDS)

    assert (await desk.row(number)).counselor is None
    assert "ほかの団体の方も見られる場所" in (await desk.sato.whispers())[-1]


async def test_nothing_is_said_where_others_began_to_read_along_until_they_cannot_any_more(sqlite_desk):
    """The place is looked at before a card is posted, not only at the start."""
    desk = sqlite_desk
    await desk.admin.change_channel(CARDS, is_ext_shared=True)
    desk.bot.directory._places.clear()  # fifty seconds later
    number = await desk.given_waiting()
    assert await desk.cards() == []
    assert number in await desk.takagi.reads()  # what goes to a person goes

    await desk.admin.change_channel(CARDS, is_ext_shared=False)
    desk.bot.directory._places.clear()  # fifty seconds later
    desk.clock.advance(minutes=2)
    await desk.settle()

    [card] = await desk.cards()
    assert number in card


# The rule about this row: every act, by everybody who is something to it.

ACTS = {
    Act.CLAIM: ("callback.claim", {}),
    Act.RELEASE: ("release.submit", {}),
    Act.OFFER: ("handover.submit", {"taker": {"type": "users_select", "selected_user": "U_MORI"}}),
    Act.ACCEPT: ("handover.accept", {}),
    Act.ASSIGN: ("assign.submit", {"counselor": {"type": "users_select", "selected_user": "U_MORI"}}),
    Act.RECLASSIFY: ("urgency.submit", {"urgency": {"type": "radio_buttons", "selected_option": {"value": "u2"}}}),
    Act.READ: ("details.open", {}),
    Act.CALL: ("call.submit", {"outcome": {"type": "radio_buttons", "selected_option": {"value": "no_answer"}}}),
    Act.HEAR: ("hearing.submit", {
        "next_action": {"type": "plain_text_input", "value": "電話"},
        "next_on": {"type": "datepicker", "selected_date": "2026-12-08"},
    }),
    Act.CLOSE: ("closing.submit", {
        "primary": {"type": "static_select", "selected_option": {"value": "advice_closed"}},
        "reason": {"type": "static_select", "selected_option": {"value": "resolved"}},
    }),
    Act.DECIDE: ("callback.keep_trying", {}),
    Act.RECORD: ("record.open", {}),
    Act.REOPEN: ("consultation.reopen", {}),
    Act.WITHDRAW: ("consultation.withdraw", {}),
    Act.SUSPEND: ("consultation.suspend", {}),
    Act.MERGE: ("merge.open", {}),
    Act.PRINT_RECEIPT: ("paper.receipt", {}),
    Act.PRINT_ADVICE: ("paper.advice", {}),
    Act.FOLLOW: ("own.open", {}),
    Act.FIND_ALIKE: ("precedents.alike", {}),
    Act.AGREE: ("agreement.open", {}),
    Act.HAND_ON: ("linkage.open", {}),
    Act.CONVENE: ("review.convene", {}),
    Act.ASK_REVIEW: ("review.want", {}),
    Act.HOLD: ("hold.submit", {"reason": {"type": "static_select", "selected_option": {"value": "dispute"}}}),
}  # fmt: skip

# Everybody who is something to the row of `_row`, and what.
PEOPLE = {
    "U_SATO": {Role.COUNSELOR, Relation.HOLDER},
    "U_SUZUKI": {Role.COUNSELOR, Relation.OFFERED},
    "U_MORI": {Role.COUNSELOR},
    "U_YAMAMOTO": {Role.COORDINATOR},
    "U_TANAKA": {Role.OPERATOR},
    "U_KONDO": {Role.OPERATOR, Relation.ENTERED},
    "U_TAKAGI": {Relation.SUPPORTER},
    "U_KITAMURA": set(),
    "U_ADMIN": {Role.ADMIN},
}


def test_every_act_is_asked_here():
    assert set(ACTS) == set(Act)
    assert set(ENTITLED) == set(Act)


async def _row(desk, act):
    """A consultation of 高木, entered by 近藤, held by 佐藤, offered to 鈴木; further on where the act needs it."""
    db = desk.bot.desk
    request = intake.Request(("approach",), "u3", Contact(phone="090-1234-5678"), ("any",))
    row = await intake.enter(db, await desk.actor("U_KONDO"), request, once=desk.once(), supporter="U_TAKAGI")
    await callbacks.claim(db, await desk.actor("U_SATO"), row.id)
    if act in {Act.PRINT_ADVICE, Act.REOPEN, Act.RECORD, Act.CLOSE}:
        await desk.sato.sends_anyway("hearing.submit", {"c": row.id}, **ACTS[Act.HEAR][1], advice={
            "type": "plain_text_input", "value": "休みましょう。",
        })  # fmt: skip
    if act in {Act.REOPEN, Act.RECORD}:
        await desk.sato.sends_anyway("closing.submit", {"c": row.id}, **ACTS[Act.CLOSE][1])
    else:
        await callbacks.offer(db, await desk.actor("U_SATO"), row.id, "U_SUZUKI")
    await desk.settle()
    return row.id


@pytest.mark.parametrize("act", ACTS, ids=str)
async def test_the_table_of_acts_holds_for_everybody(sqlite_desk, act):
    desk = sqlite_desk
    await people.grant(desk.bot.desk, await desk.actor("U_ADMIN"), "U_KONDO", Role.OPERATOR)
    for person in PEOPLE:
        await _tried(desk, act, person)


async def _tried(desk, act, person):
    """One person tries one act on a fresh row: the table says whether it is done or refused without a trace."""
    it = await _row(desk, act)
    name, values = ACTS[act]
    [route] = [each for each in ROUTES if each.name == name and each.kind != "view_closed"]
    somebody = desk.person(person)
    relations = PEOPLE[person] - ({Relation.OFFERED} if act in {Act.REOPEN, Act.RECORD} else set())
    may = bool(ENTITLED[act] & relations) and (route.allow is None or bool(route.allow & relations))
    if act is Act.ACCEPT and Relation.HOLDER in relations:
        may = True  # has it already: nothing to say yes to, nothing to refuse
    kept = await desk.kept()
    refused_before = (await desk.trail()).count(Event.REFUSED)

    if route.kind == "view_submission":
        said = str(await somebody.sends_anyway(name, {"c": it}, **values))
    else:
        said = await _asks(somebody, route, it)

    refused = (await desk.trail()).count(Event.REFUSED) - refused_before
    assert refused == (0 if may else 1), (person, said)
    if not may:
        assert await desk.kept() == kept, person
        assert "のためのものです" in said or NOT_YOURS in said, person
    if await somebody.top_view():
        await somebody.close(clear=True)
