"""What organizers stumbled over in a trial: links that are none, forms too late, news for the wrong people, codes nobody knew."""

from datetime import timedelta

import pytest

from bot.domain.training import Session
from bot.usecases import meetings, trainings
from tests.planning import windows
from tests.trainings import ORGANIZER, given_announced, joined, messages_about, now, part_of, parts
from tests.trainings_in_time import at, given_over, move, said

HIKONE, OTSU = "252026", "252018"


# Links


async def test_what_is_no_link_is_refused_where_it_was_typed_and_nobody_is_told(desk):
    training, _ = await given_over(desk, "U_TAKAGI")
    await desk.kondo.presses_anyway("training.open", training.id)
    await desk.kondo.presses("training.edit", where="view")

    wrong = await desk.kondo.fills_and_sends(minutes="議事録はあとで")
    assert [each.split("~")[0] for each in wrong["errors"]] == ["minutes"]
    assert "当日の記録ができました" not in await desk.takagi.reads()
    assert "minutes" not in (await now(desk, training)).plan.private

    await desk.kondo.fills_and_sends(minutes="https://example.org/minutes")  # the control
    assert (await desk.takagi.reads()).count("当日の記録ができました") == 1


async def test_another_link_says_that_nobody_is_told_again(sqlite_desk):
    desk = sqlite_desk
    training, _ = await given_over(desk, "U_TAKAGI")
    for link, words in (
        ("https://example.org/first", "お知らせしました"),
        (
            "https://example.org/better",
            "新しいリンクに書きかえました。お知らせは、前に一度お送りしています。",
        ),
    ):
        await desk.kondo.presses_anyway("meeting.minutes", training.id)
        await desk.kondo.fills_and_sends(minutes=link)
        assert words in await desk.kondo.reads("view")
        await desk.kondo.close(clear=True)
    assert (await desk.takagi.reads()).count("当日の記録ができました") == 1


async def test_minutes_nobody_can_be_told_of_are_kept_without_a_promise(sqlite_desk):
    desk = sqlite_desk
    training, _ = await given_over(desk)

    done = await meetings.publish_minutes(
        desk.bot.desk, await desk.actor(ORGANIZER), training.id, "https://example.org/m"
    )

    assert (done.told.now, done.told.before, done.told.by_phone) == (0, 0, 0)


# Entering somebody after it began


async def test_once_it_has_begun_the_form_does_not_open_and_the_way_that_is_left_is_shown(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await desk.kondo.presses_anyway("training.open", training.id)
    assert "電話などの申込みを入れる" in await desk.kondo.reads("view")  # the control
    await desk.kondo.close(clear=True)
    desk.clock.now = training.plan.starts_at + timedelta(minutes=1)
    await desk.ask_the_clock()

    await desk.kondo.presses_anyway("training.open", training.id)
    assert "電話などの申込みを入れる" not in await desk.kondo.reads("view")
    await desk.kondo.close(clear=True)
    await desk.kondo.presses_anyway("seat.enter", training.id)
    assert "もう始まっています。いらした方は「飛び入りの方」から加えられます。" in await desk.kondo.reads(
        "view"
    )
    await desk.kondo.presses("walk_in.open", where="view")
    assert (await windows(desk.kondo))[-1] == "walk_in"
    await desk.tanaka.presses_anyway("seat.enter", training.id)
    seen = await desk.tanaka.reads("view")
    assert "もう始まっています" in seen
    assert "<@U_KONDO>さんへお声がけください" in seen
    assert "飛び入り" not in seen  # her roles do not let people in


async def test_a_form_sent_too_late_keeps_what_was_typed(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await desk.tanaka.presses_anyway("seat.enter", training.id)
    desk.clock.now = training.plan.starts_at + timedelta(minutes=1)

    late = await desk.tanaka.fills_and_sends(name="北村 佳代", phone="0749-22-0001")

    assert [each.split("~")[0] for each in late["errors"]] == ["route"]
    assert await windows(desk.tanaka) == ["enter_seat"]
    assert await parts(desk, training) == []


async def test_after_the_deadline_the_form_opens_for_organizers_alone(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    desk.clock.now = training.plan.deadline + timedelta(minutes=1)

    await desk.kondo.presses_anyway("seat.enter", training.id)
    assert await windows(desk.kondo) == ["enter_seat"]
    await desk.tanaka.presses_anyway("seat.enter", training.id)
    assert "締切を過ぎました" in await desk.tanaka.refused()


# What is known of people


async def test_one_press_brings_the_newest_codes_somebody_gave_and_the_town_they_are_asked_for(desk):
    first = await given_announced(desk)
    await joined(
        desk, first, "U_TAKAGI", supporter_field="children", occupation="care_manager", municipality=OTSU
    )
    desk.clock.advance(minutes=5)
    second = await given_announced(desk)
    await joined(desk, second, "U_TAKAGI", supporter_field="elderly")
    desk.clock.advance(minutes=5)
    training = await given_announced(desk, municipalities=())
    organizer = await desk.actor(ORGANIZER)
    await trainings.invite(desk.bot.desk, organizer, training.id, ["U_TAKAGI"], HIKONE)

    await desk.takagi.presses_anyway("seat.join", training.id)
    await joined(desk, training, "U_SATO")

    part = await part_of(desk, training, "U_TAKAGI")
    assert (part.supporter_field, part.occupation) == ("elderly", "care_manager")
    assert (part.municipality, part.region) == (HIKONE, "koto")
    other = await part_of(desk, training, "U_SATO")  # the control: nothing is known of her
    assert (other.supporter_field, other.occupation, other.municipality) == (None, None, None)
    assert (await part_of(desk, second, "U_TAKAGI")).municipality == OTSU


async def test_what_is_said_now_goes_before_what_is_known(sqlite_desk):
    desk = sqlite_desk
    first, training = await given_announced(desk), await given_announced(desk)
    await joined(desk, first, "U_TAKAGI", municipality=OTSU, occupation="care_manager")
    await joined(desk, training, "U_TAKAGI", municipality=HIKONE)

    part = await part_of(desk, training, "U_TAKAGI")
    assert (part.municipality, part.region, part.occupation) == (HIKONE, "koto", "care_manager")


async def test_the_form_for_joining_shows_what_is_known(sqlite_desk):
    desk = sqlite_desk
    first = await given_announced(desk)
    await joined(desk, first, "U_TAKAGI", municipality=OTSU, supporter_field="elderly")
    training = await given_announced(desk, asks=("field", "municipality"))
    organizer = await desk.actor(ORGANIZER)
    await trainings.invite(desk.bot.desk, organizer, training.id, ["U_TAKAGI"], HIKONE)

    await desk.takagi.presses_anyway("seat.join", training.id)
    await desk.takagi.fills_and_sends()

    part = await part_of(desk, training, "U_TAKAGI")
    assert (part.supporter_field, part.municipality) == ("elderly", HIKONE)


# Who hears what of a change


async def given_both(desk, **changes):
    """One in the room, one online, one who waits for the room; on two days."""
    training = await given_announced(
        desk,
        **{
            "seats": {"onsite": 1, "online": 0},
            "private": {"online": "https://meet.example/old"},
            **changes,
        },
    )
    await joined(desk, training, "U_TAKAGI", format="onsite")
    await joined(desk, training, "U_SATO", format="online")
    await joined(desk, training, "U_MORI", format="onsite")
    return training


@pytest.mark.parametrize(
    ("change", "hear"),
    [
        ({"words": "長浜市民交流センター"}, ["U_TAKAGI", "U_MORI"]),
        ({"private": {"online": "https://meet.example/new"}}, ["U_SATO"]),
        ({"deadline": at("12-03 12:00")}, ["U_MORI"]),
        ({"fee": 500}, ["U_TAKAGI", "U_SATO", "U_MORI"]),
    ],
)
async def test_a_change_is_told_to_those_whose_it_is(desk, change, hear):
    training = await given_both(desk)
    if place := change.get("words"):
        change = {"words": {**training.plan.words, "place": place}}

    changed = await move(desk, training, **change)

    assert changed.edition == 1
    for person in ("U_TAKAGI", "U_SATO", "U_MORI"):
        assert len(await messages_about(desk, person)) == (person in hear)
    assert len(await said(desk, "training_changed")) == len(hear)


async def test_each_hears_their_own_part_of_one_change(sqlite_desk):
    desk = sqlite_desk
    training = await given_both(desk)

    await move(
        desk,
        training,
        fee=500,
        words={**training.plan.words, "place": "長浜市民交流センター"},
        private={"online": "https://meet.example/new"},
        deadline=at("12-03 12:00"),
    )

    shown = {person: (await messages_about(desk, person))[0] for person in ("U_TAKAGI", "U_SATO", "U_MORI")}
    heard = {
        person: ["500円" in text, "長浜市民" in text, "参加先が変わりました" in text, "12月3日" in text]
        for person, text in shown.items()
    }
    assert heard == {
        "U_TAKAGI": [True, True, False, False],
        "U_SATO": [True, False, True, False],
        "U_MORI": [True, True, False, True],
    }


async def test_of_several_days_only_the_one_that_moved_is_bold_and_the_reason_is_told(sqlite_desk):
    desk = sqlite_desk
    days = tuple(Session(at(f"12-{day} 13:00"), at(f"12-{day} 16:00")) for day in ("08", "15"))
    training = await given_announced(desk, sessions=days)
    await joined(desk, training, "U_TAKAGI")
    await desk.kondo.presses_anyway("training.open", training.id)
    await desk.kondo.presses("training.edit", where="view")

    number = await desk.kondo.fills_and_sends(on2="2026-12-16", reason="番号は 1234-5678-9012")
    assert [each.split("~")[0] for each in number["errors"]] == ["reason"]
    long = await desk.kondo.fills_and_sends(reason="講" * 201)
    assert [each.split("~")[0] for each in long["errors"]] == ["reason"]
    await desk.kondo.fills_and_sends(reason="講師の体調のため")

    (text,) = await messages_about(desk, "U_TAKAGI")
    lines = text.split("\n")
    assert "研修担当から：講師の体調のため" in lines
    for line in (
        "前：12月8日(火) 13時〜16時", "前：12月15日(火) 13時〜16時",
        "今：12月8日(火) 13時〜16時", "今：*12月16日(水) 13時〜16時*",
    ):  # fmt: skip
        assert line in lines
    assert "研修担当から" not in str(await desk.kondo.messages("C_TRAINING"))


async def test_what_is_cancelled_promises_what_is_kept(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")

    await trainings.cancel(desk.bot.desk, await desk.actor(ORGANIZER), training.id, "lecturer")
    await desk.settle()

    seen = await desk.takagi.reads()
    assert "次の催しは、ホームと研修のお知らせに載ります。" in seen
    assert "次の日程が決まりましたら" not in seen
