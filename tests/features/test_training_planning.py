"""Planning: what an organizer types, what they see before it is posted, drafts, copies, and who may."""

from dataclasses import replace

import pytest

from bot.domain.events import Event
from bot.domain.staff import Role
from bot.domain.training import Plan, Stage
from bot.usecases import people, trainings
from handlers.training_form import is_empty
from tests.databases import START
from tests.desk import TRAINING
from tests.planning import GOOD, all_of, bare, opens_a_form, posts, previews, the_one
from tests.trainings import ORGANIZER, a_plan, given_announced, given_draft, now


async def test_what_is_previewed_is_what_is_posted(desk):
    view = await previews(desk)
    assert await posts(desk) == []

    await desk.kondo.fills_and_sends()

    [post] = await posts(desk)
    shown, posted = bare(view["blocks"]), bare(post["blocks"])
    first = shown.index(posted[0])
    assert shown[first : first + len(posted)] == posted
    text = await desk.takagi.reads(TRAINING)
    for said in (
        "研修会　ダブルケアを支える", "12月8日(火) 13時〜16時", "彦根市福祉センター", "あと30席", "オンライン：定員はありません", "500円",
        "12月4日(金) 17時", "湖東圏域", "講義", "はじめての方", "湖北 みずほ", "https://papers.example/1.pdf", "研修担当", "申し込む",
    ):  # fmt: skip
        assert said in text
    assert "2つの事例を、みなさんで考えます。" in text
    assert "meet.example" not in text  # the address is for those who joined
    training = await the_one(desk)
    assert training.plan.private["online"] == "https://meet.example/abc?a=1&b=2"
    assert (training.stage, training.channels) == (Stage.ANNOUNCED, (TRAINING,))
    assert (await desk.trail()).count(Event.TRAINING_ANNOUNCED) == 1


async def test_a_preview_of_something_else_would_be_seen(sqlite_desk):
    """The control: the comparison above can fail."""
    desk = sqlite_desk
    view = await previews(desk)
    training = await the_one(desk)
    other = replace(training.plan, words={**training.plan.words, "title": "ちがう名前"})
    await trainings.plan(desk.bot.desk, await desk.actor(ORGANIZER), other, training_id=training.id)

    await desk.kondo.fills_and_sends()

    [post] = await posts(desk)
    assert bare(post["blocks"])[0] not in bare(view["blocks"])


async def test_a_button_in_the_preview_joins_nobody(sqlite_desk):
    desk = sqlite_desk
    await previews(desk)

    await desk.kondo.presses("seat.join", where="view")

    assert await desk.how_many("participations") == 0


async def test_sending_twice_makes_one_training_and_one_post(sqlite_desk):
    desk = sqlite_desk
    await previews(desk)
    view = await desk.kondo.top_view()
    await desk.kondo.fills_and_sends()

    training = await the_one(desk)
    await desk.kondo.sends_anyway(
        "announce.submit",
        {"t": training.id},
        channels={"type": "multi_conversations_select", "selected_conversations": [TRAINING]},
        moment={"type": "radio_buttons", "selected_option": {"value": "now"}},
    )

    assert view["callback_id"] == "announce.submit"
    assert len(await posts(desk)) == 1
    assert await desk.how_many("trainings") == 1


async def test_typed_marks_mentions_and_formulas_stay_words(sqlite_desk):
    desk = sqlite_desk
    await previews(desk, name="=cmd() <!channel> & <https://evil.example|よりそい>")
    await desk.kondo.fills_and_sends()

    [post] = await posts(desk)
    header = post["blocks"][0]["text"]
    assert header == {
        "type": "plain_text",
        "text": "研修会　=cmd() <!channel> & <https://evil.example|よりそい>",
    } | {name: value for name, value in header.items() if name not in {"type", "text"}}
    assert "&lt;!channel&gt;" in post["text"]
    assert "<!channel>" not in post["text"]


async def test_a_title_after_the_command_begins_a_plan(sqlite_desk):
    desk = sqlite_desk
    await desk.kondo.command("/研修", "新しい勉強会 <2月29日>")

    view = await desk.kondo.top_view()
    title = next(each for each in view["blocks"] if each.get("block_id") == "name~0")
    assert title["element"]["initial_value"] == "新しい勉強会 <2月29日>"


async def test_closing_the_window_keeps_a_draft_that_is_offered_again(desk):
    await opens_a_form(desk, name="書きかけ", on1="2026-12-08", purpose="ここまで")
    await desk.kondo.close()
    await desk.settle()

    draft = await the_one(desk)
    assert draft.stage is Stage.DRAFT
    await desk.kondo.close(clear=True)
    await desk.kondo.command("/研修")
    assert "書きかけ" in await desk.kondo.seen("view")
    await desk.kondo.presses("training.open", draft.id, where="view")
    await desk.kondo.presses("training.edit", where="view")
    view = await desk.kondo.top_view()
    kept = {each["block_id"]: each["element"] for each in view["blocks"] if each["type"] == "input"}
    assert kept["name~0"]["initial_value"] == "書きかけ"
    assert kept["on1~0"]["initial_date"] == "2026-12-08"  # a day without a time is no session yet
    assert kept["purpose~0"]["initial_value"] == "ここまで"
    assert "initial_time" not in kept["from1~0"]
    assert await posts(desk) == []


async def test_closing_an_empty_form_keeps_nothing(sqlite_desk):
    desk = sqlite_desk
    await opens_a_form(desk)
    await desk.kondo.close()
    await desk.settle()

    assert await desk.how_many("trainings") == 0


async def test_the_draft_button_keeps_one_draft_however_often(sqlite_desk):
    desk = sqlite_desk
    await opens_a_form(desk, name="ひとつめ")
    await desk.kondo.presses("training.draft", where="view")
    await desk.kondo.fill(name="ふたつめ", deadline_at="12:00")
    await desk.kondo.presses("training.draft", where="view")
    assert "下書きに残しました" in await desk.kondo.seen("view")
    await desk.kondo.close()
    await desk.settle()

    draft = await the_one(desk)
    assert draft.title == "ふたつめ"


async def test_a_draft_keeps_even_what_is_too_long(sqlite_desk):
    desk = sqlite_desk
    await opens_a_form(desk, name="長" * 3000)
    await desk.kondo.close()
    await desk.settle()

    assert len((await the_one(desk)).title) == 3000


async def test_closing_with_a_twelve_digit_number_keeps_the_rest(sqlite_desk):
    desk = sqlite_desk
    await opens_a_form(desk, name="題", purpose="番号は 123456789018 です。つづき")
    await desk.kondo.close()
    await desk.settle()

    words = (await the_one(desk)).plan.words
    assert "123456789018" not in words["purpose"]
    assert "つづき" in words["purpose"]


async def test_a_twelve_digit_number_is_refused_on_its_field_and_the_rest_stays(sqlite_desk):
    desk = sqlite_desk
    await opens_a_form(desk)

    for field in ("purpose", "contact", "address", "name"):
        answer = await desk.kondo.fills_and_sends(**{**GOOD, field: "番号は 123456789018 です"})
        assert list(answer["errors"]) == [f"{field}~0"], field
        assert "12桁の番号はお預かりしない" in await desk.kondo.refused(answer)
        assert await desk.how_many("trainings") == 0
        await desk.kondo.fill({field: GOOD[field]})

    answer = await desk.kondo.fills_and_sends(**GOOD)
    assert answer["errors"] is None
    assert (await the_one(desk)).plan.words["lecturers"] == "湖北 みずほ"


async def test_more_days_keep_what_was_typed(sqlite_desk):
    desk = sqlite_desk
    await opens_a_form(desk, **GOOD)
    for _ in range(7):
        await desk.kondo.presses("training.more_days", where="view")
    assert not await desk.kondo.has("training.more_days", where="view")  # eight days are the most
    await desk.kondo.fill(
        on8="2026-12-15", from8="10:00", to8="12:00", on3="2026-12-10", from3="10:00", to3="12:00"
    )
    answer = await desk.kondo.fills_and_sends()

    assert answer["errors"] is None
    plan = (await the_one(desk)).plan
    assert [each.minutes for each in plan.sessions] == [180, 120, 120]
    assert plan.words["title"] == GOOD["name"]
    assert plan.seats == {"onsite": 30, "online": 0}


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"name": "長" * 121}, "name", "あと1文字、短くしてください"),
        ({"name": "長" * 3000}, "name", "120文字までお預かりできます"),
        ({"purpose": "長" * 1501}, "purpose", "1500文字まで"),
        ({"to1": "13:00"}, "to1", "おわりの時刻が、はじまりと同じか、それより前"),
        ({"to1": "12:00"}, "to1", "おわりの時刻が、はじまりと同じか、それより前"),
        ({"from1": "05:00", "to1": "23:00"}, "to1", "14時間をこえています"),
        ({"on1": "2026-11-23"}, "on1", "過ぎた日時のようです"),
        ({"on1": "2036-11-23"}, "on1", "3年より先の日付"),
        ({"deadline_on": "2026-12-09"}, "deadline_on", "締切が、はじまりより後"),
        ({"deadline_on": "2026-11-23"}, "deadline_on", "過ぎた日時のようです"),
        ({"onsite": None, "online": None}, "onsite", "どちらかに人数を"),
        ({"on2": "2026-12-09", "from2": "10:00"}, "to2", "ここだけ、教えていただけますか"),
        ({"on2": "2026-12-08", "from2": "15:00", "to2": "17:00"}, "from2", "時間が重なっています"),
        ({"on3": "2026-12-09", "from3": "15:00", "to3": "14:00"}, "to3", "おわりの時刻が"),
        ({"on3": "2026-12-01", "from3": "15:00", "to3": "14:00"}, "to3", "おわりの時刻が"),
        ({"deadline_on": None, "deadline_at": "12:00"}, "deadline_on", "ここだけ、教えていただけますか"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_said_on_its_field(sqlite_desk, typed, field, sentence):
    desk = sqlite_desk
    await opens_a_form(desk)
    for _ in range(2):
        await desk.kondo.presses("training.more_days", where="view")

    answer = await desk.kondo.fills_and_sends(**{**GOOD, **typed})

    assert list(answer["errors"]) == [f"{field}~0"], answer
    assert sentence in await desk.kondo.refused(answer)
    assert await desk.how_many("trainings") == 0
    answer = await desk.kondo.fills_and_sends(  # put right, it is taken: nothing else was lost
        **{name: GOOD.get(name) for name in typed}
    )
    assert answer["errors"] is None
    assert (await the_one(desk)).plan.words["lecturers"] == GOOD["lecturers"]


async def test_a_day_of_no_calendar_is_answered_in_words(sqlite_desk):
    desk = sqlite_desk
    values = {
        "kind": {"type": "static_select", "selected_option": {"value": "workshop"}},
        "name": {"type": "plain_text_input", "value": "うるう年"},
        "on1": {"type": "datepicker", "selected_date": "2027-02-29"},
        "from1": {"type": "timepicker", "selected_time": "13:00"},
        "to1": {"type": "timepicker", "selected_time": "15:00"},
        "onsite": {"type": "number_input", "value": "3"},
    }
    answer = await desk.kondo.sends_anyway("training.submit", {"days": 1}, **values)
    assert "こよみにない日時のようです" in str(answer["errors"]["on1~0"])
    assert await desk.how_many("trainings") == 0

    values["on1"] = {"type": "datepicker", "selected_date": "2028-02-29"}
    await desk.kondo.sends_anyway("training.submit", {"days": 1}, **values)
    assert (await the_one(desk)).plan.starts_at.isoformat().startswith("2028-02-29")


async def test_a_draft_that_is_not_ready_is_not_previewed_but_opened_with_a_word(sqlite_desk):
    desk = sqlite_desk
    draft = await given_draft(desk, sessions=())
    await desk.kondo.command("/研修")
    await desk.kondo.presses("training.open", draft.id, where="view")

    await desk.kondo.presses("training.preview", where="view")

    assert (await desk.kondo.top_view())["callback_id"] == "training.submit"
    assert "あと少しです" in await desk.kondo.seen("view")


async def test_a_copy_has_everything_but_days_address_and_links(sqlite_desk):
    desk = sqlite_desk
    first = await given_announced(desk, private={"online": "https://meet.example/old"})
    await desk.kondo.command("/研修")
    await desk.kondo.presses("training.open", first.id, where="view")

    await desk.kondo.presses("training.copy", where="view")

    view = await desk.kondo.top_view()
    assert view["callback_id"] == "training.submit"
    [_, second] = sorted(await all_of(desk), key=lambda each: each.number)
    assert second.stage is Stage.DRAFT
    assert second.number != first.number
    assert second.plan.words == first.plan.words
    assert second.plan.sessions == ()
    assert second.plan.private == {}
    answer = await desk.kondo.fills_and_sends(on1="2027-01-12", from1="13:00", to1="15:00")
    assert answer["errors"] is None
    await desk.kondo.fills_and_sends()
    assert len(await posts(desk)) == 2


async def test_who_organizes_nothing_sees_what_is_open_and_joins(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await given_draft(desk, words={"title": "まだ秘密"})
    await desk.takagi.command("/研修", "何か")

    seen = await desk.takagi.seen("view")
    assert "ダブルケアを支える" in seen
    assert "まだ秘密" not in seen
    assert await desk.takagi.has("certificate.verify", where="view")
    assert not await desk.takagi.has("training.new", where="view")
    assert not await desk.takagi.has("seat.enter", where="view")
    await desk.takagi.presses("seat.join", training.id, where="view")
    assert await desk.how_many("participations") == 1
    await desk.takagi.close(clear=True)
    await desk.takagi.command("/研修")
    assert "参加決定" in await desk.takagi.seen("view")


async def test_an_operator_can_enter_somebody_from_the_same_window(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await desk.tanaka.command("/研修")

    assert await desk.tanaka.has("seat.enter", training.id, where="view")


@pytest.mark.parametrize(
    "action",
    ["new", "open", "edit", "copy", "preview", "withhold", "drop", "cancel", "take", "repost", "draft"],
)
async def test_who_is_no_organizer_changes_nothing(sqlite_desk, action):
    desk = sqlite_desk
    training = await given_announced(desk)
    before = await desk.kept()

    await desk.sato.presses_anyway(f"training.{action}", training.id)

    assert "研修担当の方のためのものです" in (await desk.sato.whispers("bot"))[-1]
    assert await desk.kept() == before


async def test_a_colleague_takes_a_training_over(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await people.grant(desk.bot.desk, await desk.actor("U_ADMIN"), "U_MORI", Role.ORGANIZER)
    await desk.mori.command("/研修")
    await desk.mori.presses("training.open", training.id, where="view")
    await desk.mori.presses("training.take", where="view")

    assert (await now(desk, training)).organizer == "U_MORI"
    assert not await desk.mori.has("training.take", where="view")


def test_an_empty_plan_is_empty_and_another_is_not():
    assert is_empty(Plan(kind="exchange"))
    assert not is_empty(a_plan(START))
