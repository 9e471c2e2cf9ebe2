"""足りないもの: what is lacking in each region, for those who plan trainings and speak with the prefecture."""

from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot import codes, messages
from bot.domain.refusals import NotFound
from bot.domain.staff import Actor
from bot.reports.figures import said
from bot.reports.gaps import Lacking, lacking
from bot.usecases import gaps
from bot.usecases.desk import Desk
from bot.usecases.training_desk import ORGANIZE
from handlers import training_form
from handlers.forms import OPTIONS, Form, Option
from handlers.opening import show_form
from handlers.routing import Routes

routes = Routes()


def draw(told: Lacking, *, organizes: bool) -> Form:
    """Draw what is lacking, region by region. `organizes`: whoever looks plans trainings."""
    form = Form("gaps")
    topics = _topics(told, form) if organizes else []
    return form.note("forms/gaps", told=told, number=said, topics=topics)


def draw_list(told: Lacking) -> Form:
    """Draw the list for the prefecture: the most frequent first."""
    return Form("gaps_prefecture").note("forms/gaps_prefecture", told=told, number=said)


def _topics(told: Lacking, form: Form) -> list[Option]:
    unknown = form.word("unknown")
    return [
        (
            each.topic,
            f"{told.regions.get(each.region, unknown)}　{messages.label(each.kind, 'resource_gap_kinds')}"[
                :75
            ],
        )
        for each in told.by_number
    ][:OPTIONS]


async def _told(desk: Desk, actor: Actor, year: int | None = None) -> Lacking:
    return lacking(await gaps.of_year(desk, actor, year), desk.organisation)


@routes.button("gaps.open", allow=gaps.SEE)
async def open_gaps(
    ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, actor: Actor, desk: Desk
) -> None:
    """See what is lacking in each region this fiscal year."""
    await show_form(client, body, draw(await _told(desk, actor), organizes=actor.has(*ORGANIZE)))
    await ack()


@routes.button("gaps.year", allow=gaps.SEE)
async def other_year(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    desk: Desk,
) -> None:
    """See the other fiscal year in the same window."""
    form = draw(await _told(desk, actor, int(action["value"])), organizes=actor.has(*ORGANIZE))
    await client.views_update(view_id=body["view"]["id"], view=form.view())
    await ack()


@routes.button("gaps.prefecture", allow=gaps.SEE)
async def for_the_prefecture(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    desk: Desk,
) -> None:
    """See what is lacking as a list to tell the prefecture."""
    await show_form(client, body, draw_list(await _told(desk, actor, int(action["value"]))))
    await ack()


@routes.button("gaps.topic", allow=ORGANIZE)
async def plan_training(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, desk: Desk
) -> None:
    """Plan a training about something that is lacking: its form, with the theme and the region filled in."""
    region, _, kind = str((action.get("selected_option") or {}).get("value") or "").partition(".")
    if kind not in codes.load("resource_gap_kinds"):
        raise NotFound
    name = messages.phrase(Form("gaps").word("topic"), kind=messages.label(kind, "resource_gap_kinds"))
    known = [each.code for each in desk.organisation.offered("welfare_regions")]
    answers = {"name": name, "regions": [region] if region in known else []}
    await show_form(client, body, training_form.draw(desk.organisation, answers, keep={}))
    await ack()
