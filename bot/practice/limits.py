"""What Block Kit allows: every number, every field, every place an element may stand."""

import math
from typing import Any

from bot.practice.checks import (
    DATE,
    TIME,
    Check,
    Problems,
    Shape,
    anything,
    boolean,
    check_fields,
    integer,
    listed,
    number,
    obj,
    one_of,
    string,
    text,
    typed,
    wrong,
)

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
ID, VALUE, OPTION_VALUE, URL = 255, 2000, 150, 3000
BUTTON_TEXT, OPTION_TEXT, PLACEHOLDER = 75, 75, 150
SECTION_TEXT, SECTION_FIELDS, FIELD_TEXT, HEADER_TEXT, CONTEXT_TEXT = 3000, 10, 2000, 150, 3000
CONTEXT_ELEMENTS, ACTION_ELEMENTS = 10, 25
OPTIONS, FEW_OPTIONS, OVERFLOW_OPTIONS, OPTION_GROUPS = 100, 10, 5, 100
INPUT_TEXT, LABEL, ALT_TEXT, IMAGE_TITLE = 3000, 2000, 2000, 2000
MODAL_TITLE, MODAL_BUTTON, METADATA = 24, 24, 3000
CONFIRM_TITLE, CONFIRM_TEXT, CONFIRM_BUTTON = 100, 300, 30
TABLE_ROWS, TABLE_CELLS, MARKDOWN_TEXT, ALERT_TEXT = 100, 20, 12_000, 3000
CHARTS, TABLES, CHART_TITLE, CHART_SERIES, CHART_CATEGORIES, CHART_LABEL = 2, 1, 50, 12, 20, 20
VIEW_BYTES = 250_000

PLACE = text(PLACEHOLDER, plain=True)
CONFIRM = obj(
    {
        "title": text(CONFIRM_TITLE, plain=True),
        "text": text(CONFIRM_TEXT),
        "confirm": text(CONFIRM_BUTTON, plain=True),
        "deny": text(CONFIRM_BUTTON, plain=True),
        "style": one_of("primary", "danger"),
    },
    "title",
    "text",
    "confirm",
    "deny",
)


def option(*, marked: bool = False, linked: bool = False) -> Check:
    """One option. `marked`: mrkdwn allowed; `linked`: may carry a URL."""
    fields = {
        "text": text(OPTION_TEXT, plain=not marked),
        "value": string(OPTION_VALUE, 1),
        "description": text(OPTION_TEXT, plain=not marked),
    }
    return obj(fields | ({"url": string(URL)} if linked else {}), "text", "value")


def options_or_groups(value: dict[str, Any], pointer: str, problems: Problems) -> None:
    """Either options or option_groups."""
    if bool(value.get("options") is not None) == bool(value.get("option_groups") is not None):
        wrong(problems, "exactly one of options, option_groups is required", pointer)


def initial_offered(value: dict[str, Any], pointer: str, problems: Problems) -> None:
    """What is chosen at first is among the options."""
    groups = [item for group in value.get("option_groups") or [] for item in group.get("options") or []]
    offered = [*(value.get("options") or []), *groups]
    one = value.get("initial_option")
    for name, chosen in (
        ("initial_option", [one] if one else []),
        ("initial_options", value.get("initial_options")),
    ):
        for item in chosen or []:
            if item not in offered:
                wrong(problems, "initial option must match one of the options", f"{pointer}/{name}")


def length_bounds(value: dict[str, Any], pointer: str, problems: Problems) -> None:
    """min_length up to max_length, and the initial value within."""
    least, most = value.get("min_length"), value.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        wrong(problems, "min_length must be less than or equal to max_length", f"{pointer}/min_length")
    initial = value.get("initial_value")
    if isinstance(most, int) and isinstance(initial, str) and len(initial) > most:
        wrong(problems, f"must be less than {most + 1} characters", f"{pointer}/initial_value")


def text_or_fields(value: dict[str, Any], pointer: str, problems: Problems) -> None:
    """A section says something."""
    if value.get("text") is None and value.get("fields") is None:
        wrong(problems, "one of text, fields is required", pointer)


def picture_source(value: dict[str, Any], pointer: str, problems: Problems) -> None:
    """A picture comes from somewhere."""
    if bool(value.get("image_url")) == bool(value.get("slack_file")):
        wrong(problems, "exactly one of image_url, slack_file is required", pointer)


EVERY_ELEMENT: dict[str, Check] = {"action_id": string(ID, 1)}
FOCUS: dict[str, Check] = {"focus_on_load": boolean}
ASKS: dict[str, Check] = {"placeholder": PLACE, "confirm": CONFIRM, **FOCUS}
SEVERAL: dict[str, Check] = {"max_selected_items": integer(1, 1_000)}
GROUP = obj(
    {"label": text(OPTION_TEXT, plain=True), "options": listed(option(), OPTIONS)},
    "label",
    "options",
)
STATIC: dict[str, Check] = {
    "options": listed(option(), OPTIONS),
    "option_groups": listed(GROUP, OPTION_GROUPS),
}
FEW = listed(option(marked=True), FEW_OPTIONS)
IDS = listed(string(ID), 1_000, 0)
LENGTHS: dict[str, Check] = {
    "min_length": integer(0, INPUT_TEXT),
    "max_length": integer(1, INPUT_TEXT),
    "initial_value": string(INPUT_TEXT),
}
DISPATCH: dict[str, Check] = {
    "dispatch_action_config": obj(
        {"trigger_actions_on": listed(one_of("on_enter_pressed", "on_character_entered"), 2)},
        "trigger_actions_on",
    )
}
PICTURE: dict[str, Check] = {
    "image_url": string(URL, 1),
    "alt_text": string(ALT_TEXT),
    "slack_file": anything,
}
FILTER = obj(
    {
        "include": listed(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    }
)
FILTERS = {"filter": FILTER, "default_to_current_conversation": boolean, "response_url_enabled": boolean}


def _selects(name: str, initial: str) -> dict[str, Shape]:
    extra: dict[str, Check] = {**FILTERS} if name == "conversations" else {"response_url_enabled": boolean}
    single = {f"initial_{initial}": string(ID), **ASKS, **extra}
    several = {f"initial_{initial}s": IDS, **ASKS, **SEVERAL, **extra}
    return {f"{name}_select": Shape(single), f"multi_{name}_select": Shape(several)}


ELEMENTS: dict[str, Shape] = {
    "button": Shape(
        {
            "text": text(BUTTON_TEXT, plain=True),
            "value": string(VALUE),
            "url": string(URL),
            "style": one_of("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(BUTTON_TEXT),
        },
        ("text",),
    ),
    "overflow": Shape(
        {"options": listed(option(linked=True), OVERFLOW_OPTIONS), "confirm": CONFIRM}, ("options",)
    ),
    "static_select": Shape(
        {**STATIC, "initial_option": option(), **ASKS}, (), also=(options_or_groups, initial_offered)
    ),
    "multi_static_select": Shape(
        {**STATIC, "initial_options": listed(option(), OPTIONS, 0), **ASKS, **SEVERAL},
        also=(options_or_groups, initial_offered),
    ),
    "external_select": Shape({"min_query_length": integer(0, 100), "initial_option": option(), **ASKS}),
    "multi_external_select": Shape(
        {
            "min_query_length": integer(0, 100),
            "initial_options": listed(option(), OPTIONS, 0),
            **ASKS,
            **SEVERAL,
        }
    ),
    **_selects("users", "user"),
    **_selects("conversations", "conversation"),
    **_selects("channels", "channel"),
    "radio_buttons": Shape(
        {"options": FEW, "initial_option": option(marked=True), "confirm": CONFIRM, **FOCUS},
        ("options",),
        also=(initial_offered,),
    ),
    "checkboxes": Shape(
        {
            "options": FEW,
            "initial_options": listed(option(marked=True), FEW_OPTIONS, 0),
            "confirm": CONFIRM,
            **FOCUS,
        },
        ("options",),
        also=(initial_offered,),
    ),
    "datepicker": Shape({"initial_date": string(10, 10, DATE), **ASKS}),
    "timepicker": Shape({"initial_time": string(5, 5, TIME), "timezone": string(ID), **ASKS}),
    "datetimepicker": Shape(
        {"initial_date_time": integer(1_000_000_000, 9_999_999_999), "confirm": CONFIRM, **FOCUS}
    ),
    "plain_text_input": Shape(
        {"multiline": boolean, "placeholder": PLACE, **LENGTHS, **DISPATCH, **FOCUS}, also=(length_bounds,)
    ),
    "number_input": Shape(
        {
            "is_decimal_allowed": boolean,
            "initial_value": string(255),
            "min_value": string(255),
            "max_value": string(255),
            "placeholder": PLACE,
            **DISPATCH,
            **FOCUS,
        },
        ("is_decimal_allowed",),
    ),
    "email_text_input": Shape(
        {"initial_value": string(INPUT_TEXT), "placeholder": PLACE, **DISPATCH, **FOCUS}
    ),
    "url_text_input": Shape({"initial_value": string(INPUT_TEXT), "placeholder": PLACE, **DISPATCH, **FOCUS}),
    "rich_text_input": Shape({"initial_value": anything, "placeholder": PLACE, **DISPATCH, **FOCUS}),
    "file_input": Shape({"filetypes": listed(string(20), 100), "max_files": integer(1, 10)}),
    "image": Shape(PICTURE, ("alt_text",), also=(picture_source,)),
}
SELECTS = frozenset(name for name in ELEMENTS if name.endswith("select"))
CHOICES = SELECTS | {"radio_buttons", "checkboxes", "datepicker", "timepicker"}
IN_SECTION = CHOICES | {"button", "overflow", "image"}
IN_ACTIONS = CHOICES | {"button", "overflow", "datetimepicker"}
TYPED_IN = {"plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input"}
IN_INPUT = CHOICES | TYPED_IN | {"datetimepicker", "file_input"}


def element(allowed: frozenset[str]) -> Check:
    """An element of one of these types. A picture has no action_id."""
    return typed(ELEMENTS, allowed, EVERY_ELEMENT)


def context_element(value: Any, pointer: str, problems: Problems) -> None:
    """A text or a picture."""
    if isinstance(value, dict) and value.get("type") == "image":
        check_fields(value, {**PICTURE, "type": anything}, ("alt_text",), pointer, problems)
    else:
        text(CONTEXT_TEXT)(value, pointer, problems)


def cell(value: Any, pointer: str, problems: Problems) -> None:
    """A cell of a table."""
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "rich_text":
        obj({"type": anything, "elements": listed(anything, 1_000), "block_id": string(ID)}, "elements")(
            value, pointer, problems
        )
    elif kind == "raw_number":
        obj({"type": anything, "value": number, "text": string(SECTION_TEXT)}, "value")(
            value, pointer, problems
        )
    elif kind == "raw_text":
        obj({"type": anything, "text": string(SECTION_TEXT, 1)}, "text")(value, pointer, problems)
    else:
        wrong(problems, f"unsupported type: {kind}", f"{pointer}/type")


def positive(value: Any, pointer: str, problems: Problems) -> None:
    """A number above nothing."""
    number(value, pointer, problems)
    if isinstance(value, int | float) and not (value > 0 and math.isfinite(value)):
        wrong(problems, "must be more than 0", pointer)


SEGMENT = obj({"label": string(CHART_LABEL, 1), "value": positive}, "label", "value")
POINT = obj({"label": string(CHART_LABEL, 1), "value": number}, "label", "value")
SERIES = obj({"name": string(CHART_LABEL, 1), "data": listed(POINT, CHART_CATEGORIES)}, "name", "data")
AXIS = obj(
    {
        "categories": listed(string(CHART_LABEL, 1), CHART_CATEGORIES),
        "x_label": string(CHART_TITLE),
        "y_label": string(CHART_TITLE),
    },
    "categories",
)


def points_on_axis(value: dict[str, Any], pointer: str, problems: Problems) -> None:
    """Every series has one point for every category, in order; names differ."""
    axis = value.get("axis_config")
    categories = axis.get("categories") if isinstance(axis, dict) else None
    names: set[Any] = set()
    for index, series in enumerate(value["series"] if isinstance(value.get("series"), list) else []):
        if not isinstance(series, dict) or not isinstance(series.get("data"), list):
            continue
        labels = [point.get("label") for point in series["data"] if isinstance(point, dict)]
        if labels != categories:
            wrong(problems, "labels must match axis_config categories", f"{pointer}/series/{index}/data")
        if series.get("name") in names:
            wrong(problems, "series names must be unique", f"{pointer}/series/{index}/name")
        names.add(series.get("name"))


_XY = Shape(
    {"series": listed(SERIES, CHART_SERIES), "axis_config": AXIS},
    ("series", "axis_config"),
    also=(points_on_axis,),
)
CHART_SHAPES = {
    "pie": Shape({"segments": listed(SEGMENT, CHART_SERIES)}, ("segments",)),
    "bar": _XY,
    "line": _XY,
    "area": _XY,
}

MESSAGES = ("message",)
BLOCKS: dict[str, Shape] = {
    "section": Shape(
        {
            "text": text(SECTION_TEXT),
            "fields": listed(text(FIELD_TEXT), SECTION_FIELDS),
            "accessory": element(frozenset(IN_SECTION)),
            "expand": boolean,
        },
        also=(text_or_fields,),
    ),
    "header": Shape({"text": text(HEADER_TEXT, plain=True), "level": integer(1, 4)}, ("text",)),
    "divider": Shape({}),
    "context": Shape({"elements": listed(context_element, CONTEXT_ELEMENTS)}, ("elements",)),
    "actions": Shape({"elements": listed(element(frozenset(IN_ACTIONS)), ACTION_ELEMENTS)}, ("elements",)),
    "image": Shape(
        {**PICTURE, "title": text(IMAGE_TITLE, plain=True)},
        ("alt_text",),
        also=(picture_source,),
    ),
    "input": Shape(
        {
            "label": text(LABEL, plain=True),
            "element": element(frozenset(IN_INPUT)),
            "hint": text(LABEL, plain=True),
            "optional": boolean,
            "dispatch_action": boolean,
        },
        ("label", "element"),
    ),
    "rich_text": Shape({"elements": listed(anything, 1_000)}, ("elements",)),
    "alert": Shape(
        {"text": text(ALERT_TEXT), "level": one_of("default", "info", "warning", "error", "success")},
        ("text",),
        ("modal",),
    ),
    "table": Shape(
        {
            "rows": listed(listed(cell, TABLE_CELLS), TABLE_ROWS),
            "column_settings": listed(anything, TABLE_CELLS),
        },
        ("rows",),
        MESSAGES,
    ),
    "markdown": Shape({"text": string(MARKDOWN_TEXT, 1)}, ("text",), MESSAGES),
    "data_visualization": Shape(
        {"title": string(CHART_TITLE, 1), "chart": typed(CHART_SHAPES, frozenset(CHART_SHAPES), {})},
        ("title", "chart"),
        MESSAGES,
    ),
}
EVERY_BLOCK: dict[str, Check] = {"block_id": string(ID, 1)}
BLOCK_OF = {
    surface: typed(
        BLOCKS, frozenset(n for n, shape in BLOCKS.items() if surface in shape.surfaces), EVERY_BLOCK
    )
    for surface in ("message", "modal", "home")
}

HOME_FIELDS: dict[str, Check] = {
    "type": anything,
    "blocks": anything,
    "private_metadata": string(METADATA),
    "callback_id": string(ID),
    "external_id": string(ID),
}
MODAL_FIELDS: dict[str, Check] = {
    **HOME_FIELDS,
    "title": text(MODAL_TITLE, plain=True),
    "submit": text(MODAL_BUTTON, plain=True),
    "close": text(MODAL_BUTTON, plain=True),
    "clear_on_close": boolean,
    "notify_on_close": boolean,
    "submit_disabled": boolean,
}
