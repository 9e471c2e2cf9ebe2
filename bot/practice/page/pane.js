/** One person's screen: their places, what stands in the one they are in, and the windows over it. */

import { NotReceived, Watch, get, latest, post } from "./api.js";
import { composer } from "./composer.js";
import { Layer, jump } from "./dialog.js";
import { el, fill, icon, iconButton } from "./dom.js";
import { Home } from "./home.js";
import { Talk, emptyWords } from "./messages.js";
import { Modals } from "./modal.js";
import { Names, standingOf } from "./names.js";
import { looks, personCard, placeList } from "./sidebar.js";
import { W } from "./words.js";

const TOAST = 7_000;

export class Pane {
  /** `side`: left or right. `place`: a channel id, "bot" or "home". `on`: moved(), state(state), traffic(). */
  constructor({ side, me, place, message = null, on }) {
    Object.assign(this, { side, me, place, message, on, names: new Names(), channels: [], commands: [], shortcuts: [], drafts: new Map(), thread: null });
    this.card = personCard(this);
    this.list = placeList(this);
    this.build();
    this.layer = new Layer(this.over, this.under, () => (this.writer ?? this.home?.node ?? this.menu).focus());
    this.modals = new Modals(this);
    this.refreshState = latest(() => this.learn());
  }

  build() {
    this.said = el("div", { class: "unseen", role: "status", "aria-live": "polite" });
    this.toasts = el("div", { class: "toasts", role: "status" });
    this.lost = el("div", { class: "banner lost", role: "status", hidden: true }, icon("care"), W.lost);
    this.resting = el("div", { class: "banner resting", hidden: true }, icon("leaf"), W.botRestingLong);
    this.menu = iconButton("menu", W.menu, { class: "drawer-button", testid: "menu", "aria-expanded": "false", on: { click: () => this.drawer(true) } });
    this.head = el("header", { class: "place-head" });
    this.stage = el("div", { class: "stage" });
    this.aside = el("aside", { class: "thread", "aria-label": W.thread, hidden: true });
    this.drawerNode = el(
      "div",
      { class: "sidebar", id: `places-${this.side}`, on: { keydown: (event) => event.key === "Escape" && this.opened && (event.stopPropagation(), this.drawer(false)) } },
      this.list.node,
    );
    this.shade = el("div", { class: "shade", on: { click: () => this.drawer(false) } });
    this.main = el("main", { class: "main", "aria-label": this.side === "left" ? W.left : W.right }, this.head, this.lost, this.resting, el("div", { class: "columns" }, this.stage, this.aside));
    this.under = el("div", { class: "under" }, el("div", { class: "who" }, this.menu, this.card.node), this.drawerNode, this.shade, this.main);
    this.over = el("div", { class: "over" });
    this.node = el("section", { class: `pane ${this.side}`, testid: `pane-${this.side}` }, this.under, this.over, this.toasts, this.said);
  }

  /** Begin as this person. */
  async start() {
    await this.learn();
    this.watch = new Watch(this.me, { onChange: (change) => this.heard(change), onOpen: () => this.found(), onLost: () => this.missed() });
    await this.enter();
    await this.modals.refresh();
  }

  stop() {
    this.watch?.close();
  }

  async become(person) {
    this.stop();
    this.modals.gone = true;
    this.layer.open.slice().forEach((entry) => this.layer.lift(entry));
    Object.assign(this, { me: person, thread: null, drafts: new Map(), modals: new Modals(this) });
    await this.start();
    this.drawer(false);
    this.on.moved();
  }

  async learn() {
    const state = await get("state", { as: this.me });
    this.names.learn(state);
    Object.assign(this, { channels: state.channels, commands: state.commands, shortcuts: state.shortcuts, connected: state.bot.connected });
    this.settlePlace();
    this.card.draw();
    this.list.draw(this.channels);
    this.rest();
    this.on.state(state);
  }

  /** Make sure the place is one this person can be in. */
  settlePlace() {
    const talk = this.channels.find((channel) => channel.is_im);
    if (this.place === "bot") this.place = talk.id;
    if (this.place !== "home" && !this.channels.some((channel) => channel.id === this.place)) this.place = talk.id;
  }

  rest() {
    this.resting.hidden = this.connected > 0;
  }

  here() {
    return this.channels.find((channel) => channel.id === this.place);
  }

  // Changes told by the workspace

  heard({ what, channel }) {
    if (what === "messages" && channel === this.talk?.channel) {
      this.quietly(this.talk.refresh());
      if (this.threadTalk) this.quietly(this.threadTalk.refresh());
    } else if (what === "messages" || what === "state" || what === "clock") this.quietly(this.refreshState());
    else if (what === "views") this.quietly(this.modals.refresh());
    else if (what === "home") this.quietly(this.home?.refresh());
    else if (what === "traffic") this.on.traffic();
  }

  found() {
    if (!this.lost.hidden) {
      this.announce(W.back);
      this.quietly(this.refreshState());
      this.quietly(this.talk?.refresh());
      this.quietly(this.home?.refresh());
      this.quietly(this.modals.refresh());
    }
    this.lost.hidden = true;
  }

  missed() {
    this.lost.hidden = false;
  }

  quietly(promise) {
    promise?.catch((problem) => {
      if (!(problem instanceof NotReceived)) throw problem;
    });
  }

  // Going somewhere

  async go(place, toType = false) {
    this.drawer(false);
    if (place !== this.place) {
      this.place = place === "bot" ? this.channels.find((channel) => channel.is_im).id : place;
      this.thread = null;
      await this.enter();
    } else if (place === "home") this.quietly(this.home.open());
    if (toType && this.place !== "home" && matchMedia("(hover: hover)").matches) this.writer?.focus();
    this.on.moved();
  }

  async enter() {
    this.drawHead();
    this.list.draw(this.channels);
    this.rest();
    this.closeThread(false);
    this.talk = this.home = this.writer = null;
    if (this.place === "home") {
      this.home = new Home(this);
      fill(this.stage, this.home.node);
      return this.quietly(this.home.open());
    }
    const channel = this.here();
    const empty = channel.is_im ? emptyWords(W.emptyTalk, W.emptyTalkMore) : emptyWords(W.emptyChannel(channel.name), channel.topic);
    this.talk = new Talk(this, { channel: channel.id, unread: channel.unread, empty, goTo: this.message });
    this.message = null;
    this.talk.stick = true;
    this.writer = composer(this, {
      label: channel.is_im ? W.composerTalk : W.composerChannel(channel.name),
      draft: this.draft(channel.id),
      send: (text) => this.act("say", { channel: channel.id, text, wait: false }),
      command: (name, text) => this.act("command", { channel: channel.id, command: name, text }),
    });
    fill(this.stage, this.talk.node, this.writer.node);
    await this.talk.refresh();
    return undefined;
  }

  draft(key) {
    if (!this.drafts.has(key)) this.drafts.set(key, { text: "", people: {} });
    return this.drafts.get(key);
  }

  drawHead() {
    const channel = this.here();
    if (!channel || channel.is_im) {
      const tab = (id, words, testid) =>
        el("button", { type: "button", role: "tab", class: "tab", testid, "aria-selected": String((this.place === "home") === (id === "home")), on: { click: () => this.go(id) } }, words);
      const talk = this.channels.find((one) => one.is_im).id;
      const title = el("h1", { class: "place-title" }, el("img", { class: "avatar small", src: "mark.svg", alt: "" }), W.talk);
      return fill(this.head, title, el("div", { class: "tabs", role: "tablist", "aria-label": W.talk }, tab("home", W.home, "head-home"), tab(talk, W.messages, "head-messages")));
    }
    const { sign, note } = looks(channel);
    return fill(
      this.head,
      el("h1", { class: "place-title" }, icon(sign, 18), channel.name),
      note ? el("span", { class: "note-mark" }, note) : null,
      channel.topic ? el("p", { class: "topic" }, channel.topic) : null,
    );
  }

  // Threads

  async openThread(ts) {
    this.thread = ts;
    const channel = this.talk.channel;
    this.threadTalk = new Talk(this, { channel, thread: ts, empty: emptyWords(W.emptyThread) });
    this.threadTalk.stick = true;
    const writer = composer(this, {
      label: W.composerThread,
      thread: true,
      draft: this.draft(`${channel}/${ts}`),
      send: (text) => this.act("say", { channel, text, thread_ts: ts, wait: false }),
      command: (name) => (this.warn(W.noCommandHere(name)), false),
    });
    const shut = iconButton("close", W.closeThread, { testid: "thread-close", on: { click: () => this.closeThread() } });
    fill(this.aside, el("header", { class: "thread-head" }, el("h2", {}, W.thread), shut), this.threadTalk.node, writer.node);
    this.aside.hidden = false;
    await this.threadTalk.refresh();
    writer.focus();
  }

  closeThread(back = true) {
    this.thread = this.threadTalk = null;
    this.aside.hidden = true;
    fill(this.aside);
    if (back) this.writer?.focus();
  }

  // Acting

  /** Do something as this person. Answers whether it arrived; says so gently when it did not. */
  async act(what, body) {
    try {
      const answer = await post(what, { as: this.me, ...body });
      this.warn(answer.warning);
      return !answer.warning;
    } catch (problem) {
      if (!(problem instanceof NotReceived)) throw problem;
      this.warn(problem.words ?? W.notReceived);
      return false;
    }
  }

  async upload(file) {
    const answer = await post("upload", { as: this.me, name: file.name, text: await file.text() });
    return answer.file.id;
  }

  /** Where a file of this workspace is shown, or null for one that lies elsewhere. */
  fileUrl(idOrAddress) {
    const id = /^F\w+$/.exec(idOrAddress)?.[0] ?? (URL.parse?.(idOrAddress)?.origin === location.origin ? /\/files\/(\w+)\//.exec(idOrAddress)?.[1] : null);
    return id ? `/practice/file/${id}?as=${encodeURIComponent(this.me)}` : null;
  }

  warn(words) {
    if (words) this.toast(words, "care");
  }

  toast(words, sign = "info") {
    const shut = () => node.remove();
    const node = el("div", { class: `toast ${sign}`, testid: "toast" }, icon(sign), el("span", {}, words), iconButton("close", W.close, { on: { click: shut } }));
    [...this.toasts.children].slice(0, -2).forEach((old) => old.remove());
    this.toasts.append(node);
    setTimeout(shut, TOAST);
  }

  /** Say something aloud for those who listen to the page. */
  announce(words) {
    this.said.textContent = "";
    requestAnimationFrame(() => (this.said.textContent = words));
  }

  drawer(open) {
    this.opened = open;
    this.under.classList.toggle("drawer-open", open);
    this.menu.setAttribute("aria-expanded", String(open));
    this.menu.setAttribute("aria-controls", this.drawerNode.id);
    if (open) this.list.node.querySelector("[aria-current]")?.focus();
    else if (this.drawerNode.contains(document.activeElement)) this.menu.focus();
  }

  /** What Esc does when nothing nearer took it. */
  escape() {
    if (this.layer.escape()) return;
    if (this.opened) this.drawer(false);
    else if (this.thread) this.closeThread();
  }

  jump() {
    const places = [
      { group: W.jumpPlaces, words: W.home, more: W.talk, act: () => this.go("home") },
      ...[...this.channels].sort((one, other) => other.is_im - one.is_im).map((channel) => ({ group: W.jumpPlaces, words: this.names.place(channel.id), more: channel.is_im ? W.messages : channel.topic, act: () => this.go(channel.id, true) })),
    ];
    const people = [...this.names.all.values()]
      .filter((person) => !person.is_bot && person.id !== this.me)
      .map((person) => ({ group: W.jumpPeople, words: person.real_name || person.name, more: person.title || standingOf(person), act: () => this.become(person.id) }));
    jump(this.layer, [...places, ...people]);
  }
}
