/** Who and what is here, as one person sees it, and what time it is in the workspace. */

import { el } from "./dom.js";
import { W } from "./words.js";

/** The workspace's clock, shared by all panes: ahead of this machine's by `ahead` ms. */
export const clock = {
  ahead: 0,
  set: (now) => (clock.ahead = Date.parse(now) - Date.now()),
  now: () => new Date(Date.now() + clock.ahead),
};

export class Names {
  constructor() {
    Object.assign(this, { me: null, all: new Map(), rooms: new Map(), bot: null, version: "" });
  }

  /** Take over what /practice/state answered. */
  learn(state) {
    this.me = state.me.id;
    this.bot = state.bot;
    this.all = new Map(state.people.map((person) => [person.id, person]));
    this.rooms = new Map(state.channels.map((channel) => [channel.id, channel]));
    this.version = JSON.stringify([state.people, state.channels.map((channel) => [channel.id, channel.name])]);
    clock.set(state.now);
  }

  now() {
    return clock.now();
  }

  /** The short name of a person, or null. */
  user(id) {
    const person = this.all.get(id);
    return person ? person.display_name || person.real_name || person.name : null;
  }

  /** The full name of a person. */
  full(id) {
    const person = this.all.get(id);
    return person ? person.real_name || person.display_name || person.name : id;
  }

  channel(id) {
    return this.rooms.get(id)?.name ?? null;
  }

  isBot(id) {
    return id === this.bot?.id || Boolean(this.all.get(id)?.is_bot);
  }

  /** The people one may choose or become; the bot is none of them. */
  people() {
    return [...this.all.values()].filter((person) => !person.is_bot && !person.deleted);
  }

  places() {
    return [...this.rooms.values()];
  }

  /** A channel as a sidebar names it. */
  place(id) {
    const room = this.rooms.get(id);
    return room?.is_im ? W.talk : `# ${room?.name ?? id}`;
  }
}

const HUES = 8;

/** The round sign of a person: first letter, and a colour that stays theirs. */
export function avatar(person, names, kind = "") {
  if (names.isBot(person)) return el("img", { class: `avatar ${kind}`, src: "mark.svg", alt: "" });
  const hue = [...person].reduce((sum, sign) => (sum * 31 + sign.codePointAt(0)) % 997, 7) % HUES;
  return el("span", { class: `avatar hue-${hue} ${kind}`, "aria-hidden": "true" }, [...(names.user(person) ?? "?")][0]);
}

/** What kind of member a person is, where that matters. */
export function standingOf(person) {
  if (person.deleted) return W.gone;
  if (person.is_stranger) return W.stranger;
  return person.is_restricted || person.is_ultra_restricted ? W.guest : "";
}
