"""The made-up year has a directory, experts who say when they can, and things that were lacking."""

from datetime import UTC, datetime

from bot.domain.directory import is_due
from bot.domain.review import Discipline
from bot.seed import fill
from bot.store.database import open_database
from tests.databases import MASTER_KEY, Clock
from tests.running import settings

NOW = datetime(2026, 11, 24, 1, 20, tzinfo=UTC)


async def test_the_year_has_agencies_experts_and_what_was_lacking(tmp_path):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    await fill(settings(url), 40, 1, now=NOW)

    async with open_database(url, master_key=MASTER_KEY, clock=Clock(NOW)) as db, db.reading() as ask:
        agencies, experts = await ask.agencies.all(), await ask.experts.all(NOW)
        lacking = await ask.gaps.summed(2026)
        names = await ask.local_names.of("252034")
        outbox = await ask.connection.rows("SELECT 1 FROM outbox WHERE finished_at IS NULL", {})

    assert len(agencies) > 10
    assert 0 < sum(is_due(each, NOW.date()) for each in agencies) < len(agencies)
    assert {each.discipline for each in experts} == set(Discipline)
    assert all(each.has_stated and each.ways for each in experts)
    assert sum(lacking.values()) > 5
    assert len(names) == 2
    assert outbox == []
