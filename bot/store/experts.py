"""What is known of those who sit in reviews. Whether they still may is their role's to say, read in the same moment."""

import json
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from bot.domain.business_time import TOKYO
from bot.domain.expert import Expert, Stretch
from bot.domain.refusals import Changed
from bot.domain.staff import Role
from bot.store.queries import load
from bot.store.rows import instant
from bot.store.session import Row, Session

SQL = load("experts")


class Experts:
    """Rows in, experts out."""

    def __init__(self, session: Session) -> None:
        self._connection = session.connection
        self._session = session

    async def all(self, now: datetime | None = None) -> list[Expert]:
        """Everybody who may be invited now: who holds an expert's role, and others of the desk who stated something.

        Days off that are over by `now` are left out.
        """
        roles: dict[str, set[Role]] = {}
        async for row in SQL.those_who_may_sit(self._connection):
            roles.setdefault(row["staff"], set()).add(Role(row["role"]))
        kept = {row["staff"]: row async for row in SQL.all(self._connection)}
        found = [_expert(staff, frozenset(held), kept.get(staff)) for staff, held in roles.items()]
        today = (now or self._session.now).astimezone(TOKYO).date()
        return [replace(each, days_off=tuple(day for day in each.days_off if day >= today)) for each in found]

    async def get(self, staff: str) -> Expert:
        """What is known of one, active or not; of somebody else, nothing."""
        held = [Role(row["role"]) async for row in SQL.roles(self._connection, staff=staff)]
        return _expert(staff, frozenset(held), await SQL.get(self._connection, staff=staff))

    async def keep(self, expert: Expert) -> None:
        """Write one step, or raise `Changed`."""
        columns = _columns(expert)
        if expert.version == 0:
            kept = await SQL.add(self._connection, **columns)
        else:
            kept = await SQL.move(self._connection, **columns, was=expert.version)
        if kept is None:
            raise Changed


def _columns(expert: Expert) -> dict[str, Any]:
    hours = {str(day): [[f"{since:%H:%M}", f"{until:%H:%M}"] for since, until in stretches]
             for day, stretches in sorted(expert.hours.items()) if stretches}  # fmt: skip
    return {
        "staff": expert.staff,
        "agency": expert.agency,
        "municipalities": json.dumps(expert.municipalities),
        "hours": json.dumps(hours),
        "days_off": json.dumps([day.isoformat() for day in expert.days_off]),
        "most": expert.most,
        "honorarium": expert.honorarium,
        "ways": json.dumps(expert.ways),
        "stated_at": instant(expert.stated_at) if expert.stated_at else None,
    }


def _expert(staff: str, roles: frozenset[Role], row: Row | None) -> Expert:
    if row is None:
        return Expert(staff, roles)
    return Expert(
        staff,
        roles,
        agency=row["agency"],
        municipalities=tuple(json.loads(row["municipalities"])),
        hours={int(day): tuple(map(_stretch, each)) for day, each in json.loads(row["hours"]).items()},
        days_off=tuple(map(date.fromisoformat, json.loads(row["days_off"]))),
        most=row["most"],
        honorarium=row["honorarium"],
        ways=tuple(json.loads(row["ways"])),
        stated_at=datetime.fromisoformat(row["stated_at"]) if row["stated_at"] else None,
        version=row["version"],
    )


def _stretch(written: list[str]) -> Stretch:
    since, until = map(time.fromisoformat, written)
    return since, until
