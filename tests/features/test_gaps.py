"""社会資源の不足: noted by kind, counted once for each consultation, and nobody can be found in the sums."""

from dataclasses import replace

import pytest

from bot import codes
from bot.domain.refusals import NotAllowed, NotFound, NotYourRole, TooLate
from bot.domain.review import NotInvited
from bot.organisation import load
from bot.privacy.suppression import Hidden
from bot.reports.gaps import lacking
from bot.store.gaps import Summed
from bot.usecases import closing, gaps
from tests.review_papers import given_held, given_sitting
from tests.reviews import PSY, review_of

HIKONE, NAGAHAMA = "252026", "252034"  # 湖東, 湖北


async def noted(desk, number, *kinds, source="review"):
    async with desk.db.transaction(await desk.actor("U_SATO")) as tx:
        await gaps.note(tx, await tx.consultations.numbered(number), kinds, source)


async def summed(desk, year=2026):
    async with desk.db.reading() as ask:
        return await ask.gaps.summed(year)


async def test_what_was_lacking_is_noted_in_the_hearing_and_at_the_end_and_counts_once(desk):
    number = await desk.given_claimed(municipality=HIKONE)
    await desk.sato.presses("details.open", await desk.id_of(number), where="C_CALLBACKS")
    await desk.sato.presses("hearing.open", where="view")
    await desk.sato.fills_and_sends(
        lacking=["place_to_be", "pets"], next_action="電話でようすをうかがう", next_on="2026-12-08",
        formulation="疲れがたまっているようです。", advice="休める場をさがす。",
    )  # fmt: skip
    assert await summed(desk) == {("koto", "place_to_be"): 1, ("koto", "pets"): 1}

    await desk.sato.presses("closing.open", where="view")
    await desk.sato.fills_and_sends(primary="advice_closed", reason="resolved", lacking=["pets", "transport"])

    assert await summed(desk) == {("koto", "place_to_be"): 1, ("koto", "pets"): 1, ("koto", "transport"): 1}
    assert (await desk.trail(number)).count("gap.noted") == 2


async def test_noting_it_again_changes_nothing_and_codes_of_nobody_are_left_out(desk):
    number = await desk.given_waiting(municipality=HIKONE)
    await noted(desk, number, "pets", "pets", "an_elephant")
    await noted(desk, number, "pets", source="activity")

    assert await summed(desk) == {("koto", "pets"): 1}
    assert (await desk.trail(number)).count("gap.noted") == 1
    with pytest.raises(codes.NoSuchCode):
        await noted(desk, number, "pets", source="somewhere")


async def test_what_was_merged_or_withdrawn_does_not_count(desk):
    first, second = (
        await desk.given_waiting(municipality=HIKONE),
        await desk.given_waiting(municipality=HIKONE),
    )
    third = await desk.given_waiting(municipality=NAGAHAMA)
    for number in (first, second, third):
        await noted(desk, number, "pets")
    assert await summed(desk) == {("koto", "pets"): 2, ("kohoku", "pets"): 1}

    boss = await desk.actor("U_YAMAMOTO")
    await closing.merge(desk.bot.desk, boss, await desk.id_of(second), first)
    await closing.withdraw(desk.bot.desk, boss, await desk.id_of(third))

    assert await summed(desk) == {("koto", "pets"): 1}


async def test_what_was_merged_counts_with_what_it_was_merged_into_once(desk):
    first, second = await desk.given_waiting(municipality=HIKONE), await desk.given_waiting()
    await noted(desk, first, "pets")
    await noted(desk, second, "pets", "transport")  # its region was not known
    boss = await desk.actor("U_YAMAMOTO")

    await closing.merge(desk.bot.desk, boss, await desk.id_of(second), first)
    assert await summed(desk) == {("koto", "pets"): 1, ("koto", "transport"): 1}

    await closing.unmerge(desk.bot.desk, boss, await desk.id_of(second))
    assert await summed(desk) == {("koto", "pets"): 1, ("", "pets"): 1, ("", "transport"): 1}


async def test_where_it_lacks_is_known_later_too(desk):
    number = await desk.given_claimed()
    await noted(desk, number, "pets")
    assert await summed(desk) == {("", "pets"): 1}

    async with desk.db.transaction(await desk.actor("U_SATO")) as tx:
        c = await tx.consultations.numbered(number)
        await tx.consultations.move(c, replace(c, municipality=HIKONE, region="koto"))

    assert await summed(desk) == {("koto", "pets"): 1}


async def test_what_was_ticked_by_mistake_is_taken_back_and_what_others_noted_meanwhile_stays(desk):
    number = await desk.given_heard()
    await noted(desk, number, "pets", "money")
    await desk.sato.presses("details.open", await desk.id_of(number), where="C_CALLBACKS")
    await desk.sato.presses("gaps.case", where="view")
    await noted(desk, number, "transport")  # by somebody else

    await desk.sato.fills_and_sends(lacking=["money", "shelter"])

    assert await summed(desk) == {("", "money"): 1, ("", "shelter"): 1, ("", "transport"): 1}
    assert (await desk.trail(number)).count("gap.taken_back") == 1
    await desk.sato.presses("gaps.case", where="view")
    await desk.sato.fills_and_sends()  # sent as it stood: nothing changes
    assert (await desk.trail(number)).count("gap.taken_back") == 1
    assert await summed(desk) == {("", "money"): 1, ("", "shelter"): 1, ("", "transport"): 1}


async def test_who_has_nothing_to_do_with_it_notes_nothing(desk):
    number, other = await desk.given_heard(), await desk.given_heard("U_MORI")
    it = await desk.id_of(number)
    for person in ("U_MORI", "U_TAKAGI", "U_HAYASHI"):
        with pytest.raises(NotAllowed):
            await gaps.of_case(desk.bot.desk, await desk.actor(person), it)
        with pytest.raises(NotAllowed):
            await gaps.mend(desk.bot.desk, await desk.actor(person), it, ["pets"], before=[])
    await gaps.mend(desk.bot.desk, await desk.actor("U_SATO"), it, ["pets"], before=[])  # the control
    assert await summed(desk) == {("", "pets"): 1}

    boss = await desk.actor("U_YAMAMOTO")
    await closing.merge(desk.bot.desk, boss, it, other)
    with pytest.raises(TooLate):
        await gaps.mend(desk.bot.desk, boss, it, ["money"], before=["pets"])
    assert await summed(desk) == {("", "pets"): 1}


async def test_it_is_noted_after_a_visit_and_at_the_record_of_a_review(desk):
    review = await given_sitting(desk)
    await given_held(desk, review)
    it = (await review_of(desk, review)).consultation
    await desk.sato.presses_anyway("details.open", it)
    await desk.sato.presses("activity.open", where="view")
    await desk.sato.fills_and_sends(
        type="interview", happened_on="2026-11-24", next_action="電話でようすをうかがう", next_on="2026-12-08",
        lacking=["night_watch"],
    )  # fmt: skip
    await desk.sato.close(clear=True)
    assert await summed(desk) == {("", "night_watch"): 1}

    await desk.sato.presses_anyway("notes.open", review)
    await desk.sato.presses("gaps.case", where="view")
    await desk.sato.fills_and_sends(lacking=["night_watch", "interpreter"])
    assert await summed(desk) == {("", "night_watch"): 1, ("", "interpreter"): 1}
    rows = await desk.rows("SELECT kind, source FROM gaps ORDER BY kind")
    assert [(row["kind"], row["source"]) for row in rows] == [
        ("interpreter", "review"), ("night_watch", "activity"),
    ]  # fmt: skip

    other = await desk.id_of(await desk.given_heard("U_MORI"))
    with pytest.raises(NotInvited):  # who sits and does not write
        await gaps.of_case(desk.bot.desk, await desk.actor(PSY), it, review)
    with pytest.raises(NotFound):  # a review is the way to its own case alone
        await gaps.of_case(desk.bot.desk, await desk.actor("U_SATO"), other, review)


async def test_it_counts_in_the_fiscal_year_in_which_it_was_noted(desk):
    desk.clock.now = desk.clock.now.replace(year=2027, month=3, day=31, hour=14, minute=50)  # 23:50 in Otsu
    number, other = await desk.given_waiting(), await desk.given_waiting()
    await noted(desk, number, "shelter")
    desk.clock.advance(minutes=20)
    await noted(desk, other, "shelter")
    await noted(desk, number, "shelter")

    assert await summed(desk, 2026) == {("", "shelter"): 1}
    assert await summed(desk, 2027) == {("", "shelter"): 1}


async def test_sums_are_for_coordinators_and_organizers(sqlite_desk):
    desk = sqlite_desk
    for person in ("U_YAMAMOTO", "U_KONDO"):
        await gaps.of_year(desk.bot.desk, await desk.actor(person))
    for person in ("U_SATO", "U_TANAKA", "U_TAKAGI", "U_ADMIN"):
        with pytest.raises(NotYourRole):
            await gaps.of_year(desk.bot.desk, await desk.actor(person))
    with pytest.raises(NotFound):
        await gaps.of_year(desk.bot.desk, await desk.actor("U_KONDO"), 2024)
    await desk.sato.open_home()
    assert not await desk.sato.has("gaps.open", where="home")


async def test_an_organizer_makes_a_topic_of_it_and_a_coordinator_a_list(desk):
    for _ in range(6):
        await noted(desk, await desk.given_waiting(settled=False, municipality=HIKONE), "place_to_be")
    for _ in range(2):
        await noted(desk, await desk.given_waiting(settled=False, municipality=NAGAHAMA), "pets", "money")
    await desk.settle()

    await desk.kondo.open_home()
    await desk.kondo.presses("gaps.open", where="home")
    shown = await desk.kondo.reads("view")
    assert "・居場所　6" in shown
    assert "・ペットの預かり先　2" not in shown
    view = await desk.kondo.top_view()
    (menu,) = [
        part for each in view["blocks"] for part in [*each.get("elements", ()), each.get("accessory")]
        if part and part.get("action_id") == "gaps.topic"
    ]  # fmt: skip
    assert "koto.place_to_be" in [each["value"] for each in menu["options"]]
    await desk.kondo.press("gaps.topic", view_id=view["id"], choice="koto.place_to_be")
    await desk.settle()

    view = await desk.kondo.top_view()
    assert view["callback_id"] == "training.submit"
    shown = await desk.kondo.reads("view")
    assert "居場所を考える研修会" in shown
    regions = [
        each["element"]
        for each in view["blocks"]
        if (each.get("element") or {}).get("action_id") == "regions"
    ]
    assert [each["value"] for each in regions[0]["initial_options"]] == ["koto"]

    await desk.yamamoto.open_home()
    await desk.yamamoto.presses("gaps.open", where="home")
    assert not await desk.yamamoto.has("gaps.topic", where="view")
    await desk.yamamoto.presses("gaps.prefecture", where="view")
    listed = await desk.yamamoto.reads("view")
    assert "1　湖東圏域｜居場所｜6" in listed
    await desk.yamamoto.close()
    await desk.yamamoto.presses("gaps.year", "2025", where="view")
    assert "令和7年度に足りなかったもの" in await desk.yamamoto.reads("view")


def test_small_numbers_are_hidden_with_what_gives_them_away():
    there = load()
    few = lacking(Summed(2026, 2026, {("koto", "pets"): 3}), there)
    assert few.covered and few.lines == () and few.total is Hidden.FEW

    cells = {("koto", "pets"): 3, ("otsu", "pets"): 9, ("otsu", "money"): 20}
    shown = {
        (each.region, each.kind): each.number for each in lacking(Summed(2026, 2026, cells), there).lines
    }
    assert shown[("koto", "pets")] is Hidden.COVERED
    assert shown[("otsu", "pets")] is Hidden.COVERED  # or whoever has the total has the other
    assert shown[("otsu", "money")] == 20

    plain = lacking(Summed(2026, 2026, {("otsu", "pets"): 9}), there)  # the control
    assert [each.number for each in plain.lines] == [9]
    assert lacking(Summed(2026, 2026, {}), there).lines == ()
