/** The messages of a channel, of the talk with the bot, or of one thread. */

import { get, latest, post } from "./api.js";
import { blocks, standing } from "./blocks.js";
import { askFirst } from "./dialog.js";
import { el, icon, iconButton, keep } from "./dom.js";
import { openMenu } from "./menu.js";
import { mrkdwn } from "./mrkdwn.js";
import { avatar } from "./names.js";
import { W, day, dayKey, nearDay, size, time, whenOf } from "./words.js";

const NEAR = 5 * 60_000;
const PAGE = 100;
const MOST = 5_000;

export class Talk {
  /** `channel` to show; only the thread of `thread` where given. `empty`: what stands there while it is empty. */
  constructor(pane, { channel, thread = null, unread = 0, empty, goTo = null }) {
    Object.assign(this, { pane, me: pane.me, channel, thread, unread, goTo, limit: PAGE, chosen: new Map(), heard: null });
    this.older = el("button", { type: "button", class: "button quiet-button older", hidden: true, on: { click: () => this.more() } }, W.earlier);
    this.list = el("div", { class: "message-list" });
    this.empty = el("div", { class: "empty", hidden: true }, ...empty);
    const label = thread ? W.thread : W.messages;
    this.node = el("div", { class: "talk", role: "log", "aria-live": "off", "aria-label": label, tabindex: "0" }, this.older, this.empty, this.list);
    this.refresh = latest(() => this.look());
    this.low = true;
    this.node.addEventListener("scroll", () => (this.low = this.isLow()), { passive: true });
    new ResizeObserver(() => this.low && this.toEnd()).observe(this.node);
  }

  async look() {
    const { messages } = await get("messages", { as: this.me, channel: this.channel, thread_ts: this.thread, limit: this.limit });
    const { low } = this;
    this.older.hidden = messages.length < this.limit || this.limit >= MOST;
    this.empty.hidden = messages.length > (this.thread ? 1 : 0);
    keep(this.list, this.rows(messages), { key: (row) => row.id, sign: (row) => row.sign, draw: (row) => row.draw() });
    this.tellNews(messages);
    if (this.goTo) this.show(this.goTo);
    else if (low || this.stick || messages[messages.length - 1]?.user === this.pane.me) this.toEnd();
    this.stick = false;
    if (!this.thread && document.visibilityState === "visible") await post("read", { as: this.me, channel: this.channel }).catch(() => null);
  }

  isLow() {
    return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < 80;
  }

  toEnd() {
    this.node.scrollTop = this.node.scrollHeight;
  }

  async more() {
    const below = this.node.scrollHeight - this.node.scrollTop;
    this.limit = Math.min(MOST, this.limit * 3);
    await this.refresh();
    this.node.scrollTop = this.node.scrollHeight - below;
  }

  /** Bring one message into sight and mark it for a moment. */
  show(ts) {
    const row = [...this.list.children].find((node) => node.dataset.ts === ts);
    if (!row) return;
    this.goTo = null;
    row.scrollIntoView({ block: "center" });
    row.classList.add("sought");
    setTimeout(() => row.classList.remove("sought"), 2_500);
  }

  /** Say aloud what others wrote since the last look. */
  tellNews(messages) {
    const last = messages[messages.length - 1];
    const before = this.heard;
    this.heard = last?.ts ?? "";
    if (before === null) return;
    for (const message of messages.filter((one) => one.ts > before && one.user !== this.pane.me).slice(-3)) {
      const words = mrkdwn(message.text ?? "", this.pane.names).map((node) => node.textContent ?? node).join(" ");
      this.pane.announce(W.said(this.pane.names.user(message.user) ?? "", words));
    }
  }

  rows(messages) {
    const { names } = this.pane;
    const now = names.now();
    const rows = [];
    const firstNew = this.unread ? messages[Math.max(0, messages.length - this.unread)]?.ts : null;
    if (this.newFrom === undefined) this.newFrom = firstNew;
    let before = null;
    messages.forEach((message, index) => {
      const [when, today] = [whenOf(message.ts), dayKey(whenOf(message.ts))];
      if (!this.thread && (!before || dayKey(whenOf(before.ts)) !== today)) {
        const words = nearDay(when, now);
        rows.push({ id: `day-${today}`, sign: words, draw: () => el("div", { class: "day-line", role: "separator" }, el("span", {}, words, words === day(when, now) ? null : el("small", {}, day(when, now)))) });
        before = null;
      }
      if (this.newFrom && message.ts === this.newFrom) {
        rows.push({ id: "new", sign: "", draw: () => el("div", { class: "new-line", role: "separator" }, el("span", {}, W.newFrom)) });
        before = null;
      }
      const follows = Boolean(before) && before.user === message.user && Boolean(before.ephemeral) === Boolean(message.ephemeral) && when - whenOf(before.ts) < NEAR;
      const parent = this.thread && index === 0;
      rows.push({ id: message.ts, sign: `${JSON.stringify(message)}${follows}${names.version}`, draw: () => this.draw(message, follows, parent) });
      before = message.reply_count ? null : message;
    });
    return rows;
  }

  draw(message, follows, parent) {
    const { names } = this.pane;
    const when = whenOf(message.ts);
    const bot = names.isBot(message.user);
    const name = bot ? (message.username ?? message.bot_profile?.name ?? W.talk) : (names.full(message.user) ?? message.user);
    const stamp = el("time", { datetime: when.toISOString(), title: day(when, names.now()) }, time(when));
    const head = el("div", { class: "message-head" }, el("span", { class: "message-name" }, name), bot ? el("span", { class: "app-mark" }, W.app) : null, stamp);
    const edited = message.edited ? el("span", { class: "edited" }, W.edited) : null;
    const alone = message.ephemeral ? el("div", { class: "only-you" }, icon("eye", 14), W.onlyYou) : null;
    return el(
      "article",
      { class: `message${follows ? " follows" : ""}${message.ephemeral ? " whispered" : ""}${parent ? " parent" : ""}`, testid: "message", "data-ts": message.ts, "aria-label": `${name} ${time(when)}` },
      follows ? el("span", { class: "message-side" }, stamp.cloneNode(true)) : el("span", { class: "message-side" }, avatar(message.user, names)),
      el("div", { class: "message-main" }, follows ? null : head, alone, this.content(message), edited, this.files(message), this.reactions(message), parent ? null : this.replies(message)),
      message.ephemeral ? null : this.tools(message),
    );
  }

  content(message) {
    const { names } = this.pane;
    const own = message.blocks?.length
      ? blocks(message.blocks, this.context(message))
      : message.text
        ? el("div", { class: "words" }, ...mrkdwn(message.text, names))
        : null;
    const more = (message.attachments ?? []).map((one) =>
      el("div", { class: "attachment" }, one.pretext ? el("div", {}, ...mrkdwn(one.pretext, names)) : null, one.blocks ? blocks(one.blocks, this.context(message)) : el("div", { class: "words" }, one.title ? el("strong", {}, one.title) : null, ...mrkdwn(one.text ?? one.fallback ?? "", names))),
    );
    return [own, ...more];
  }

  context(message) {
    const at = (block, own) => `${message.ts}/${block.block_id}/${own.action_id}`;
    return {
      surface: "message",
      names: this.pane.names,
      fileUrl: (id) => this.pane.fileUrl(id),
      value: (block, own) => this.chosen.get(at(block, own)) ?? standing(null, block, own),
      set: () => {},
      about: () => ({ names: this.pane.names, suggest: async () => [], upload: (file) => this.pane.upload(file) }),
      press: async (block, own, choice) => {
        if (own.confirm && !(await askFirst(this.pane.layer, own.confirm, this.pane.names))) return false;
        const act = { channel: this.channel, ts: message.ts, action_id: own.action_id, block_id: block.block_id };
        if (choice !== undefined && own.type !== "overflow") this.chosen.set(at(block, own), choice);
        return this.pane.act("press", { ...act, ...(own.type === "button" ? { value: own.value } : {}), ...(choice === undefined ? {} : { choice }) });
      },
    };
  }

  files(message) {
    return (message.files ?? []).map((file) =>
      el(
        "a",
        { class: "file-card", href: this.pane.fileUrl(file.id), target: "_blank", rel: "noopener noreferrer", testid: "file" },
        icon("file", 26),
        el("span", { class: "file-words" }, el("span", { class: "file-name" }, file.title || file.name), el("small", {}, W.fileOf(file.pretty_type || file.filetype?.toUpperCase(), file.size ? size(file.size) : ""))),
        el("span", { class: "file-open" }, W.open),
      ),
    );
  }

  reactions(message) {
    if (!message.reactions?.length) return null;
    const sign = (name) => mrkdwn(`:${name}:`, this.pane.names).map((node) => node.textContent ?? node).join("");
    return el("div", { class: "reactions" }, ...message.reactions.map((one) => el("span", { class: "reaction" }, sign(one.name), ` ${one.count ?? one.users?.length ?? 1}`)));
  }

  replies(message) {
    if (!message.reply_count || this.thread) return null;
    const faces = (message.reply_users ?? []).slice(0, 4).map((user) => avatar(user, this.pane.names, "tiny"));
    return el("button", { type: "button", class: "replies", testid: "replies", on: { click: () => this.pane.openThread(message.ts) } }, ...faces, W.replies(message.reply_count));
  }

  tools(message) {
    const offered = this.pane.shortcuts.filter((one) => one.type === "message");
    const more = iconButton("more", W.more, {
      testid: "message-menu",
      "aria-haspopup": "menu",
      on: {
        click: () =>
          openMenu(
            more,
            W.messageMenu,
            offered.map((one) => ({ words: one.name, more: one.description, testid: `shortcut-${one.callback_id}`, act: () => this.pane.act("shortcut", { callback_id: one.callback_id, channel: this.channel, ts: message.ts }) })),
          ),
      },
    });
    const reply = this.thread ? null : iconButton("reply", W.openThread, { testid: "reply", on: { click: () => this.pane.openThread(message.ts) } });
    return reply || offered.length ? el("div", { class: "message-tools" }, reply, offered.length ? more : null) : null;
  }
}

/** What stands where nothing was said yet. */
export const emptyWords = (title, more = "") => [el("p", { class: "empty-title" }, title), more ? el("p", {}, more) : null].filter(Boolean);
