"""Windows over windows, where Slack lets no more than three lie on each other. Every window is opened here."""

import contextlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers import SLACK_TROUBLE, code_of
from handlers.forms import Form

NO_MORE = "push_limit_reached"
# In the metadata of a window that took the place of the one it was asked from: by which press.
INSTEAD = "instead"
View = dict[str, Any]
Reply = Form | View | None  # what takes the place of a sent form; nothing: it closes
ALL_OF_THEM: View = {"closed": True}  # all windows close


@dataclass(slots=True)
class Screen:
    """What whoever asked has before them, while one thing they sent is answered; and the ways to change it.

    `body` is what Slack sent. `shown` is Slack's id of the window this answer opened; `full`: there was no room for it.
    """

    client: AsyncWebClient
    body: Mapping[str, Any]
    shown: str | None = None
    full: bool = False

    @property
    def view(self) -> View:
        """The window or Home it was asked from; empty where it was asked from a message or by a command."""
        return self.body.get("view") or {}

    @property
    def in_window(self) -> bool:
        """Whether it was asked from a window."""
        return bool(self.view.get("type") == "modal")

    @property
    def in_message(self) -> bool:
        """Whether it was asked from a message."""
        return bool(self.body.get("container", {}).get("type") == "message")

    @property
    def press(self) -> str:
        """Slack's instant of the press: the same for every time Slack brings it."""
        pressed = self.body.get("actions") or ()
        return str(next((each["action_ts"] for each in pressed), self.body["trigger_id"]))

    async def opened(self, form: Form | View) -> str | None:
        """Open a window over the one it was asked from, or by itself. None: there is no room for one more.

        Gives Slack's id of it.
        """
        trigger = self.body["trigger_id"]
        try:
            if self.in_window:
                answer = await self.client.views_push(trigger_id=trigger, view=drawn(form))
            else:
                answer = await self.client.views_open(trigger_id=trigger, view=drawn(form))
        except SlackApiError as error:
            if code_of(error) != NO_MORE:
                raise
            self.full = True
            return None
        self.shown = str(cast("dict[str, Any]", answer["view"])["id"])
        return self.shown

    async def show(self, form: Form | View, *, instead_of: Collection[str] = ()) -> str:
        """Open a window: over the one it was asked from, by itself, or in its place where no more lie on each other.

        `instead_of`: the windows in whose place it is drawn at once. Gives Slack's id of it.
        """
        if self.in_window and self.view["callback_id"] in instead_of:
            await self.redraw(form)
            return str(self.view["id"])
        if (opened := await self.opened(form)) is not None:
            return opened
        self.shown = str(self.view["id"])
        await self.redraw(_marked(drawn(form), self.press))
        return self.shown

    async def redraw(self, form: Form | View) -> None:
        """Draw the window it was asked from anew."""
        await self.client.views_update(view_id=self.view["id"], view=drawn(form))

    async def back_to(self, form: Form | View) -> View | None:
        """Close a sent form; `form`, from which it was asked, is drawn anew: beneath it, or in its place again.

        Gives what the form is answered with.
        """
        beneath = self.view.get("previous_view_id")
        if took_its_place(self.view) or beneath in {None, "", self.view["id"]}:
            return drawn(form)
        with contextlib.suppress(*SLACK_TROUBLE):
            await self.client.views_update(view_id=str(beneath), view=drawn(form))
        return None


def drawn(form: Form | View) -> View:
    """Give a form as Slack takes it."""
    return form.view() if isinstance(form, Form) else form


def took_its_place(view: Mapping[str, Any]) -> bool:
    """Whether this window stands where the one stood that it was asked from."""
    return bool(_told(view).get(INSTEAD))


def still_in_its_place(before: Mapping[str, Any], form: Form | View) -> View:
    """Give a form that is drawn anew what is known of where it stands."""
    return _marked(drawn(form), _told(before)[INSTEAD]) if took_its_place(before) else drawn(form)


def id_of(sent: Mapping[str, Any]) -> str:
    """Say which form was sent. Forms that stood in the same place, one after the other, are not the same."""
    return f"{sent['id']}:{_told(sent)[INSTEAD]}" if took_its_place(sent) else str(sent["id"])


def _marked(view: View, press: str) -> View:
    told = json.dumps({**_told(view), INSTEAD: press}, ensure_ascii=False, separators=(",", ":"))
    return {**view, "private_metadata": told}


def _told(view: Mapping[str, Any]) -> dict[str, Any]:
    return dict(json.loads(view.get("private_metadata") or "{}"))
