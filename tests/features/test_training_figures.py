"""Figures for the report: counted by what their definitions say, and nobody can be found in them."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from bot.domain.certificate import fiscal_bounds
from bot.domain.refusals import NotFound, NotYourRole
from bot.domain.seats import Attendance, Mark
from bot.domain.staff import Actor
from bot.domain.training import Session
from bot.organisation import EXAMPLE, load
from bot.privacy.suppression import Hidden
from bot.reports.figures import report
from bot.store.feedback import Said
from bot.store.training_figures import Figures
from bot.usecases import figures, seats, trainings
from tests.trainings import ORGANIZER, given_announced, now

HERE = Attendance.ATTENDED
HIKONE, OTSU = "252026", "252018"


async def joins(desk, training, person, **codes):
    return await seats.join(desk.bot.desk, Actor(person), training.id, seats.Joining(**codes))


async def marks(desk, training, part, status, session=0):
    training = await now(desk, training)
    each = sorted(training.plan.sessions)[session]
    async with desk.db.transaction(await desk.actor(ORGANIZER)) as tx:
        mark = Mark(part.id, each.id, status, each.minutes, "roster", tx.now, ORGANIZER)
        await tx.participations.mark(mark)


async def ends(desk, training):
    """It is over, and noted as held."""
    desk.clock.now = (await now(desk, training)).plan.ends_at + timedelta(minutes=1)
    await desk.ask_the_clock()


async def counted(desk, year=2026):
    async with desk.db.reading() as ask:
        return await ask.training_figures.of_year(year)


async def test_each_figure_counts_what_its_definition_says(desk):
    first = await given_announced(desk, kind="workshop")
    koto = {"supporter_field": "elderly", "occupation": "care_manager", "municipality": HIKONE}
    parts = [await joins(desk, first, f"U_P{n}", **koto) for n in range(4)]
    for part, status in zip(
        parts, (HERE, Attendance.PARTIAL, Attendance.ABSENT, Attendance.EXCUSED), strict=True
    ):
        await marks(desk, first, part, status)
    await ends(desk, first)
    meeting = await given_announced(desk, kind="municipal_meeting", words={"title": "担当者会議"})
    for person, place in (("U_P0", HIKONE), ("U_P9", OTSU)):
        await joins(desk, meeting, person, municipality=place)
    await ends(desk, meeting)  # nobody was marked: both had a seat
    off = await given_announced(desk, kind="exchange")
    await joins(desk, off, "U_P5")
    await trainings.cancel(desk.bot.desk, await desk.actor(ORGANIZER), off.id, "weather")
    to_come = await given_announced(desk)
    await joins(desk, to_come, "U_P6")

    found = await counted(desk)

    assert found.trainings == found.sessions == {"workshop": 1, "municipal_meeting": 1}
    assert (found.participants, found.people) == (4, 3)
    assert found.fields == {"elderly": 3, "": 1}  # what U_P0 said the first time is known the second
    assert found.occupations == {"care_manager": 3, "": 1}
    assert found.municipalities == {HIKONE: 1, OTSU: 1}
    assert found.regions == {"koto": 2}
    assert (found.satisfaction, found.practice) == ({}, {})


async def test_a_training_counts_in_the_year_in_which_it_began_in_tokyo(desk):
    desk.clock.now = desk.clock.now.replace(year=2027, month=3, day=1)
    since, _ = fiscal_bounds(2027)
    evening = Session(since - timedelta(hours=2), since - timedelta(hours=1))  # 31 March, 22:00 in Otsu
    morning = Session(since, since + timedelta(hours=1))  # 1 April, midnight
    for sessions in ((evening,), (evening, morning), (morning,)):
        training = await given_announced(desk, sessions=sessions, deadline=None)
        await joins(desk, training, "U_P1")
    desk.clock.now = since + timedelta(days=2)
    await desk.ask_the_clock()

    old, new = await counted(desk, 2026), await counted(desk, 2027)

    assert (old.trainings, old.sessions, old.participants, old.people) == (
        {"workshop": 2},
        {"workshop": 3},
        2,
        1,
    )
    assert (new.trainings, new.participants) == ({"workshop": 1}, 1)
    assert (await counted(desk, 2025)).trainings == {}


async def test_satisfaction_leaves_out_trainings_with_fewer_than_five_answers(desk):
    many, few = await given_announced(desk), await given_announced(desk)
    for training, people in ((many, 6), (few, 4)):
        for n in range(people):
            await joins(desk, training, f"U_P{n}")
    await ends(desk, few)
    async with desk.db.transaction(Actor("test")) as tx:
        for n in range(6):
            await tx.feedback.give(many.id, f"U_P{n}", Said("5" if n else None))
        for n in range(4):
            await tx.feedback.give(few.id, f"U_P{n}", Said("1"))

    assert (await counted(desk)).satisfaction == {"5": 5}


def some(**changes):
    nothing = {name: {} for name in Figures.__dataclass_fields__}
    return Figures(**{**nothing, "fiscal_year": 2026, "participants": 0, "people": 0, **changes})


def section(told, name):
    (found,) = [each for each in told.sections if each.name == name]
    return found


@pytest.fixture
def organisation():
    return load(EXAMPLE)


def test_small_cells_are_hidden_with_what_would_give_them_away(organisation):
    told = report(
        some(participants=62, fields={"elderly": 40, "disability": 20, "children": 2}, people=3), organisation
    )

    fields = section(told, "fields")
    assert [number for _, number in fields.cells] == [40, Hidden.COVERED, Hidden.COVERED]
    assert (fields.total, told.participants, told.people) == (62, 62, Hidden.FEW)


def test_where_all_is_small_nothing_is_listed(organisation):
    fields = section(report(some(fields={"elderly": 3, "": 2}), organisation), "fields")

    assert (fields.cells, fields.covered, fields.total) == ((), True, 5)


def test_large_numbers_are_shown_in_the_order_of_the_list_what_was_not_said_last(organisation):
    told = report(some(fields={"": 30, "gone_code": 9, "disability": 12, "elderly": 40}), organisation)

    names = [name for name, _ in section(told, "fields").cells]
    assert names[-1] == "わからない"
    assert names[-2] == "gone_code"
    assert [number for _, number in section(told, "fields").cells] == [40, 12, 9, 30]


@pytest.mark.parametrize(
    ("regions", "municipalities", "apart"),
    [
        ({"koto": 5}, {HIKONE: 1}, False),
        ({"koto": 30, "kohoku": 20}, {HIKONE: 2}, False),
        ({"koto": 2}, {HIKONE: 30}, False),
        ({"koto": 30}, {HIKONE: 5}, True),  # the controls: nothing small, or nothing to subtract
        ({"koto": 30}, {}, True),
    ],
)
def test_no_small_number_is_what_one_total_leaves_of_another(organisation, regions, municipalities, apart):
    everybody = sum(regions.values()) + sum(municipalities.values())
    counts = {"regions": regions, "municipalities": municipalities, "fields": {"elderly": everybody}}
    told = report(some(participants=everybody, people=everybody, **counts), organisation)

    tables = [section(told, name) for name in ("regions", "municipalities")]
    assert told.participants == everybody
    assert [isinstance(each.total, int) for each in tables] == [apart, apart]
    if not apart:
        assert [each.cells for each in tables] == [(), ()]


async def test_organizers_see_this_year_and_the_last_and_have_it_as_a_file(desk):
    training = await given_announced(desk)
    for n in range(7):
        await joins(desk, training, f"U_P{n}", supporter_field="elderly" if n else "children")
    await ends(desk, training)

    await desk.kondo.presses_anyway("figures.open")
    seen = await desk.kondo.seen("view")
    assert "令和8年度の研修" in seen
    assert "参加者（のべ）　*7*（参加者（実人数） 7）" in seen
    assert "伏せた数" in seen
    await desk.kondo.presses("figures.year", "2025", where="view")
    assert "令和7年度の研修" in await desk.kondo.seen("view")
    await desk.kondo.presses("figures.year", "2026", where="view")
    await desk.kondo.presses("figures.sheet", "2026", where="view")

    assert "令和8年度の研修の数字です" in await desk.kondo.reads()
    (file,) = [each for each in desk.workspace.world.files.values() if each.shared]
    assert file.name == "R8-trainings.xlsx"
    rows = list(load_workbook(BytesIO(file.body)).active.values)
    said = {(row[0], row[1] or ""): row[2] for row in rows if row[0]}
    assert said["参加者（のべ）", ""] == "7"
    assert said["分野別の参加者", "合計"] == "7"
    assert "1" not in [number for (name, _), number in said.items() if name == "分野別の参加者"]


async def test_others_see_no_figures_and_no_other_year(sqlite_desk):
    desk = sqlite_desk
    for person in ("U_TAKAGI", "U_SATO", "U_TANAKA"):
        with pytest.raises(NotYourRole):
            await figures.of_year(desk.bot.desk, await desk.actor(person))
    for person in (ORGANIZER, "U_YAMAMOTO"):
        assert (await figures.of_year(desk.bot.desk, await desk.actor(person))).fiscal_year == 2026
    with pytest.raises(NotFound):
        await figures.of_year(desk.bot.desk, await desk.actor(ORGANIZER), 2024)
