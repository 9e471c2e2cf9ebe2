/** One control for each of Slack's input elements. Each answers a node and tells `change(value, committed)`. */

import { el, freshId, icon } from "./dom.js";
import { bare, text } from "./mrkdwn.js";
import { picker } from "./picker.js";
import { clock } from "./names.js";
import { W, day, dayKey, time } from "./words.js";

/** Everything a control needs: value, testid, label ids, `change`, `names`, `suggest`, `upload`. */
export function control(element, about) {
  const draw = KINDS[element.type];
  return draw ? draw(element, about) : el("p", { class: "quiet" }, W.unknownBlock(element.type));
}

/** What a person would have to choose to get `state` (Slack's shape of an element's state). */
export function choiceOf(state, element) {
  if (!state) return null;
  const external = element.type.includes("external");
  const option = (one) => (external ? one : one?.value);
  if ("selected_options" in state) return (state.selected_options ?? []).map(option);
  if ("selected_option" in state) return state.selected_option ? option(state.selected_option) : null;
  if ("rich_text_value" in state) return state.rich_text_value;
  const key = Object.keys(state).find((name) => name !== "type");
  return state[key] ?? null;
}

/** The state of an element nobody touched, as `choiceOf` would give it. */
export function initialChoice(element) {
  const external = element.type.includes("external");
  const option = (one) => (external ? one : one.value);
  if (element.initial_option) return option(element.initial_option);
  if (element.initial_options) return element.initial_options.map(option);
  const key = Object.keys(element).find((name) => name.startsWith("initial_"));
  return key ? element[key] : null;
}

const common = (about) => ({
  testid: about.testid,
  "aria-labelledby": about.labelledby,
  "aria-label": about.labelledby ? null : about.label,
  "aria-describedby": about.describedby,
  "aria-required": about.required ? "true" : null,
});

// Words

function typed(element, about) {
  const many = element.type === "plain_text_input" && element.multiline;
  const kind = { email_text_input: "email", url_text_input: "url", number_input: "text" }[element.type] ?? "text";
  const digits = element.type === "number_input" ? (element.is_decimal_allowed ? "decimal" : "numeric") : null;
  const node = el(many ? "textarea" : "input", {
    ...common(about),
    type: many ? null : kind,
    inputmode: digits,
    rows: many ? 4 : null,
    class: "text-input",
    autocomplete: "off",
    placeholder: bare(element.placeholder) || null,
    value: about.value ?? "",
    on: {
      input: () => about.change(node.value, triggers(element, "on_character_entered")),
      keydown: (event) => {
        if (event.key !== "Enter" || event.isComposing || many || !about.dispatches || !triggers(element, "on_enter_pressed")) return;
        event.preventDefault();
        about.change(node.value, true);
      },
    },
  });
  return node;
}

const triggers = (element, what) => (element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"]).includes(what);

function richInput(element, about) {
  const wrapped = (words) => ({ type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: words }] }] });
  const flat = (value) => (value?.elements ?? []).map((part) => (part.elements ?? []).map((piece) => piece.text ?? "").join("")).join("\n");
  return typed({ ...element, type: "plain_text_input", multiline: true }, {
    ...about,
    value: flat(about.value),
    change: (words, committed) => about.change(words ? wrapped(words) : null, committed),
  });
}

// One of several

/** Whether a place may be chosen: a choice of channels has no direct messages, one of conversations what its filter lets in. */
function letIn(element) {
  if (element.type.includes("channels")) return (place) => !place.is_im && !place.is_private;
  const { include, exclude_external_shared_channels: inside, exclude_bot_users: people } = element.filter ?? {};
  const kind = (place) => (place.is_im ? "im" : place.is_private ? "private" : "public");
  // The one direct message there is here, is the one with the bot.
  return (place) => (!include || include.includes(kind(place))) && !(inside && place.is_ext_shared) && !(people && place.is_im);
}

function optionsOf(element, names) {
  if (element.type.includes("users")) return { options: names.people().map((person) => ({ value: person.id, label: person.real_name || person.name })) };
  if (element.type.includes("conversations") || element.type.includes("channels"))
    return { options: names.places().filter(letIn(element)).map((channel) => ({ value: channel.id, label: names.place(channel.id) })) };
  const plain = (option) => ({ value: option.value, label: bare(option.text), description: bare(option.description), option });
  if (element.option_groups) return { groups: element.option_groups.map((group) => ({ label: bare(group.label), options: group.options.map(plain) })) };
  return { options: (element.options ?? []).map(plain) };
}

const flatOptions = ({ options = [], groups = [] }) => [...options, ...groups.flatMap((group) => group.options)];

function select(element, about) {
  const offered = optionsOf(element, about.names);
  const line = (option) => el("option", { value: option.value }, option.label);
  const node = el(
    "select",
    { ...common(about), class: "select-input", on: { change: () => (tell(), about.change(node.value || null, true)) } },
    el("option", { value: "" }, about.required ? bare(element.placeholder) || W.choose : bare(element.placeholder) || W.chooseNone),
    ...(offered.options ?? []).map(line),
    ...(offered.groups ?? []).map((group) => el("optgroup", { label: group.label }, ...group.options.map(line))),
  );
  node.value = about.value ?? "";
  const more = el("span", { class: "select-more" });
  const tell = () => {
    const chosen = flatOptions(offered).find((option) => option.value === node.value);
    more.textContent = chosen?.description ?? "";
    node.classList.toggle("nothing", !node.value);
  };
  tell();
  return el("span", { class: "select-box" }, el("span", { class: "select-face" }, node), more);
}

function choices(element, about, kind) {
  const name = freshId("choice");
  const chosen = new Set([about.value ?? []].flat());
  const change = () => {
    const values = [...group.querySelectorAll("input:checked")].map((input) => input.value);
    about.change(kind === "radio" ? (values[0] ?? null) : values, true);
  };
  const line = (option) =>
    el(
      "label",
      { class: "choice" },
      el("input", { type: kind, name, value: option.value, checked: chosen.has(option.value), on: { change } }),
      el("span", { class: "choice-words" }, ...text(option.text, about.names), option.description ? el("small", {}, ...text(option.description, about.names)) : null),
    );
  const group = el(
    "div",
    { ...common({ ...about, required: about.required && kind === "radio" }), role: kind === "radio" ? "radiogroup" : "group", class: "choices" },
    ...(element.options ?? []).map(line),
  );
  return group;
}

// Days and times

function dateLike(kind, about, { shown, chosen, said }) {
  const node = el("input", {
    ...common(about),
    type: kind,
    class: "text-input date-input",
    value: shown(about.value),
    on: { change: () => (tell(), about.change(node.value ? chosen(node.value) : null, true)) },
  });
  const words = el("span", { class: "date-words" });
  const tell = () => (words.textContent = node.value ? said(node.value) : "");
  tell();
  return el("span", { class: "date-box" }, node, words);
}

const noon = (value) => new Date(`${value}T12:00+09:00`);
const date = { shown: (value) => value ?? "", chosen: (value) => value, said: (value) => day(noon(value), clock.now()) };
const hour = { shown: (value) => value ?? "", chosen: (value) => value, said: () => "" };
const instant = {
  shown: (seconds) => {
    if (!seconds) return "";
    const when = new Date(seconds * 1000);
    const minutes = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Tokyo", hour: "2-digit", minute: "2-digit" }).format(when);
    return `${dayKey(when)}T${minutes}`;
  },
  chosen: (value) => Math.floor(Date.parse(`${value}:00+09:00`) / 1000),
  said: (value) => `${day(new Date(`${value}:00+09:00`), clock.now())} ${time(new Date(`${value}:00+09:00`))}`,
};

// Several, and those looked up while typing

function several(element, about) {
  const options = flatOptions(optionsOf(element, about.names));
  const fits = (option, words) => option.label.includes(words) || option.value.toLowerCase().includes(words.toLowerCase());
  return picker({
    ...about,
    attributes: common(about),
    placeholder: bare(element.placeholder) || W.choose,
    most: element.max_selected_items,
    multiple: true,
    chosen: (about.value ?? []).map((value) => options.find((option) => option.value === value) ?? { value, label: value }),
    load: async (words) => options.filter((option) => fits(option, words)),
    change: (picked) => about.change(picked.map((option) => option.value), true),
  });
}

function external(element, about, multiple) {
  const shaped = (option) => ({ value: option.value, label: bare(option.text), description: bare(option.description), option });
  return picker({
    ...about,
    attributes: common(about),
    placeholder: bare(element.placeholder) || W.type,
    most: element.max_selected_items,
    multiple,
    least: element.min_query_length ?? 3,
    chosen: [about.value ?? []].flat().map(shaped),
    load: async (words) => (await about.suggest(words)).map(shaped),
    change: (picked) => about.change(multiple ? picked.map((option) => option.option) : (picked[0]?.option ?? null), true),
  });
}

function files(element, about) {
  const names = el("span", { class: "quiet" });
  const many = (element.max_files ?? 10) > 1;
  const node = el("input", {
    ...common(about),
    type: "file",
    class: "file-input",
    multiple: many,
    accept: element.filetypes ? element.filetypes.map((kind) => `.${kind}`).join(",") : null,
    on: {
      change: async () => {
        const ids = await Promise.all([...node.files].map((file) => about.upload(file)));
        names.textContent = [...node.files].map((file) => file.name).join("、");
        about.change(ids, true);
      },
    },
  });
  return el("label", { class: "file-box" }, node, el("span", { class: "button", "aria-hidden": "true" }, icon("file", 17), W.fileHint), names);
}

const KINDS = {
  plain_text_input: typed,
  number_input: typed,
  email_text_input: typed,
  url_text_input: typed,
  rich_text_input: richInput,
  static_select: select,
  users_select: select,
  conversations_select: select,
  channels_select: select,
  radio_buttons: (element, about) => choices(element, about, "radio"),
  checkboxes: (element, about) => choices(element, about, "checkbox"),
  datepicker: (_element, about) => dateLike("date", about, date),
  timepicker: (_element, about) => dateLike("time", about, hour),
  datetimepicker: (_element, about) => dateLike("datetime-local", about, instant),
  multi_static_select: several,
  multi_users_select: several,
  multi_conversations_select: several,
  multi_channels_select: several,
  external_select: (element, about) => external(element, about, false),
  multi_external_select: (element, about) => external(element, about, true),
  file_input: files,
};

/** Whether an element takes an answer (rather than only a press). */
export const takesAnswer = (element) => element.type in KINDS;
