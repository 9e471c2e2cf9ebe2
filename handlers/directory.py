"""Who is asking, and from where: read from Slack, trusted for less than a minute; roles are read each time."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

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
    SharedChannel,
)
from bot.domain.staff import Actor
from bot.store.database import Database

TRUSTED_SECONDS = 50.0
REMEMBERED = 5000


@dataclass(frozen=True, slots=True)
class Known:
    """What Slack said about a person or a place, and until when it is believed. `fits` None: it would not say."""

    fits: bool | None
    until: float


class Directory:
    """Deny by default: guests, strangers, deactivated people and places seen from outside are refused."""

    def __init__(self, db: Database, slack: AsyncWebClient, team: str) -> None:
        self._db = db
        self._slack = slack
        self._team = team
        self._people: OrderedDict[str, Known] = OrderedDict()
        self._places: OrderedDict[str, Known] = OrderedDict()

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
        return bool(known.fits)

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
        known = self._fresh(self._places, channel)
        if known is None:
            known = _remember(self._places, channel, Known(await self._inside(channel), _soon()))
        if not (known.fits or (known.fits is None and answered_apart)):
            raise SharedChannel

    async def is_inside(self, channel: str) -> bool:
        """Whether only this workspace can see what is said there."""
        try:
            await self.must_be_inside(channel)
        except SharedChannel:
            return False
        return True

    async def must_be_postable(self, channel: str, field: str) -> None:
        """Go on where the bot can write in a channel and only this workspace reads it; it is asked of Slack now.

        Raises `ChannelRefused` (there is none), `ChannelNotJoined`, `ChannelArchived` or `ChannelOutside`.
        """
        try:
            place = (await self._slack.conversations_info(channel=channel))["channel"]
        except SlackApiError as error:
            if code_of(error) in {"channel_not_found", "missing_scope"}:
                raise ChannelRefused(field) from None
            raise
        name = str(place.get("name") or "")
        if place.get("is_im") or place.get("is_mpim"):
            raise ChannelRefused(field)
        if place.get("is_archived"):
            raise ChannelArchived(field, name)
        if place.get("is_ext_shared") or place.get("is_pending_ext_shared"):
            raise ChannelOutside(field, name)
        if not place.get("is_member"):
            raise ChannelNotJoined(field, name)

    async def name_of(self, channel: str) -> str:
        """What a channel is called; empty where Slack does not say."""
        try:
            place = (await self._slack.conversations_info(channel=channel))["channel"]
        except SLACK_TROUBLE:
            return ""
        return str(place.get("name") or "")

    def heard_of(self, user: dict[str, Any]) -> bool:
        """Learn from Slack's own news about a person. True: they do not belong here any more."""
        known = _remember(self._people, user["id"], self._about(user))
        return not known.fits

    async def has_left(self, user_id: str) -> bool:
        """Ask Slack, at this moment, whether a person was deactivated, or is a member no more."""
        return not self._about(await self._person(user_id)).fits

    def _fresh(self, kept: OrderedDict[str, Known], key: str) -> Known | None:
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

    async def _inside(self, channel: str) -> bool | None:
        try:
            answer = await self._slack.conversations_info(channel=channel)
        except SlackApiError as error:
            if code_of(error) in {"channel_not_found", "missing_scope"}:
                return None
            raise
        place = answer["channel"]
        return not (place.get("is_ext_shared") or place.get("is_pending_ext_shared"))


def _soon() -> float:
    return time.monotonic() + TRUSTED_SECONDS


def _remember(kept: OrderedDict[str, Known], key: str, known: Known) -> Known:
    kept[key] = known
    kept.move_to_end(key)
    while len(kept) > REMEMBERED:
        kept.popitem(last=False)
    return known
