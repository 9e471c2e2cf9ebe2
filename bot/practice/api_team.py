"""auth.*, users.*, team.*, bots.*, apps.* and the odd ones: who is who."""

from bot.practice.api_conversations import page
from bot.practice.errors import SlackRefusal
from bot.practice.methods import Call, Reply, method
from bot.practice.validate import check_blocks, check_view
from bot.practice.world import APP, BOT, BOT_ID


@method("auth.test")
def auth_test(call: Call) -> Reply:
    """Whose token this is."""
    workspace = call.workspace
    return {
        "url": workspace.url + "/",
        "team": workspace.world.team.name,
        "user": workspace.world.people[BOT].name,
        "team_id": workspace.world.team.id,
        "user_id": BOT,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


@method("api.test", token="any")  # noqa: S106 - a kind, no secret
def api_test(call: Call) -> Reply:
    """Says what it was told."""
    if call.text("error"):
        raise SlackRefusal(call.text("error"))
    return {"args": {key: value for key, value in call.arguments.items() if key != "token"}}


@method("apps.connections.open", token="app")  # noqa: S106 - a kind, no secret
def open_connection(call: Call) -> Reply:
    """A ticket for one Socket Mode connection."""
    ticket = call.workspace.link.new_ticket()
    return {"url": f"{call.workspace.url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={APP}"}


@method("users.info", "users:read")
def users_info(call: Call) -> Reply:
    """Who somebody is."""
    workspace = call.workspace
    human = workspace.human(call.needed("user"))
    return {"user": human.as_slack(workspace.world.team.id, with_email=workspace.app.may("users:read.email"))}


@method("users.list", "users:read")
def users_list(call: Call) -> Reply:
    """Everybody."""
    workspace = call.workspace
    rows, metadata = page(call, list(workspace.world.people.values()))
    team, with_email = workspace.world.team.id, workspace.app.may("users:read.email")
    return {"members": [human.as_slack(team, with_email=with_email) for human in rows], **metadata}


@method("team.info", "team:read")
def team_info(call: Call) -> Reply:
    """What this workspace is called."""
    team = call.workspace.world.team
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": "", "icon": {}}}


@method("bots.info", "users:read")
def bots_info(call: Call) -> Reply:
    """Who a bot is."""
    if call.text("bot") not in ("", BOT_ID):
        raise SlackRefusal("bot_not_found")
    name = call.workspace.app.name
    return {
        "bot": {
            "id": BOT_ID,
            "deleted": False,
            "name": name,
            "updated": 0,
            "app_id": APP,
            "user_id": BOT,
            "icons": {},
        }
    }


@method("blocks.validate")
def blocks_validate(call: Call) -> Reply:
    """Whether blocks (or a whole view) would be taken."""
    view = call.data("view")
    if view is not None:
        check_view(view)
    else:
        check_blocks(call.data("blocks"), call.text("surface") or "message")
    return {}
