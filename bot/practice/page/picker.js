/** Choosing several things, or one that is looked up while typing: chips, a search box, a list below. */

import { el, fill, freshId, icon } from "./dom.js";
import { W } from "./words.js";

const PAUSE = 180;

// A list that closes while the mouse button is down moves what is about to be clicked.
let pressing = false;
for (const [kind, down] of [["pointerdown", true], ["pointerup", false], ["pointercancel", false]]) addEventListener(kind, () => (pressing = down), true);

function afterPress(act) {
  if (!pressing) return act();
  const later = () => setTimeout(act, 30);
  addEventListener("pointerup", later, { once: true, capture: true });
  return undefined;
}

/** `load(words)` answers options {value, label, description}; `change(picked)` hears of every choice. */
export function picker({ attributes, placeholder, multiple, most, least = 0, chosen, load, change }) {
  const listId = freshId("list");
  const { testid, ...labels } = attributes;
  let picked = chosen;
  let offered = [];
  let at = -1;
  let asked = 0;
  let timer;

  const chips = el("span", { class: "chips" });
  const input = el("input", {
    ...labels,
    type: "text",
    class: "picker-input",
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": listId,
    "data-focus": testid ? `${testid}/search` : null,
    on: { click: () => look(), input: () => later(), keydown: (event) => key(event) },
  });
  const list = el("ul", { id: listId, class: "picker-list", role: "listbox", "aria-multiselectable": multiple ? "true" : null, hidden: true });
  const box = el("div", { class: "picker-box", on: { click: (event) => event.target !== input && (input.focus(), look()) } }, chips, input, icon("down", 16));
  const root = el("div", { class: "picker", testid, on: { focusout: (event) => root.contains(event.relatedTarget) || afterPress(() => root.contains(document.activeElement) || shut()) } }, box, list);

  const has = (option) => picked.some((one) => one.value === option.value);

  function drawChips() {
    input.placeholder = picked.length && multiple ? "" : placeholder;
    fill(
      chips,
      picked.map((option) =>
        el(
          "span",
          { class: "chip" },
          option.label,
          el("button", { type: "button", "aria-label": W.remove(option.label), on: { click: (event) => (event.stopPropagation(), toggle(option), input.focus()) } }, icon("close", 12)),
        ),
      ),
    );
  }

  function drawList(words = null) {
    input.setAttribute("aria-expanded", "true");
    list.hidden = false;
    if (words !== null) return fill(list, el("li", { class: "picker-note", role: "presentation" }, words));
    fill(
      list,
      offered.map((option, index) =>
        el(
          "li",
          {
            id: `${listId}-${index}`,
            role: "option",
            class: index === at ? "picker-option at" : "picker-option",
            "aria-selected": String(has(option)),
            "aria-disabled": !has(option) && full() ? "true" : null,
            on: { mousedown: (event) => event.preventDefault(), click: () => choose(option) },
          },
          el("span", { class: "picker-check" }, has(option) ? icon("check", 14) : null),
          el("span", {}, option.label, option.description ? el("small", {}, option.description) : null),
        ),
      ),
    );
    input.setAttribute("aria-activedescendant", at >= 0 ? `${listId}-${at}` : "");
    list.querySelector(".at")?.scrollIntoView({ block: "nearest" });
  }

  const full = () => multiple && most && picked.length >= most;

  async function look() {
    const words = input.value.trim();
    asked += 1;
    const mine = asked;
    if (words.length < least && least > 0) return drawList(W.type);
    if (!offered.length) drawList(W.looking);
    const found = await load(words).catch(() => []);
    if (mine !== asked) return undefined;
    offered = found;
    at = offered.length && words ? 0 : -1;
    return offered.length ? drawList() : drawList(W.nothingFits);
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(look, least > 0 ? PAUSE : 0);
  }

  function shut() {
    asked += 1;
    list.hidden = true;
    input.value = "";
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function toggle(option) {
    if (has(option)) picked = picked.filter((one) => one.value !== option.value);
    else if (!multiple) picked = [option];
    else if (!full()) picked = [...picked, option];
    drawChips();
    change(picked);
  }

  function choose(option) {
    toggle(option);
    if (multiple) return drawList();
    return shut();
  }

  function key(event) {
    const open = !list.hidden;
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return void look();
      const step = event.key === "ArrowDown" ? 1 : -1;
      at = offered.length ? (at + step + offered.length) % offered.length : -1;
      drawList(offered.length ? null : W.nothingFits);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!open) return void look();
      if (offered[at]) choose(offered[at]);
    } else if (event.key === "Escape" && open) {
      event.stopPropagation();
      shut();
    } else if (event.key === "Backspace" && !input.value && picked.length) {
      toggle(picked[picked.length - 1]);
    }
  }

  drawChips();
  return root;
}
