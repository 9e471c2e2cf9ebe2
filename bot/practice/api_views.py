"""views.*: modals and Home."""

from typing import Any

from bot.practice.errors import SlackRefusal
from bot.practice.methods import Call, Reply, invalid_arguments, method
from bot.practice.surfaces import Trigger, View
from bot.practice.validate import check_view


def drawn(call: Call, kind: str) -> dict[str, Any]:
    """The view argument, checked."""
    view = call.data("view")
    if not isinstance(view, dict):
        raise invalid_arguments("[ERROR] missing required field: view")
    check_view(view, kind)
    return view


def _trigger(call: Call) -> Trigger:
    return call.workspace.surfaces.spend(call.text("trigger_id") or call.needed("interactivity_pointer"))


def _shown(call: Call, view: View) -> Reply:
    call.workspace.watch.changed("home" if view.facts["type"] == "home" else "views", only=view.user)
    return {"view": view.as_slack(call.workspace.world.team.id)}


@method("views.open")
def open_view(call: Call) -> Reply:
    """Open a modal for whoever just did something."""
    facts = drawn(call, "modal")
    trigger = _trigger(call)
    surfaces = call.workspace.surfaces
    below = surfaces.views.get(trigger.view or "")
    on = below if below and below.facts["type"] == "modal" else None
    return _shown(call, surfaces.show(trigger.user, facts, on=on, channel=trigger.channel))


@method("views.push")
def push_view(call: Call) -> Reply:
    """Lay a modal on the one just used."""
    facts = drawn(call, "modal")
    trigger = _trigger(call)
    surfaces = call.workspace.surfaces
    below = surfaces.views.get(trigger.view or "")
    if below is None or below.facts["type"] != "modal":
        raise SlackRefusal("not_found")
    return _shown(call, surfaces.show(trigger.user, facts, on=below, channel=trigger.channel))


@method("views.update")
def update_view(call: Call) -> Reply:
    """Redraw an open modal."""
    facts = drawn(call, "modal")
    surfaces = call.workspace.surfaces
    view = surfaces.find(call.text("view_id") or None, call.text("external_id") or None)
    return _shown(call, surfaces.redraw(view, facts, hash_seen=call.text("hash") or None))


@method("views.publish")
def publish_view(call: Call) -> Reply:
    """Draw somebody's Home."""
    facts = drawn(call, "home")
    user = call.needed("user_id")
    if user not in call.workspace.world.people:
        raise invalid_arguments("[ERROR] user not found [json-pointer:/user_id]")
    return _shown(call, call.workspace.surfaces.publish(user, facts, call.text("hash") or None))
