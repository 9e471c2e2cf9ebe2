/** The bot's Home, as one person sees it. */

import { get, latest, post } from "./api.js";
import { blocks } from "./blocks.js";
import { el, fill, remember } from "./dom.js";
import { ViewForm } from "./view.js";
import { W } from "./words.js";

export class Home {
  constructor(pane) {
    this.pane = pane;
    this.me = pane.me;
    this.node = el("div", { class: "home", role: "region", "aria-label": W.home, tabindex: "-1", testid: "home" });
    this.refresh = latest(async () => this.draw((await get("home", { as: this.me })).view));
  }

  /** Go there: show what is known at once, and let the bot know. */
  async open() {
    await this.refresh();
    const answer = await post("home", { as: this.me }).catch(() => null);
    this.pane.warn(answer ? answer.warning : W.notReceived);
    if (answer) this.draw(answer.view);
  }

  draw(view) {
    if (!view) return void fill(this.node, el("div", { class: "empty" }, el("p", { class: "empty-title" }, W.emptyHome), el("p", {}, W.emptyHomeMore)));
    const sign = `${view.id}/${view.hash}`;
    if (sign === this.drawnAs) return undefined;
    this.drawnAs = sign;
    this.form ??= new ViewForm(this.pane, view);
    this.form.renew(view);
    const restore = remember(this.node);
    const scrolled = this.node.scrollTop;
    fill(this.node, el("div", { class: "home-page" }, blocks(view.blocks, this.form.context("home"))));
    this.node.scrollTop = scrolled;
    restore();
    return undefined;
  }
}
