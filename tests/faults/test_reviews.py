"""Some dozens of random lives of reviews on each database (`python -m tests.faults --only reviews` lives through more)."""

from bot.domain.panel import Member
from bot.domain.review_access import ENTITLED
from tests.faults import reviews

LIVES = 20


async def test_in_random_lives_nobody_sits_in_two_at_once_and_who_is_out_sees_nothing(db, clock):
    verdict = await reviews.lived_through(db, clock, seed=7, count=LIVES)

    assert verdict.wrong == []
    assert verdict.lives >= LIVES
    for deed in ("fixes", "two_at_once", "accepts", "declines", "loses_role"):
        assert verdict.met[deed], deed
    assert ENTITLED


async def test_control_a_desk_that_forgets_what_people_were_given_is_found_out(db, clock, monkeypatch):
    monkeypatch.setattr(Member, "taken", lambda *_: False)
    verdict = await reviews.lived_through(db, clock, seed=7, count=LIVES)
    assert any("sits in" in each for each in verdict.wrong)


async def test_control_a_desk_from_which_nobody_leaves_is_found_out(db, clock, monkeypatch):
    async def stays(*_) -> None:
        pass

    monkeypatch.setattr(reviews.review_times, "leave", stays)
    verdict = await reviews.lived_through(db, clock, seed=7, count=LIVES)
    assert any("brings nothing" in each for each in verdict.wrong)
