"""What Slack's answers, and its silences, mean for a promised message."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

# Everything a call to Slack may end in, besides an answer.
SLACK_TROUBLE = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError)
_UNSURE = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
_SHUT_OUT = {
    "account_inactive",
    "invalid_auth",
    "not_authed",
    "org_login_required",
    "team_access_not_granted",
    "token_expired",
    "token_revoked",
}
_SHUT_OUT_PAUSE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Sent:
    """It arrived; or there is nothing to say any more (`why`)."""

    posted_in: str | None = None
    ts: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Again:
    """Not now. `after` None: the longer the more often it failed. `pause`: the whole channel waits."""

    why: str
    doubt: bool
    after: timedelta | None = None
    pause: bool = False


@dataclass(frozen=True, slots=True)
class PutOff:
    """Not before `until`; what else there is to say to the same person does not wait for it."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Dead:
    """Never."""

    why: str


Outcome = Sent | Again | PutOff | Dead


def judged(error: Exception, *, doubt: bool, was_in_doubt: bool) -> Outcome:
    """Say what an unhappy answer means for the row. `doubt`: the words were on their way."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return Again("unreachable", doubt=was_in_doubt)  # no connection: nothing can have arrived
    if not isinstance(error, SlackApiError):
        return Again("answer_lost", doubt=doubt)
    code, status = code_of(error), _status(error)
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        return Again("ratelimited", doubt=was_in_doubt, after=_asked_pause(error), pause=True)
    if status >= 500 or code is None or code in _UNSURE:
        return Again(code or f"http_{status}", doubt=doubt)
    if code in _SHUT_OUT:
        return Again(code, doubt=was_in_doubt, after=_SHUT_OUT_PAUSE)
    return Dead(code)


def code_of(error: SlackApiError) -> str | None:
    data = getattr(error.response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    return code if isinstance(code, str) else None


def _status(error: SlackApiError) -> int:
    response: Any = error.response
    return int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)


def _asked_pause(error: SlackApiError) -> timedelta:
    headers = getattr(error.response, "headers", None) or {}
    asked = next((value for name, value in headers.items() if name.lower() == "retry-after"), "1")
    return timedelta(seconds=max(1.0, float(asked)))
