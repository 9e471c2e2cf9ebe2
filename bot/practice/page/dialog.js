/** Windows over one pane: they hold the focus, Esc shuts them, and the focus goes back where it was. */

import { el, fill, freshId, reachable, trap } from "./dom.js";
import { bare, text } from "./mrkdwn.js";
import { W } from "./words.js";

/** The layer of one pane in which windows lie; what is below cannot be reached while one is open. */
export class Layer {
  constructor(node, below, otherwise) {
    Object.assign(this, { node, below, otherwise, open: [] });
  }

  /** Lay `window` on top. `onEscape` decides what Esc does. */
  lay(window, { onEscape, onOutside = null, first = null }) {
    const entry = { window, onEscape, from: document.activeElement };
    const veil = el("div", { class: "veil" }, window);
    if (onOutside) veil.addEventListener("pointerdown", (event) => event.target === veil && onOutside());
    window.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      onEscape();
    });
    trap(window);
    entry.veil = veil;
    this.open.push(entry);
    this.node.append(veil);
    this.settle();
    (first ?? reachable(window)[0] ?? window).focus({ preventScroll: true });
    return () => this.lift(entry);
  }

  lift(entry) {
    if (!this.open.includes(entry)) return;
    this.open.splice(this.open.indexOf(entry), 1);
    const held = entry.veil.contains(document.activeElement) || document.activeElement === document.body;
    entry.veil.remove();
    this.settle();
    if (held && !this.open.length) this.giveBack(entry.from);
    else if (held) entry.from?.focus({ preventScroll: true });
  }

  /** The focus goes to where it was, to what was drawn in its place, or to where one writes. */
  giveBack(from) {
    const mark = from?.dataset.focus;
    const again = from?.isConnected ? from : mark && this.below.querySelector(`[data-focus="${CSS.escape(mark)}"]`);
    if (again && again !== document.body) again.focus({ preventScroll: true });
    else this.otherwise();
  }

  settle() {
    this.below.inert = this.open.length > 0;
    this.open.forEach((entry, index) => (entry.veil.inert = index < this.open.length - 1));
  }

  /** What Esc does when the focus is nowhere. Answers whether there was something to shut. */
  escape() {
    const top = this.open[this.open.length - 1];
    top?.onEscape();
    return Boolean(top);
  }
}

/** Ask before doing what `confirm` (a Slack confirm object) is about. Resolves to whether the person agreed. */
export function askFirst(layer, confirm, names) {
  return new Promise((resolve) => {
    const [title, words] = [freshId("title"), freshId("words")];
    let lift;
    const answer = (agreed) => (lift(), resolve(agreed));
    const deny = el("button", { type: "button", class: "button", testid: "confirm-no", on: { click: () => answer(false) } }, bare(confirm.deny) || W.no);
    const style = confirm.style === "danger" ? "button danger" : "button primary";
    const agree = el("button", { type: "button", class: style, testid: "confirm-yes", on: { click: () => answer(true) } }, bare(confirm.confirm) || W.yes);
    const window = el(
      "div",
      { class: "window small", role: "alertdialog", "aria-modal": "true", "aria-labelledby": title, "aria-describedby": words, tabindex: "-1", testid: "confirm" },
      el("h2", { id: title, class: "window-title" }, bare(confirm.title)),
      el("div", { id: words, class: "window-words" }, ...text(confirm.text, names)),
      el("div", { class: "window-foot" }, deny, agree),
    );
    lift = layer.lay(window, { onEscape: () => answer(false), onOutside: () => answer(false), first: agree });
  });
}

/** Going somewhere by name: a box to type in and a list of `choices` {group, words, more, act}. */
export function jump(layer, choices) {
  const listId = freshId("jump");
  let found = choices;
  let at = 0;
  const list = el("ul", { id: listId, role: "listbox", class: "jump-list", "aria-label": W.jump });
  const input = el("input", {
    type: "text",
    class: "jump-input",
    role: "combobox",
    "aria-expanded": "true",
    "aria-controls": listId,
    "aria-label": W.jump,
    placeholder: W.jump,
    autocomplete: "off",
    testid: "jump",
    on: { input: () => narrow(), keydown: (event) => key(event) },
  });
  const window = el("div", { class: "window jump", role: "dialog", "aria-modal": "true", "aria-label": W.jump, tabindex: "-1" }, input, list);
  const lift = layer.lay(window, { onEscape: () => lift(), onOutside: () => lift(), first: input });

  function narrow() {
    const words = input.value.trim().toLowerCase();
    found = choices.filter((choice) => `${choice.words} ${choice.more ?? ""}`.toLowerCase().includes(words));
    at = 0;
    draw();
  }

  function key(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      event.preventDefault();
      at = (at + step + found.length) % found.length;
      draw();
    } else if (event.key === "Enter" && found[at]) {
      event.preventDefault();
      go(found[at]);
    }
  }

  function go(choice) {
    lift();
    choice.act();
  }

  function draw() {
    let group = null;
    const rows = found.flatMap((choice, index) => {
      const head = choice.group === group ? [] : [el("li", { class: "jump-group", role: "presentation" }, (group = choice.group))];
      const row = el(
        "li",
        { id: `${listId}-${index}`, role: "option", "aria-selected": String(index === at), class: index === at ? "jump-row at" : "jump-row", on: { click: () => go(choice) } },
        el("span", {}, choice.words),
        choice.more ? el("small", {}, choice.more) : null,
      );
      return [...head, row];
    });
    fill(list, rows.length ? rows : el("li", { class: "jump-group", role: "presentation" }, W.jumpNothing));
    input.setAttribute("aria-activedescendant", found.length ? `${listId}-${at}` : "");
    list.querySelector(".at")?.scrollIntoView({ block: "nearest" });
  }

  draw();
}
