"""Plans that are written by two, days that change places, links that were wrong, and what is announced too late."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.refusals import Changed
from bot.domain.seats import Attendance
from bot.domain.staff import Role
from bot.domain.training import Plan, PlanChanged, Session, Stage
from bot.usecases import people, rosters, trainings
from tests.databases import START
from tests.desk import TRAINING
from tests.trainings import ORGANIZER, a_plan, given_announced, given_draft, joined, now
from tests.trainings_in_time import move, said, until

CHANGED = "ほかの方が同じ計画を直しました"
NOT_ANNOUNCED = "お知らせの時刻に締切を過ぎていた"


# Two organizers


async def two_organizers(desk):
    await people.grant(desk.bot.desk, await desk.actor("U_ADMIN"), "U_MORI", Role.ORGANIZER)
    return desk.kondo, desk.mori


async def opens(who, training):
    await who.command("/研修")
    await who.presses("training.open", training.id, where="view")
    await who.presses("training.edit", training.id, where="view")


@pytest.mark.parametrize("given", [given_announced, given_draft])
async def test_who_sends_second_undoes_nothing_and_keeps_what_was_typed(desk, given):
    training = await given(desk)
    kondo, mori = await two_organizers(desk)
    for who in (kondo, mori):
        await opens(who, training)

    await mori.fills_and_sends(place="長浜市民会館")
    answer = await kondo.fills_and_sends(purpose="ねらいを直しました。")

    words = (await now(desk, training)).plan.words
    assert (words["place"], words["purpose"]) == ("長浜市民会館", training.plan.words["purpose"])
    assert CHANGED in await kondo.refused(answer)
    if not (answer or {}).get("errors"):
        await kondo.close()
    assert (await kondo.top_view())["callback_id"] == "training.submit"
    assert "ねらいを直しました。" in json.dumps(await kondo.top_view(), ensure_ascii=False)
    await opens(kondo, training)
    await kondo.fills_and_sends(purpose="ねらいを直しました。")
    words = (await now(desk, training)).plan.words
    assert (words["place"], words["purpose"]) == ("長浜市民会館", "ねらいを直しました。")


async def test_who_joins_while_the_form_is_open_is_no_change_of_the_plan(sqlite_desk):
    """The control: seats are taken all the time."""
    desk = sqlite_desk
    training = await given_announced(desk)
    await opens(desk.kondo, training)
    await joined(desk, training, "U_TAKAGI", "U_SATO")

    answer = await desk.kondo.fills_and_sends(place="長浜市民会館")

    assert answer["errors"] is None
    assert (await now(desk, training)).plan.words["place"] == "長浜市民会館"


async def test_a_form_that_was_sent_twice_counts_once_and_is_no_change_by_somebody_else(desk):
    training = await given_announced(desk)
    actor, seen = await desk.actor(ORGANIZER), training.plan.stamp
    days = tuple(replace(each, id="") for each in training.plan.sessions)
    wanted = replace(training.plan, words={**training.plan.words, "place": "長浜"}, sessions=days)

    for _ in range(2):
        changed = await trainings.change(desk.bot.desk, actor, training.id, wanted, drawn_from=seen)
    with pytest.raises(Changed):
        other = replace(wanted, fee=500)
        await trainings.change(desk.bot.desk, actor, training.id, other, drawn_from=seen)

    assert (changed.edition, changed.plan.words["place"], changed.plan.fee) == (1, "長浜", 0)


async def test_what_follows_when_it_is_over_is_not_undone_either(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    await until(desk, "12-09 10:00")
    kondo, mori = await two_organizers(desk)
    for who in (kondo, mori):
        await opens(who, training)

    await mori.fills_and_sends(materials="https://papers.example/1.pdf")
    answer = await kondo.fills_and_sends(minutes="https://example.com/minutes")

    assert CHANGED in await kondo.refused(answer)
    plan = (await now(desk, training)).plan
    assert plan.words["materials"] == "https://papers.example/1.pdf"
    assert "minutes" not in plan.private


async def test_one_who_keeps_a_draft_again_and_again_is_alone_with_it(sqlite_desk):
    desk = sqlite_desk
    training = await given_draft(desk)
    await opens(desk.kondo, training)

    for place in ("草津", "守山", "栗東"):
        await desk.kondo.fill(place=place)
        await desk.kondo.presses("training.draft", where="view")

    assert (await desk.kondo.top_view())["callback_id"] == "training.submit"
    assert (await now(desk, training)).plan.words["place"] == "栗東"
    answer = await desk.kondo.fills_and_sends(place="野洲")
    assert not answer["errors"]
    assert (await now(desk, training)).plan.words["place"] == "野洲"


async def drafts(desk) -> list[str]:
    async with desk.db.reading() as ask:
        found = await ask.trainings.to_come(ask.now)
    return sorted(each.plan.words.get("place", "") for each in found if each.stage is Stage.DRAFT)


async def test_what_was_typed_into_a_window_that_is_closed_becomes_a_draft_of_its_own(sqlite_desk):
    desk = sqlite_desk
    training = await given_draft(desk)
    kondo, mori = await two_organizers(desk)
    for who in (kondo, mori):
        await opens(who, training)
    await mori.fills_and_sends(place="長浜市民会館")

    await kondo.fill(place="米原公民館")
    await kondo.close()
    await desk.settle()

    assert await drafts(desk) == ["米原公民館", "長浜市民会館"]
    assert (await now(desk, training)).plan.words["place"] == "長浜市民会館"


async def test_a_window_that_is_closed_untouched_leaves_the_plan_as_it_is(sqlite_desk):
    desk = sqlite_desk
    training = await given_draft(desk)
    kondo, mori = await two_organizers(desk)
    for who in (kondo, mori):
        await opens(who, training)
    await mori.fills_and_sends(place="長浜市民会館")

    await kondo.close()
    await desk.settle()

    assert await drafts(desk) == ["長浜市民会館"]


def test_a_stamp_tells_plans_apart_and_not_the_ids_of_their_days():
    start = a_plan(START).sessions[0]
    plan = Plan(sessions=(start,), words={"title": "会"}, private={"online": "https://a.example"})
    same = replace(plan, sessions=(replace(start, id="x"),), words={"title": "会", "place": ""})

    assert plan.stamp == same.stamp
    for other in (
        replace(plan, words={"title": "別"}),
        replace(plan, private={"online": "https://b.example"}),
        replace(plan, sessions=(replace(start, ends_at=start.ends_at + timedelta(minutes=5)),)),
        replace(plan, seats={"onsite": 1}),
        replace(plan, deadline=start.starts_at),
        replace(plan, fields=("elderly",)),
    ):
        assert other.stamp != plan.stamp
        with pytest.raises(PlanChanged):
            plan.must_be_as_drawn(other.stamp, Plan())
    plan.must_be_as_drawn("", other)
    plan.must_be_as_drawn(plan.stamp, other)


# Days


async def three_days(desk):
    first = a_plan(desk.clock.now).sessions[0]
    days = [_later(first, 7 * n) for n in range(3)]
    training = await given_announced(desk, sessions=tuple(days))
    return training, {each.starts_at: each.id for each in training.plan.sessions}


def _later(session: Session, days: float, hours: float = 0) -> Session:
    by = timedelta(days=days, hours=hours)
    return Session(session.starts_at + by, session.ends_at + by)


async def test_a_day_that_moves_behind_the_others_takes_its_id_with_it(desk):
    training, ids = await three_days(desk)
    first, second, third = sorted(training.plan.sessions)
    (part,) = await joined(desk, training, "U_TAKAGI")
    organizer = await desk.actor(ORGANIZER)
    await rosters.mark(desk.bot.desk, organizer, part.id, first.id, Attendance.EXCUSED)
    late = _later(first, 28)

    moved = await move(desk, training, sessions=(_later(second, 0), _later(third, 0), late))

    found = {each.starts_at: each.id for each in moved.plan.sessions}
    assert found[second.starts_at] == ids[second.starts_at]
    assert found[third.starts_at] == ids[third.starts_at]
    assert found[late.starts_at] == ids[first.starts_at]
    async with desk.db.reading() as ask:
        assert [each.session for each in await ask.participations.marks_of(part.id)] == [first.id]
        assert await ask.trainings.removed_sessions(training.id) == []


async def test_days_keep_their_ids_by_time_then_by_beginning_then_in_their_order(sqlite_desk):
    desk = sqlite_desk
    training, ids = await three_days(desk)
    first, second, third = sorted(training.plan.sessions)
    longer = Session(second.starts_at, second.ends_at + timedelta(hours=1))

    one_less = await move(desk, training, sessions=(longer, _later(third, 0)))
    assert {each.starts_at: each.id for each in one_less.plan.sessions} == {
        second.starts_at: ids[second.starts_at],
        third.starts_at: ids[third.starts_at],
    }
    both = await move(desk, training, sessions=(_later(second, 1), _later(third, 1)))
    assert [each.id for each in sorted(both.plan.sessions)] == [
        ids[second.starts_at], ids[third.starts_at],
    ]  # fmt: skip
    async with desk.db.reading() as ask:
        assert [each.id for each in await ask.trainings.removed_sessions(training.id)] == [first.id]


# When it is over


async def test_a_link_that_was_wrong_can_be_taken_away_when_it_is_over(desk):
    given = a_plan(desk.clock.now).words
    training = await given_announced(desk, words={**given, "materials": "https://wrong.example"})
    await joined(desk, training, "U_TAKAGI")
    await until(desk, "12-09 10:00")
    await opens(desk.kondo, training)

    await desk.kondo.fills_and_sends(materials="")

    assert (await now(desk, training)).plan.words == given  # everything else stays, and the title


async def test_the_title_stays_what_it_was_when_it_is_over(sqlite_desk):
    """The control: that it was held under this name is on papers."""
    desk = sqlite_desk
    training = await given_announced(desk)
    await until(desk, "12-09 10:00")

    changed = await move(desk, training, words={**training.plan.words, "title": "別の名前", "contact": "県"})

    assert changed.title == training.title
    assert changed.plan.words["contact"] == "県"


async def test_minutes_are_not_announced_again_by_another_link_months_later(desk):
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    await until(desk, "12-09 10:00")
    await move(desk, training, private={"minutes": "https://example.com/minutes"})
    assert len(await told_of_minutes(desk)) == 1
    await desk.passes(days=120)
    async with desk.db.transaction(await desk.actor(ORGANIZER)) as tx:  # as the broom does after 90 days
        tx.connection.later("DELETE FROM outbox WHERE template = 'minutes_ready'", {})

    words = (await now(desk, training)).plan.words
    await move(desk, training, words={**words, "materials": "https://example.com/papers"})

    assert len(await told_of_minutes(desk)) == 1
    assert await said(desk, "minutes_ready") == []


async def told_of_minutes(desk) -> list[str]:
    return [each for each in await desk.takagi.texts() if "当日の記録ができました" in each]


async def test_minutes_that_are_there_for_the_first_time_are_told(sqlite_desk):
    """The control: late, but the first time."""
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    await until(desk, "12-09 10:00")
    await desk.passes(days=120)

    await move(desk, training, private={"minutes": "https://example.com/minutes"})

    assert len(await told_of_minutes(desk)) == 1


# What is announced by itself


async def scheduled(desk, **changes):
    made = await given_draft(desk)
    organizer = await desk.actor(ORGANIZER)
    at = desk.clock.now + timedelta(days=5)
    waits = await trainings.announce(desk.bot.desk, organizer, made.id, [TRAINING], at)
    wanted = replace(waits.plan, **changes)
    await trainings.plan(desk.bot.desk, organizer, wanted, training_id=made.id)
    await desk.settle()
    return made


async def test_what_nobody_could_join_any_more_is_a_draft_again_and_the_organizer_hears(desk):
    training = await scheduled(desk, deadline=desk.clock.now + timedelta(days=2))

    await desk.passes(days=5, minutes=1)
    await desk.passes(days=1)

    back = await now(desk, training)
    assert (back.stage, back.announce_at) == (Stage.DRAFT, None)
    assert training.title not in await desk.takagi.reads(TRAINING)
    assert (await desk.kondo.reads()).count(NOT_ANNOUNCED) == 1


async def test_what_can_still_be_joined_is_announced(sqlite_desk):
    """The control."""
    desk = sqlite_desk
    training = await scheduled(desk, deadline=desk.clock.now + timedelta(days=6))

    await desk.passes(days=5, minutes=1)

    assert (await now(desk, training)).stage is Stage.ANNOUNCED
    assert training.title in await desk.takagi.reads(TRAINING)
    assert NOT_ANNOUNCED not in await desk.kondo.reads()


# Copied


async def test_a_copy_has_everything_but_days_deadline_address_and_minutes(sqlite_desk):
    desk = sqlite_desk
    words = {**a_plan(desk.clock.now).words, "materials": "当日お配りします"}
    private = {"online": "https://meet.example", "minutes": "https://example.com/minutes"}
    training = await given_announced(desk, words=words, private=private)

    draft = await trainings.copy(desk.bot.desk, await desk.actor(ORGANIZER), training.id, once="copy")

    assert draft.plan == replace(training.plan, sessions=(), deadline=None, private={})
    assert draft.plan.words == words
