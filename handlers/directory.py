"""Who is asking, and from where: read from Slack, trusted for less than a minute; roles are read each time."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers import SLACK_TROUBLE, code_of
from bot.domain.refusals import (
    ChannelArchived,
    ChannelNotJoined,
    ChannelOutside,
    ChannelRefused,
    NotAMember,
    Outsider,
    Refused,
    SharedChannel,
)
from bot.domain.staff import Actor
from bot.store.database import Database

TRUSTED_SECONDS = 50.0
NAMES_SECONDS = 1.0
REMEMBERED = 5000
NONE = "channel_not_found"


@dataclass(frozen=True, slots=True)
class Known:
    """What Slack said about a person, and until when it is believed."""

    fits: bool
    until: float


@dataclass(frozen=True, slots=True)
class Place:
    """What Slack said about a channel, and until when it is believed. `unseen`: its code where it would say nothing."""

    until: float
    unseen: str | None = None
    name: str = ""
    inside: bool = False
    direct: bool = False
    archived: bool = False
    joined: bool = False


K = TypeVar("K", Known, Place)


class Directory:
    """Deny by default: guests, strangers, deactivated people and places seen from outside are refused."""

    def __init__(self, db: Database, slack: AsyncWebClient, team: str) -> None:
        self._db = db
        self._slack = slack
        self._team = team
        self._people: OrderedDict[str, Known] = OrderedDict()
        self._places: OrderedDict[str, Place] = OrderedDict()

    async def actor(self, user_id: str) -> Actor:
        """Give the person with the roles of this moment, or raise `Outsider`."""
        if not await self.belongs(user_id):
            raise Outsider
        async with self._db.glancing() as ask:
            return Actor(user_id, await ask.staff.roles_of(user_id))

    async def belongs(self, user_id: str) -> bool:
        """Whether this is a member of this workspace, no guest, and not deactivated."""
        known = self._fresh(self._people, user_id)
        if known is None:
            known = _remember(self._people, user_id, self._about(await self._person(user_id)))
        return known.fits

    async def must_belong(self, user_id: str, field: str) -> None:
        """Raise `NotAMember` on this answer where the chosen person is no member of this workspace."""
        try:
            await self.actor(user_id)
        except Outsider:
            raise NotAMember(field) from None

    async def must_be_inside(self, channel: str | None, *, answered_apart: bool = False) -> None:
        """Raise `SharedChannel` where another organisation can see what is said. A DM with the bot is inside.

        A place the bot cannot see is not known to be inside. Only what is `answered_apart` may come from there: a
        slash command, which opens a window and says nothing in the channel.
        """
        if not channel or channel.startswith("D"):
            return
        place = await self._place(channel)
        if not (place.inside or (place.unseen and answered_apart)):
            raise SharedChannel

    async def is_inside(self, channel: str) -> bool | None:
        """Whether only this workspace can see what is said there; None: there is no such channel for the bot."""
        place = await self._place(channel)
        return None if place.unseen == NONE else place.inside

    async def must_be_postable(self, channels: Sequence[str], field: str) -> None:
        """Go on where the bot can write in all of these and only this workspace reads them. They are asked of Slack
        together, and what did not fit is asked of it anew.

        Raises `ChannelRefused` (there is none), `ChannelNotJoined`, `ChannelArchived` or `ChannelOutside`.
        """
        asked = (self._place(each, good=lambda known: _unfit(known, field) is None) for each in channels)
        for place in await asyncio.gather(*asked):
            if (why := _unfit(place, field)) is not None:
                raise why

    async def names_of(self, channels: Sequence[str]) -> list[str | None]:
        """What channels are called; empty where there is none; None where Slack does not say so within a second."""
        asked = [asyncio.create_task(self._place(each)) for each in channels]
        try:
            if asked:
                await asyncio.wait(asked, timeout=NAMES_SECONDS)
            return [_name(each) for each in asked]
        finally:
            for each in asked:
                each.cancel()

    def look_again(self) -> None:
        """Believe nothing any more of what was said about channels."""
        self._places.clear()

    def heard_of(self, user: dict[str, Any]) -> bool:
        """Learn from Slack's own news about a person. True: they do not belong here any more."""
        known = _remember(self._people, user["id"], self._about(user))
        return not known.fits

    async def has_left(self, user_id: str) -> bool:
        """Ask Slack, at this moment, whether a person was deactivated, or is a member no more."""
        return not self._about(await self._person(user_id)).fits

    def _fresh(self, kept: OrderedDict[str, K], key: str) -> K | None:
        known = kept.get(key)
        return known if known and known.until > time.monotonic() else None

    def _about(self, user: dict[str, Any]) -> Known:
        outside = (
            user.get("is_restricted")
            or user.get("is_ultra_restricted")
            or user.get("is_stranger")
            or user.get("is_bot")
            or user.get("team_id", self._team) != self._team
        )
        return Known(fits=not outside and not user.get("deleted"), until=_soon())

    async def _person(self, user_id: str) -> dict[str, Any]:
        try:
            answer = await self._slack.users_info(user=user_id)
        except SlackApiError as error:
            if code_of(error) in {"user_not_found", "user_not_visible"}:
                return {"id": user_id, "is_stranger": True}
            raise
        return dict(answer["user"])

    async def _place(self, channel: str, good: Callable[[Place], bool] = lambda _known: True) -> Place:
        """What Slack says about a channel; what it said lately is believed where it is `good`."""
        known = self._fresh(self._places, channel)
        if known is not None and good(known):
            return known
        try:
            answer = await self._slack.conversations_info(channel=channel)
        except SlackApiError as error:
            if (why := code_of(error)) not in {NONE, "missing_scope"}:
                raise
            return _remember(self._places, channel, Place(_soon(), unseen=why))
        return _remember(self._places, channel, _described(answer["channel"]))


def _described(place: dict[str, Any]) -> Place:
    return Place(
        _soon(),
        name=str(place.get("name") or ""),
        inside=not (place.get("is_ext_shared") or place.get("is_pending_ext_shared")),
        direct=bool(place.get("is_im") or place.get("is_mpim")),
        archived=bool(place.get("is_archived")),
        joined=bool(place.get("is_member")),
    )


def _unfit(place: Place, field: str) -> Refused | None:
    """Why nothing can be announced in a channel; None: it can."""
    if place.unseen or place.direct:
        return ChannelRefused(field)
    if place.archived:
        return ChannelArchived(field, place.name)
    if not place.inside:
        return ChannelOutside(field, place.name)
    return None if place.joined else ChannelNotJoined(field, place.name)


def _name(asked: asyncio.Task[Place]) -> str | None:
    """What was told of a channel's name by now."""
    if not asked.done() or asked.cancelled():
        return None
    if isinstance(asked.exception(), SLACK_TROUBLE):
        return None
    return asked.result().name


def _soon() -> float:
    return time.monotonic() + TRUSTED_SECONDS


def _remember(kept: OrderedDict[str, K], key: str, known: K) -> K:
    kept[key] = known
    kept.move_to_end(key)
    while len(kept) > REMEMBERED:
        kept.popitem(last=False)
    return known
