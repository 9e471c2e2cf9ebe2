/** A view the bot drew (a modal or Home) and what the person has typed into it so far. */

import { NotReceived, post } from "./api.js";
import { standing } from "./blocks.js";
import { askFirst } from "./dialog.js";
import { W } from "./words.js";

const PAUSE = 300;

export class ViewForm {
  constructor(pane, view) {
    Object.assign(this, { pane, view, typed: new Map(), told: new Map(), edited: () => {} });
  }

  /** Take over a newer drawing of the same view; what was typed and not told yet stays. */
  renew(view) {
    if (view.hash !== this.view.hash) this.told.clear();
    this.view = view;
  }

  /** What blocks.js needs to draw this view. */
  context(surface) {
    return {
      surface,
      names: this.pane.names,
      fileUrl: (id) => this.pane.fileUrl(id),
      value: (block, own) => this.value(block, own),
      set: (block, own, value, committed) => this.set(block, own, value, committed),
      press: (block, own, choice) => this.press(block, own, choice),
      about: (block, own) => ({
        names: this.pane.names,
        suggest: (words) => this.suggest(block, own, words),
        upload: (file) => this.pane.upload(file),
      }),
    };
  }

  value(block, own) {
    const key = `${block.block_id}/${own.action_id}`;
    if (this.typed.has(key)) return this.typed.get(key).value;
    return this.told.has(key) ? this.told.get(key) : standing(this.view.state?.values, block, own);
  }

  set(block, own, value, committed) {
    this.typed.set(`${block.block_id}/${own.action_id}`, { block, own, value });
    this.edited(block);
    clearTimeout(this.timer);
    if (block.dispatch_action && committed) return void this.tell([`${block.block_id}/${own.action_id}`]);
    this.timer = setTimeout(() => this.flush(), PAUSE);
  }

  /** Tell the workspace what was typed, except where telling would also tell the bot. */
  flush() {
    clearTimeout(this.timer);
    return this.tell([...this.typed].filter(([, { block }]) => !block.dispatch_action).map(([key]) => key));
  }

  async tell(keys) {
    const told = keys.map((key) => [key, this.typed.get(key)]);
    if (!told.length) return;
    const values = Object.fromEntries(told.map(([, { block, value }]) => [block.block_id, value]));
    const answer = await post("fill", { as: this.pane.me, view_id: this.view.id, values }).catch(() => null);
    this.pane.warn(answer?.warning);
    if (!answer) return;
    for (const [key, entry] of told) {
      if (this.typed.get(key) !== entry) continue;
      this.typed.delete(key);
      this.told.set(key, entry.value);
    }
  }

  /** What is typed and not told yet, by block. */
  untold() {
    return Object.fromEntries([...this.typed.values()].map(({ block, value }) => [block.block_id, value]));
  }

  /** Press or choose something. Answers whether it was sent. */
  async press(block, own, choice) {
    if (own.confirm && !(await askFirst(this.pane.layer, own.confirm, this.pane.names))) return false;
    await this.flush();
    const act = { view_id: this.view.id, action_id: own.action_id, block_id: block.block_id };
    return this.pane.act("press", { ...act, ...(own.type === "button" ? { value: own.value } : {}), ...(choice === undefined ? {} : { choice }) });
  }

  async suggest(block, own, words) {
    const ask = { as: this.pane.me, view_id: this.view.id, block_id: block.block_id, action_id: own.action_id, text: words };
    try {
      return (await post("suggest", ask)).options;
    } catch (problem) {
      if (problem instanceof NotReceived) this.pane.warn(W.notReceived);
      return [];
    }
  }
}
