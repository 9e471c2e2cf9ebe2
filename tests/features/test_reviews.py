"""ケース検討会: convened from a consultation, in windows; who can be asked, and who cannot."""

from dataclasses import replace

import pytest

from bot.domain.casework import Contact
from bot.domain.directory import Agency
from bot.domain.refusals import NotAllowed
from bot.domain.review import NotChoosable, Purpose, Stage
from bot.domain.staff import THE_CLOCK, Role
from bot.usecases import closing, people, reviews
from tests.features.test_expiry import FIVE_YEARS_ON, until_swept
from tests.reviews import (
    ACADEMIC,
    CONVENER,
    PLAN,
    PSY,
    answers,
    at,
    before,
    board,
    chooses,
    fixes,
    given_experts,
    given_fixed,
    given_people,
    given_poll,
    given_review,
    invited,
    review_of,
    stated,
)

ENDING = closing.Closing(("advice_closed",), "advice_closed", "resolved", "またどうぞ。")


async def test_a_coordinator_convenes_chooses_people_and_asks_for_times(desk):
    await given_experts(desk)
    number = await desk.given_heard("U_SATO")
    yamamoto = desk.yamamoto

    await yamamoto.open_home()
    await yamamoto.presses("review.new", where="home")
    await yamamoto.fills_and_sends(number=number.replace("R8", "ｒ８"))
    view = await before(yamamoto)
    assert "PCAGIP" in view
    await yamamoto.fills_and_sends(
        question="どう声をかけるとよいか", format="pcagip", minutes="60", how="onsite", place="会議室",
        quorum="psy_academic", apart=["agency", "municipality"],
    )  # fmt: skip
    await chooses(yamamoto, "review.seat", f"{PSY}/required")
    await chooses(yamamoto, "review.seat", f"{ACADEMIC}/optional")
    await chooses(yamamoto, "review.role", f"{PSY}/adviser")
    await yamamoto.presses("review.slots", where="view")
    view = await yamamoto.top_view()
    boxes = next(each for each in view["blocks"] if each.get("element", {}).get("action_id") == "slots")
    assert 1 <= len(boxes["element"]["options"]) <= 10
    await yamamoto.fills_and_sends(deadline_on="2026-11-26", deadline_at="12:00")

    assert "3人のうち0人から" in await before(yamamoto)
    assert "助言者" in await desk.hayashi.reads()
    assert "都合を答える" not in await desk.mori.reads()
    said = [each for each in await desk.trail(number) if each.startswith("review.")]
    assert said == ["review.convened", *["review.seated"] * 3, "review.polled"]


async def test_the_holder_asks_for_one_and_the_coordinators_hear_of_it_once(desk):
    number = await desk.given_heard("U_SATO")
    sato = desk.sato
    await sato.open_home()
    await sato.presses("details.open", where="home")

    await sato.presses("review.want", where="view")
    await sato.presses("review.want", where="view")

    said = await desk.yamamoto.reads("C_COORD")
    assert said.count("ケース検討会をひらきたい") == 1
    await desk.yamamoto.presses("review.convene", where="C_COORD")
    assert number in await before(desk.yamamoto)


async def test_only_coordinators_convene_and_only_the_holder_asks(sqlite_desk):
    number = await sqlite_desk.given_heard("U_SATO")
    about = await sqlite_desk.id_of(number)
    for person in ("U_SATO", "U_MORI", "U_TANAKA"):
        with pytest.raises(NotAllowed):
            await reviews.question_from(sqlite_desk.bot.desk, await sqlite_desk.actor(person), about)
    for person in ("U_MORI", CONVENER):
        with pytest.raises(NotAllowed):
            await reviews.want(sqlite_desk.bot.desk, await sqlite_desk.actor(person), about)


async def test_the_question_is_drawn_without_anybody_in_it(sqlite_desk):
    number = await sqlite_desk.given_heard("U_SATO")
    async with sqlite_desk.db.transaction(await sqlite_desk.actor("U_SATO")) as tx:
        await tx.casework.write(
            await sqlite_desk.id_of(number), "story", "2026年3月に山田花子さんが訪問を断りました。"
        )

    drawn = await reviews.question_from(
        sqlite_desk.bot.desk, await sqlite_desk.actor(CONVENER), await sqlite_desk.id_of(number)
    )

    assert "断りました" in drawn
    assert "山田" not in drawn
    assert "2026" not in drawn


async def test_a_name_in_the_question_comes_back_masked(sqlite_desk):
    number = await sqlite_desk.given_heard("U_SATO")
    yamamoto = sqlite_desk.yamamoto
    await yamamoto.open_home()
    await yamamoto.presses("review.new", where="home")
    await yamamoto.fills_and_sends(number=number)
    await yamamoto.fills_and_sends(question="山田花子さんにどう会うか")
    assert "山田" not in (await yamamoto.top_view())["blocks"][-1].get("element", {}).get("initial_value", "")
    await yamamoto.fills_and_sends()

    [review] = await _of(sqlite_desk, number)
    assert "山田" not in (await board(sqlite_desk, review.id)).review.plan.question


async def _of(desk, number):
    async with desk.db.reading() as ask:
        return await ask.reviews.of_consultation(await desk.id_of(number))


async def test_nobody_of_the_cases_town_or_agency_can_be_asked(desk):
    await given_experts(desk)
    await stated(desk, PSY, municipalities=("252069",))
    review = await given_review(desk, municipality="252069")

    conflicts = {each.staff: each.conflict for each in (await board(desk, review)).members}
    assert conflicts[PSY] == "municipality"
    assert conflicts[ACADEMIC] is None  # the control
    with pytest.raises(NotChoosable):
        await given_people(desk, review, optional=(PSY,))
    assert PSY not in await invited(desk, review)

    await desk.yamamoto.open_home()
    await desk.yamamoto.presses("review.people", where="home")
    said = await before(desk.yamamoto)
    assert "この事例と同じ市町の方です" in said


async def test_pressed_twice_convenes_once(desk):
    await given_experts(desk)
    review = await given_review(desk)
    assert (await board(desk, review)).review.stage is Stage.PLANNED
    [seat] = (await board(desk, review)).there
    assert (seat.staff, seat.role, seat.required) == ("U_SATO", "presenter", True)


# Homes


async def test_a_home_tells_what_one_is_asked_and_when_one_comes_and_the_next_step(sqlite_desk):
    await given_experts(sqlite_desk)
    review = await given_poll(sqlite_desk)
    await sqlite_desk.hayashi.open_home()
    home = await sqlite_desk.hayashi.reads("home")
    assert "検討会のお願い" in home
    assert "都合を答える" in home
    await sqlite_desk.yamamoto.open_home()
    assert "3人のうち0人がお返事ずみ" in await sqlite_desk.yamamoto.reads("home")
    await sqlite_desk.nishi.open_home()
    assert "ケース検討会" not in await sqlite_desk.nishi.reads("home")  # the control: was not asked

    for person in await invited(sqlite_desk, review):
        await answers(sqlite_desk, review, person, "○○")
    await sqlite_desk.yamamoto.presses("review.open", where="home")
    await sqlite_desk.yamamoto.presses("review.fix", where="view")

    await sqlite_desk.hayashi.open_home()
    home = await sqlite_desk.hayashi.reads("home")
    assert "12月3日(木) 10時〜11時30分" in home
    assert "都合を答える" not in home
    await sqlite_desk.hayashi.presses("review.decline", where="home")
    await sqlite_desk.hayashi.open_home()
    assert "ケース検討会" not in await sqlite_desk.hayashi.reads("home")


async def test_whose_roles_are_gone_sees_nothing_on_their_home(sqlite_desk):
    await given_experts(sqlite_desk)
    await given_poll(sqlite_desk)
    await people.revoke(sqlite_desk.bot.desk, THE_CLOCK, PSY, Role.EXPERT_PSY)
    await sqlite_desk.hayashi.open_home()
    assert "ケース検討会" not in await sqlite_desk.hayashi.reads("home")


# When its consultation is destroyed


async def test_nothing_that_was_typed_outlives_its_consultation_and_the_hours_stay(desk):
    await given_experts(desk)
    review = await given_poll(desk)
    for person in await invited(desk, review):
        await answers(desk, review, person, "○○", "会議のあとで")
    await fixes(desk, review, 0)
    kept = await review_of(desk, review)
    actor = await desk.actor("U_SATO")
    await closing.close(desk.bot.desk, actor, kept.consultation, ENDING)
    await until_swept(desk, FIVE_YEARS_ON)

    [row] = await desk.rows("SELECT * FROM reviews")
    assert row["words_sealed"] is None
    assert row["stage"] == "held"
    assert {each["note_sealed"] for each in await desk.rows("SELECT note_sealed FROM review_answers")} == {
        None
    }
    assert await desk.rows("SELECT key FROM outbox WHERE subject LIKE :s", s=f"{review}/%") == []
    assert len(await desk.rows("SELECT * FROM review_people WHERE part = 'chosen'")) == 3


async def test_who_sat_much_this_year_is_chosen_after_who_sat_less(desk):
    await given_experts(desk, U_MORI=Role.EXPERT_PSY)
    first = await given_fixed(desk, optional=(PSY, ACADEMIC))
    assert first
    plan = replace(PLAN, budget=0)
    await stated(desk, PSY, honorarium=0)
    review = await given_poll(desk, starts=(at(8),), plan=plan, optional=(PSY, "U_MORI", ACADEMIC))
    for person in await invited(desk, review):
        await answers(desk, review, person, "○")
    [choice] = (await board(desk, review)).ranked
    assert "U_MORI" in choice.chosen
    assert choice.welcome == (PSY,)


async def test_who_has_sat_as_often_as_they_wish_is_not_asked(sqlite_desk):
    await given_experts(sqlite_desk)
    await stated(sqlite_desk, PSY, most=1)
    await given_fixed(sqlite_desk)
    review = await given_review(sqlite_desk)
    conflicts = {each.staff: each.conflict for each in (await board(sqlite_desk, review)).members}
    assert conflicts[PSY] == "full"
    assert conflicts[ACADEMIC] is None


async def test_an_agency_is_known_by_its_name(sqlite_desk):
    await given_experts(sqlite_desk)
    async with sqlite_desk.db.transaction(await sqlite_desk.actor(CONVENER)) as tx:
        await tx.agencies.keep(Agency("a1", "みずうみ支援センター", "chiiki_hokatsu", "252069"))
    await stated(sqlite_desk, PSY, agency="a1")
    contact = Contact(phone="090-1234-5678", agency="みずうみ支援センター 相談係")
    review = await given_review(sqlite_desk, contact=contact)
    conflicts = {each.staff: each.conflict for each in (await board(sqlite_desk, review)).members}
    assert conflicts[PSY] == "agency"
    assert conflicts[ACADEMIC] is None


async def test_one_that_was_never_held_ends_with_its_consultation(desk):
    await given_experts(desk)
    review = await given_review(desk)
    kept = await review_of(desk, review)
    await closing.close(desk.bot.desk, await desk.actor("U_SATO"), kept.consultation, ENDING)
    await until_swept(desk, FIVE_YEARS_ON)
    await desk.ask_the_clock()

    [row] = await desk.rows("SELECT * FROM reviews")
    assert (row["words_sealed"], row["stage"]) == (None, "cancelled")
    await desk.yamamoto.open_home()
    assert kept.id not in str(await desk.yamamoto.top_view())


# What the windows tell


async def test_who_convenes_is_told_of_another_one_that_is_open(sqlite_desk):
    number = await sqlite_desk.given_heard("U_SATO")
    for already in (False, True):
        await sqlite_desk.yamamoto.open_home()
        await sqlite_desk.yamamoto.presses("review.new", where="home")
        await sqlite_desk.yamamoto.fills_and_sends(number=number)
        assert ("もう 準備中 の検討会があります" in await before(sqlite_desk.yamamoto)) is already
        await sqlite_desk.yamamoto.fills_and_sends(question="どう声をかけるとよいか")


async def test_what_cannot_be_looked_at_is_said(sqlite_desk):
    await given_experts(sqlite_desk)
    await stated(sqlite_desk, ACADEMIC, agency=None, municipalities=("252018",))
    await given_review(sqlite_desk, municipality=None)
    await sqlite_desk.yamamoto.open_home()
    await sqlite_desk.yamamoto.presses("review.people", where="home")
    said = await before(sqlite_desk.yamamoto)
    assert "ご相談の市町が分かりません" in said
    assert "所属と市町がまだ書かれていません" in said


async def test_who_came_too_near_after_being_asked_is_marked_and_fails_the_slot(sqlite_desk):
    await given_experts(sqlite_desk)
    review = await given_poll(sqlite_desk, required=(PSY,), optional=(ACADEMIC,))
    for person in await invited(sqlite_desk, review):
        await answers(sqlite_desk, review, person, "○○")
    plan = (await review_of(sqlite_desk, review)).plan
    await stated(sqlite_desk, PSY, ways=("online",))
    await reviews.change(
        sqlite_desk.bot.desk,
        await sqlite_desk.actor(CONVENER),
        review,
        replace(plan, online=False, place="別館"),
    )
    await sqlite_desk.yamamoto.open_home()
    await sqlite_desk.yamamoto.presses("review.open", where="home")
    said = await before(sqlite_desk.yamamoto)
    assert "さんには、お願いできなくなりました（この集まり方では難しいとのことです）" in said


async def test_a_review_of_advice_is_called_so(sqlite_desk):
    await given_experts(sqlite_desk)
    await given_poll(sqlite_desk, plan=replace(PLAN, purpose=Purpose.ADVICE))
    said = await sqlite_desk.hayashi.reads()
    assert "アドバイス内容の検討会（R8-" in said
    assert "ケース検討会" not in said


async def test_a_number_nobody_has_is_said_on_its_field_and_a_known_one_however_it_was_typed(sqlite_desk):
    number = await sqlite_desk.given_heard("U_SATO")
    yamamoto = sqlite_desk.yamamoto
    await yamamoto.open_home()
    await yamamoto.presses("review.new", where="home")

    answer = await yamamoto.fills_and_sends(number="R8-9999")
    assert "見つかりませんでした" in await yamamoto.refused(answer)

    wide = number.replace("R", "ｒ").replace("-", "－").replace("0", "０")
    await yamamoto.fills_and_sends(number=f" {wide} ")
    view = await yamamoto.top_view()
    assert view["callback_id"] == "review.submit"
