"""The trainings of the made-up year: in every state, joined, attended, answered; and nothing of it changes the rest."""

from bot import homes, organisation, seed
from bot.domain.staff import Role
from bot.practice.validate import check_view
from bot.seed import fill
from tests.running import settings
from tests.test_seed import NOW, column, opened, rows, told


async def test_the_year_holds_trainings_in_every_state(database_url):
    await fill(settings(database_url), 25, 1, now=NOW)

    async with opened(database_url) as db:
        stages = {
            row["stage"]: row["n"]
            for row in await rows(db, "SELECT stage, COUNT(*) AS n FROM trainings GROUP BY 1")
        }
        meetings = await column(db, "SELECT COUNT(*) FROM trainings WHERE kind = 'municipal_meeting'")
        events = set(await column(db, "SELECT DISTINCT event FROM audit"))
        numbers = await column(db, "SELECT number FROM trainings ORDER BY number")
        assert set(stages) == {"held", "announced", "cancelled", "draft"}
        assert 6 <= sum(stages.values()) <= 10
        assert meetings[0] in {2, 3}
        assert numbers == [f"R8-T{n:03d}" for n in range(1, len(numbers) + 1)]
        assert events >= {
            "training.planned", "training.announced", "training.changed", "training.cancelled", "training.held",
            "training.invited", "seat.joined", "seat.waitlisted", "seat.given_up", "seat.offered", "seat.taken",
            "attendance.checked_in", "certificate.issued", "feedback.given", "question.asked", "question.answered",
        }  # fmt: skip
        async with db.reading() as ask:
            assert await ask.audit.verify() is None


async def test_those_who_were_there_are_noted_and_have_their_papers(tmp_path):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    await fill(settings(url), 25, 3, now=NOW)

    async with opened(url) as db:
        for training in await rows(db, "SELECT id, number FROM trainings WHERE stage = 'held'"):
            where = f"participation IN (SELECT id FROM participations WHERE training = '{training['id']}')"
            there = await column(db, f"SELECT COUNT(DISTINCT participation) FROM attendances WHERE {where}")
            papers = await column(db, f"SELECT COUNT(*) FROM certificates WHERE {where}")
            assert there[0] >= 8, training
            assert 0 < papers[0] <= there[0], training
        [most] = await rows(
            db, "SELECT COUNT(*) AS n FROM feedback GROUP BY training ORDER BY n DESC LIMIT 1"
        )
        by_code = await column(db, "SELECT COUNT(*) FROM attendances WHERE how = 'code'")
        without_slack = await column(db, "SELECT COUNT(*) FROM participations WHERE person IS NULL")
        assert most["n"] >= 5  # enough to be shown
        assert by_code[0] > 10
        assert without_slack[0] > 20


async def test_no_seat_of_the_made_up_year_was_given_twice(tmp_path):
    for seed_ in range(4):
        url = f"sqlite:///{tmp_path / f'{seed_}.db'}"
        await fill(settings(url), 10, seed_, now=NOW)
        async with opened(url) as db, db.reading() as ask:
            for row in await ask.connection.rows("SELECT id FROM trainings", {}):
                training = await ask.trainings.get(row["id"])
                there = await ask.participations.of_training(training.id)
                for format_, capacity in training.plan.seats.items():
                    held = sum(each.holds and each.format == format_ for each in there)
                    assert capacity == 0 or held <= capacity


async def test_an_organizer_has_something_before_them(database_url):
    await fill(settings(database_url), 25, 5, now=NOW)

    there = organisation.load()
    async with opened(database_url) as db, db.reading() as ask:
        organizer = await homes.facts(ask, "U_KONDO")
        [full] = [each for each in await ask.trainings.open_ones(NOW) if each.title == "ダブルケアを支える"]
        assert Role.ORGANIZER in organizer.roles
        check_view(homes.view(organizer, there), "home")
        waiting = [
            each for each in await ask.participations.of_training(full.id) if each.status == "waitlisted"
        ]
        assert waiting


async def test_control_trainings_leave_the_consultations_as_they_were(tmp_path, monkeypatch):
    """The dice of the consultations are their own: with no trainings, the same people ask the same."""
    with_, without = tmp_path / "with.db", tmp_path / "without.db"
    await fill(settings(f"sqlite:///{with_}"), 30, 7, now=NOW)
    monkeypatch.setattr(seed, "events", lambda *_: [])
    await fill(settings(f"sqlite:///{without}"), 30, 7, now=NOW)

    assert told(without, "trainings") == []
    assert told(with_, "consultations", "id", "merged_into") == told(
        without, "consultations", "id", "merged_into"
    )
