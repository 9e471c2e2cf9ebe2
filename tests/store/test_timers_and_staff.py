"""Due times are rows, roles are rows."""

import asyncio
from datetime import timedelta

from bot.domain.staff import THE_CLOCK, Actor, Role

ADMIN = Actor("U_ADMIN", frozenset({Role.ADMIN}))


async def due(db) -> list[tuple[str, str]]:
    async with db.reading() as reading:
        return [(each.subject, each.kind) for each in await reading.timers.due()]


async def test_what_fell_due_comes_longest_overdue_first_late_rather_than_never(db, clock):
    async with db.transaction(ADMIN) as tx:
        await tx.timers.set("c1", "call", tx.now + timedelta(hours=2))
        await tx.timers.set("c2", "call", tx.now + timedelta(hours=1))
        await tx.timers.set("c3", "call", tx.now + timedelta(days=9))
    assert await due(db) == []
    clock.advance(days=3)  # nobody asked for three days
    assert await due(db) == [("c2", "call"), ("c1", "call")]


async def test_setting_again_moves_and_finishing_happens_once(db, clock):
    async with db.transaction(ADMIN) as tx:
        await tx.timers.set("c1", "call", tx.now)
        await tx.timers.set("c1", "call", tx.now + timedelta(hours=1))
    assert await due(db) == []
    clock.advance(hours=1)
    async with db.reading() as reading:
        (timer,) = await reading.timers.due()

    async def act() -> bool:
        async with db.transaction(THE_CLOCK) as tx:
            return await tx.timers.finish(timer.id)

    assert sorted(await asyncio.gather(*(act() for _ in range(8)))) == [False] * 7 + [True]
    assert await due(db) == []
    async with db.transaction(ADMIN) as tx:  # and it may be set anew
        await tx.timers.set("c1", "call", tx.now)
    assert await due(db) == [("c1", "call")]


async def test_a_timer_that_was_moved_meanwhile_is_not_finished(db, clock):
    async with db.transaction(ADMIN) as tx:
        await tx.timers.set("c1", "call", tx.now)
    async with db.reading() as reading:
        (timer,) = await reading.timers.due()
    async with db.transaction(ADMIN) as tx:
        await tx.timers.set("c1", "call", tx.now + timedelta(hours=1))
    async with db.transaction(THE_CLOCK) as tx:
        assert not await tx.timers.finish(timer.id)


async def test_cancelling_one_kind_or_all(db):
    async with db.transaction(ADMIN) as tx:
        for kind in ("call", "claim", "followup"):
            await tx.timers.set("c1", kind, tx.now)
        await tx.timers.set("c2", "call", tx.now)
        await tx.timers.cancel("c1", "call")
    assert await due(db) == [("c1", "claim"), ("c1", "followup"), ("c2", "call")]
    async with db.transaction(ADMIN) as tx:
        await tx.timers.cancel("c1")
    assert await due(db) == [("c2", "call")]


async def test_the_last_tick_is_remembered(db, clock):
    async with db.reading() as reading:
        assert await reading.timers.last_tick("sweep") is None
    async with db.transaction(THE_CLOCK) as tx:
        await tx.timers.ticked("sweep")
    at = clock.now
    clock.advance(minutes=5)
    async with db.reading() as reading:
        assert await reading.timers.last_tick("sweep") == at
    async with db.transaction(THE_CLOCK) as tx:
        await tx.timers.ticked("sweep")
    async with db.reading() as reading:
        assert await reading.timers.last_tick("sweep") == clock.now


async def test_roles_are_granted_once_revoked_and_granted_again(db):
    async with db.transaction(ADMIN) as tx:
        assert await tx.staff.grant("U_SATO", Role.COUNSELOR)
        assert not await tx.staff.grant("U_SATO", Role.COUNSELOR)
        assert await tx.staff.grant("U_SATO", Role.COORDINATOR)
        assert await tx.staff.grant("U_MORI", Role.COUNSELOR)
    async with db.reading() as reading:
        assert await reading.staff.roles_of("U_SATO") == {Role.COUNSELOR, Role.COORDINATOR}
        assert await reading.staff.roles_of("U_STRANGER") == frozenset()
        assert await reading.staff.holders_of(Role.COUNSELOR) == ["U_SATO", "U_MORI"]
    async with db.transaction(ADMIN) as tx:
        assert await tx.staff.revoke("U_SATO", Role.COUNSELOR)
        assert not await tx.staff.revoke("U_SATO", Role.COUNSELOR)
    async with db.transaction(ADMIN) as tx:
        assert await tx.staff.roles_of("U_SATO") == {Role.COORDINATOR}
        assert await tx.staff.grant("U_SATO", Role.COUNSELOR)
        held = {(each.user_id, each.role, each.granted_by) for each in await tx.staff.list()}
    assert held == {
        ("U_SATO", Role.COORDINATOR, "U_ADMIN"),
        ("U_SATO", Role.COUNSELOR, "U_ADMIN"),
        ("U_MORI", Role.COUNSELOR, "U_ADMIN"),
    }
