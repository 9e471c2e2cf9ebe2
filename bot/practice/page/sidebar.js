/** The left side of a pane: who I am, and where I can go. */

import { el, fill, icon } from "./dom.js";
import { avatar, standingOf } from "./names.js";
import { W } from "./words.js";

/** The card that says who this pane is; choosing another name becomes them. */
export function personCard(pane) {
  const face = el("span", { class: "me-face" });
  const words = el("span", { class: "me-words" });
  const choose = el("select", { class: "me-select", testid: "me", "aria-label": W.actAs, on: { change: () => pane.become(choose.value) } });
  const node = el("div", { class: "me" }, face, words, icon("down", 16), choose);
  return {
    node,
    draw() {
      const { names } = pane;
      const me = names.all.get(pane.me);
      fill(face, avatar(pane.me, names));
      fill(words, el("strong", {}, me.real_name || me.name), el("small", {}, me.title || standingOf(me)));
      const people = [...names.all.values()].filter((person) => !person.is_bot);
      const line = (person) => el("option", { value: person.id }, [person.real_name || person.name, person.title || standingOf(person)].filter(Boolean).join(" ・ "));
      fill(choose, people.map(line));
      choose.value = pane.me;
    },
  };
}

/** The list of places. */
export function placeList(pane) {
  const node = el("nav", { class: "places", "aria-label": W.places });
  return {
    node,
    draw(channels) {
      const talk = channels.find((channel) => channel.is_im);
      const rooms = channels.filter((channel) => !channel.is_im && !channel.is_archived);
      const again = node.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
      fill(
        node,
        el("h2", { class: "places-title" }, W.talk),
        el("ul", {}, row(pane, { id: "home", words: W.home, sign: "home", testid: "home-tab" }), row(pane, { id: talk.id, words: W.messages, sign: "reply", testid: "dm-bot", unread: talk.unread })),
        el("h2", { class: "places-title" }, W.channels),
        el("ul", {}, ...rooms.map((channel) => row(pane, { id: channel.id, words: channel.name, ...looks(channel), testid: `channel-${channel.id}`, unread: channel.unread }))),
      );
      if (again) node.querySelector(`[data-testid="${CSS.escape(again)}"]`)?.focus({ preventScroll: true });
    },
  };
}

/** The sign of a channel and what it means. */
export function looks(channel) {
  if (channel.is_ext_shared) return { sign: "shared", note: W.sharedChannel };
  return channel.is_private ? { sign: "lock", note: W.privateChannel } : { sign: "hash", note: "" };
}

function row(pane, { id, words, sign, note = "", testid, unread = 0 }) {
  const here = pane.place === id;
  const count = here && document.visibilityState === "visible" ? 0 : unread;
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: `place${count ? " unread" : ""}`, testid, "aria-current": here ? "page" : null, on: { click: () => pane.go(id, true) } },
      icon(sign, 17),
      el("span", { class: "place-name" }, words),
      note ? el("span", { class: "unseen" }, `(${note})`) : null,
      count ? el("span", { class: "badge", "aria-label": W.unread(count) }, String(count)) : null,
    ),
  );
}
