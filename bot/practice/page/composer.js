/** Where a person writes: Enter sends, "/" offers commands, "@" offers people, ⚡ offers shortcuts. */

import { el, fill, freshId, iconButton } from "./dom.js";
import { openMenu } from "./menu.js";
import { escaped } from "./mrkdwn.js";
import { W } from "./words.js";

const TALLEST = 220;

/** A composer. `send(text)` and `command(name, text)` answer whether it arrived; `draft` is kept by the pane. */
export function composer(pane, { label, draft, thread = false, send, command }) {
  const listId = freshId("offers");
  let offers = [];
  let at = 0;

  const list = el("ul", { id: listId, class: "offers", role: "listbox", "aria-label": W.commands, hidden: true });
  const box = el("textarea", {
    class: "composer-text",
    rows: 1,
    placeholder: label,
    "aria-label": label,
    "aria-autocomplete": "list",
    "aria-controls": listId,
    enterkeyhint: "send",
    testid: thread ? "thread-composer" : "composer",
    value: draft.text,
    on: { input: () => changed(), keydown: (event) => key(event), blur: () => setTimeout(shut, 120) },
  });
  const go = iconButton("send", W.send, { class: "send", testid: thread ? "thread-send" : "send", on: { click: () => submit() } });
  const quick = thread ? null : iconButton("bolt", W.shortcuts, { testid: "shortcuts", "aria-haspopup": "menu", on: { click: () => shortcuts() } });
  const node = el("div", { class: "composer" }, list, el("div", { class: "composer-box" }, quick, box, go), el("p", { class: "composer-hint" }, W.sendHint));

  function changed() {
    draft.text = box.value;
    grow();
    offer();
  }

  function grow() {
    box.style.height = "auto";
    box.style.height = `${Math.min(TALLEST, box.scrollHeight)}px`;
    go.classList.toggle("ready", Boolean(box.value.trim()));
  }

  function offer() {
    const before = box.value.slice(0, box.selectionStart);
    const typed = /^\/(\S*)$/.exec(before);
    const called = /(?:^|[\s、。])@(\S*)$/.exec(before);
    if (typed && !thread) offers = pane.commands.filter((one) => one.command.startsWith(before)).map(commandOffer);
    else if (called) offers = pane.names.people().filter((one) => `${one.display_name}${one.real_name}${one.name}`.includes(called[1])).slice(0, 8).map((one) => personOffer(one, called[1]));
    else offers = [];
    at = 0;
    draw();
  }

  const commandOffer = (one) => ({ words: one.command, more: one.description, hint: one.usage_hint, whole: one.command, take: () => put(`${one.command} `, box.selectionStart) });

  const personOffer = (person, typed) => ({
    words: person.real_name,
    more: person.title,
    take: () => {
      const name = `@${person.display_name || person.real_name}`;
      draft.people[name] = person.id;
      put(`${name} `, typed.length + 1);
    },
  });

  function put(words, instead) {
    const from = box.selectionStart - instead;
    box.setRangeText(words, from, box.selectionStart, "end");
    box.focus();
    changed();
  }

  function draw() {
    list.hidden = !offers.length;
    box.setAttribute("aria-activedescendant", offers.length ? `${listId}-${at}` : "");
    fill(
      list,
      offers.map((one, index) =>
        el(
          "li",
          {
            id: `${listId}-${index}`,
            role: "option",
            class: index === at ? "offer at" : "offer",
            "aria-selected": String(index === at),
            testid: one.whole ? `offer-${one.whole}` : null,
            on: { mousedown: (event) => event.preventDefault(), click: () => one.take() },
          },
          el("span", { class: "offer-words" }, one.words, one.hint ? el("em", {}, ` ${one.hint}`) : null),
          one.more ? el("small", {}, one.more) : null,
        ),
      ),
    );
    list.querySelector(".at")?.scrollIntoView({ block: "nearest" });
  }

  function shut() {
    offers = [];
    draw();
  }

  function key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (offers.length && step) {
      event.preventDefault();
      at = (at + step + offers.length) % offers.length;
      draw();
    } else if (offers.length && event.key === "Escape") {
      event.stopPropagation();
      shut();
    } else if (offers.length && (event.key === "Tab" || event.key === "Enter") && !event.shiftKey && offers[at].whole !== box.value.trim()) {
      event.preventDefault();
      offers[at].take();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
  }

  /** The text as Slack's client would send it: signs escaped, called people by id. */
  function wire(words) {
    const names = Object.entries(draft.people).sort(([one], [other]) => other.length - one.length);
    return names.reduce((text, [name, id]) => text.replaceAll(escaped(name), `<@${id}>`), escaped(words));
  }

  async function submit() {
    const words = box.value.trim();
    if (!words) return box.focus();
    const slash = /^(\/[^\s/]+)(?:\s+([\s\S]*))?$/.exec(words);
    shut();
    const text = wire(words);
    set("");
    const arrived = slash ? await command(slash[1], escaped(slash[2] ?? "")) : await send(text);
    if (arrived) draft.people = {};
    else if (!box.value) set(words);
    return undefined;
  }

  function set(words) {
    box.value = words;
    draft.text = words;
    grow();
  }

  function shortcuts() {
    const global = pane.shortcuts.filter((one) => one.type !== "message");
    const items = global.map((one) => ({ words: one.name, more: one.description, testid: `shortcut-${one.callback_id}`, act: () => pane.act("shortcut", { callback_id: one.callback_id }) }));
    openMenu(quick, W.shortcuts, items.length ? items : [{ note: W.noShortcuts }]);
  }

  requestAnimationFrame(grow);
  return { node, focus: () => box.focus({ preventScroll: true }) };
}
