"""The self-check before the desk opens: every reason not to, each in one sentence."""

from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import messages
from bot.answers import code_of
from bot.manifest import SCOPES
from bot.organisation import Organisation

SLACK = "https://slack.com/"
ALWAYS = {"incoming-webhook"}


class NotReady(Exception):
    """The desk must not open. `sentences`: every reason, in words."""

    def __init__(self, *sentences: str) -> None:
        self.sentences = sentences
        super().__init__("\n".join(sentences))


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where the bot found itself."""

    team: str
    name: str
    bot: str


async def slack_is_ready(slack: AsyncWebClient, app_token: str, organisation: Organisation) -> Workspace:
    """Check tokens, scopes and channels. Raises `NotReady` with every reason at once."""
    where, granted = await _token_works(slack)
    wrong = [*_scopes(granted, slack.base_url), *await _socket_works(slack, app_token)]
    if not wrong:
        for name, channel in (
            ("callbacks", organisation.channels.callbacks),
            ("coordinators", organisation.channels.coordinators),
        ):
            wrong += await _channel(slack, name, channel)
    if wrong:
        raise NotReady(*wrong)
    return where


async def _token_works(slack: AsyncWebClient) -> tuple[Workspace, set[str] | None]:
    try:
        answer = await slack.auth_test()
    except SlackApiError as error:
        raise NotReady(_refused("token_refused", error)) from None
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise NotReady(_say("slack_unreachable")) from None
    scopes = answer.headers.get("x-oauth-scopes") or answer.headers.get("X-OAuth-Scopes")
    granted = {each.strip() for each in scopes.split(",")} if scopes else None
    return Workspace(answer["team_id"], answer.get("team", ""), answer["user_id"]), granted


def _scopes(granted: set[str] | None, base_url: str) -> list[str]:
    """Compare with the manifest. Slack always says what was granted; another server need not."""
    if granted is None:
        return [_say("scopes_unknown")] if base_url.startswith(SLACK) else []
    wrong = []
    if missing := sorted(set(SCOPES) - granted):
        wrong.append(_say("scopes_missing", scopes="、".join(missing)))
    if extra := sorted(granted - set(SCOPES) - ALWAYS):
        wrong.append(_say("scopes_extra", scopes="、".join(extra)))
    return wrong


async def _socket_works(slack: AsyncWebClient, app_token: str) -> list[str]:
    try:
        await slack.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        return [_refused("app_token_refused", error)]
    except (aiohttp.ClientError, TimeoutError, OSError):
        return [_say("slack_unreachable")]
    return []


async def _channel(slack: AsyncWebClient, name: str, channel: str) -> list[str]:
    try:
        answer = await slack.conversations_info(channel=channel)
    except SlackApiError:
        return [_say("channel_missing", name=name, channel=channel)]
    found = answer["channel"]
    wrong = []
    if not found.get("is_member"):
        wrong.append(_say("channel_not_joined", name=name, channel=channel))
    if not found.get("is_private"):
        wrong.append(_say("channel_public", name=name, channel=channel))
    if found.get("is_ext_shared") or found.get("is_pending_ext_shared"):
        wrong.append(_say("channel_shared", name=name, channel=channel))
    return wrong


def _refused(reason: str, error: SlackApiError) -> str:
    """What Slack said no to; where it said nothing one can read, it is not well itself."""
    why = code_of(error)
    return _say(reason, why=why) if why else _say("slack_unreachable")


def _say(reason: str, **facts: str) -> str:
    return messages.words(f"refusals/start/{reason}", **facts)
