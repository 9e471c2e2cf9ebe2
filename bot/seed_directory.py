"""The directory of the made-up year, and what its experts state: written on the first morning by those who keep them."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.domain.business_time import TOKYO
from bot.domain.directory import Agency, Town, a_year_after
from bot.domain.expert import WEEKDAYS, read_hours
from bot.domain.staff import Actor, Role
from bot.seed_deeds import Act, Acts
from bot.seed_words import read
from bot.usecases import directory, experts
from bot.usecases.desk import Desk
from bot.usecases.experts import Stated


def entries(roles: dict[str, list[str]], begins: datetime) -> list[Acts]:
    """Give the acts that fill the directory, and those by which experts say when they can."""
    keeper = Actor(roles[Role.COORDINATOR][0], frozenset({Role.COORDINATOR}))
    kept = _kept(keeper, roles[Role.COUNSELOR], begins)
    stated = [
        Act(begins + timedelta(minutes=40 + n), partial(_state, staff, Role(role), given, keeper))
        for n, (role, given) in enumerate(read("directory")["experts"].items())
        for staff in roles.get(role, ())
    ]
    return [iter(each) for each in (kept, stated) if each]


def _kept(keeper: Actor, owners: list[str], begins: datetime) -> list[Act]:
    written = read("directory")
    acts = [
        Act(begins + timedelta(minutes=n), partial(_agency, keeper, owners[n % len(owners)], given))
        for n, given in enumerate(written["agencies"])
    ]
    later = begins + timedelta(minutes=len(acts))
    return acts + [
        Act(later + timedelta(minutes=n), partial(_town, keeper, given))
        for n, given in enumerate(written["towns"])
    ]


async def _agency(keeper: Actor, owner: str, given: dict[str, Any], desk: Desk) -> None:
    today = desk.db.clock().astimezone(TOKYO).date()
    due = today + timedelta(days=given["due"]) if "due" in given else a_year_after(today)
    told = {name: given[name] for name in ("name", "kind", "municipality", "phone", "note")}
    agency = Agency(id="", **told, owner=owner, confirm_on=due, source=given.get("source", "website"))
    await directory.keep_agency(desk, keeper, agency, once=f"seed:{agency.name}")


async def _town(keeper: Actor, given: dict[str, Any], desk: Desk) -> None:
    today = desk.db.clock().astimezone(TOKYO).date()
    told = {name: given.get(name) for name in ("municipality", "section", "phone", "juso", "source")}
    town = Town(**told, owner=keeper.id, confirm_on=a_year_after(today))  # type: ignore[arg-type]
    await directory.keep_town(desk, keeper, town)
    for meeting, name in given["meetings"].items():
        await directory.call_meeting(desk, keeper, town.municipality, meeting, name)


async def _state(staff: str, role: Role, given: dict[str, Any], keeper: Actor, desk: Desk) -> None:
    today = desk.db.clock().astimezone(TOKYO).date()
    off = today + timedelta(days=given["off"]) if "off" in given else None
    stated = Stated(
        hours={day: read_hours(given["hours"].get(name, ""), name) for day, name in enumerate(WEEKDAYS)},
        off=(),
        since=off,
        until=off,
        most=given.get("most"),
        ways=tuple(given["ways"]),
        version=0,
    )
    await experts.state(desk, Actor(staff, frozenset({role})), staff, stated)
    await experts.describe(
        desk,
        keeper,
        staff,
        agency=None,
        municipalities=tuple(given["municipalities"]),
        honorarium=given["honorarium"],
        version=1,
    )
