/** The modals in front of one person, the top one drawn. */

import { get, latest, post } from "./api.js";
import { blocks } from "./blocks.js";
import { el, fill, freshId, icon, iconButton, reachable, remember } from "./dom.js";
import { bare } from "./mrkdwn.js";
import { ViewForm } from "./view.js";
import { W } from "./words.js";

export class Modals {
  constructor(pane) {
    Object.assign(this, { pane, forms: new Map(), window: null, lift: null, drawnAs: "" });
    this.refresh = latest(() => this.look());
  }

  async look() {
    const { views } = await get("views", { as: this.pane.me });
    if (this.gone) return undefined;
    const top = views[views.length - 1];
    for (const id of this.forms.keys()) if (!views.some((view) => view.id === id)) this.forms.delete(id);
    if (!top) return this.shut();
    const sign = `${top.id}/${top.hash}/${views.length}`;
    if (sign === this.drawnAs) return undefined;
    const fresh = !this.drawnAs.startsWith(`${top.id}/`);
    this.drawnAs = sign;
    return this.draw(top, views.length, fresh);
  }

  shut() {
    this.lift?.();
    Object.assign(this, { window: null, lift: null, drawnAs: "" });
  }

  draw(view, depth, fresh) {
    const form = this.forms.get(view.id) ?? new ViewForm(this.pane, view);
    form.renew(view);
    form.edited = (block) => this.forgive(block.block_id);
    this.forms.set(view.id, form);
    this.form = form;
    const restore = this.window ? remember(this.window) : () => {};
    const words = bare(view.title);
    const other = fresh || words !== this.words;
    const scrolled = other ? 0 : (this.body?.scrollTop ?? 0);
    this.words = words;
    const title = freshId("title");
    this.body = el("div", { class: "modal-body" }, blocks(view.blocks, form.context("modal")));
    const parts = [this.head(view, depth, title), this.body, this.foot(view)];
    const sheet = el("form", { class: "modal-form", novalidate: true, on: { submit: (event) => (event.preventDefault(), this.submit(view)) } }, ...parts);
    if (!this.window) this.open();
    fill(this.window, sheet);
    this.window.setAttribute("aria-labelledby", title);
    this.body.scrollTop = scrolled;
    if (fresh) this.focusFirst();
    else restore();
    if (!this.window.contains(document.activeElement)) this.window.focus({ preventScroll: true });
    if (other) this.pane.announce(W.formOpened(words));
  }

  open() {
    this.window = el("div", {
      class: "window modal",
      role: "dialog",
      "aria-modal": "true",
      tabindex: "-1",
      testid: "modal",
      on: { keydown: (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing && this.window.querySelector("form").requestSubmit() },
    });
    this.lift = this.pane.layer.lay(this.window, { onEscape: () => this.close(false), first: this.window });
  }

  focusFirst() {
    const first = reachable(this.body).find((node) => node.matches("input,textarea,select") && node.closest(".field"));
    const seen = first && first.getBoundingClientRect().bottom < this.body.getBoundingClientRect().bottom;
    (seen ? first : this.window).focus({ preventScroll: true });
  }

  head(view, depth, title) {
    const back = depth > 1 ? iconButton("back", W.goBack, { testid: "modal-back", on: { click: () => this.close(false) } }) : null;
    return el(
      "header",
      { class: "modal-head" },
      back,
      el("h2", { id: title, class: "window-title" }, bare(view.title)),
      iconButton("close", depth > 1 ? W.closeAll : W.close, { testid: "modal-dismiss", on: { click: () => this.close(true) } }),
    );
  }

  foot(view) {
    const inputs = view.blocks.filter((block) => block.type === "input");
    const asked = inputs.filter((block) => !block.optional).length;
    const legend = !asked || !view.submit ? "" : asked < inputs.length ? W.askedOnly : W.askedAll;
    this.note = el("div", { class: "modal-note", role: "status" });
    return el(
      "footer",
      { class: "modal-foot" },
      this.note,
      el("p", { class: "legend" }, legend),
      el(
        "div",
        { class: "window-foot" },
        el("button", { type: "button", class: "button", testid: "modal-close", on: { click: () => this.close(false) } }, bare(view.close) || W.close),
        view.submit ? el("button", { type: "submit", class: "button primary", testid: "modal-submit" }, bare(view.submit)) : null,
      ),
    );
  }

  async close(clear) {
    const view = this.form?.view;
    if (!view || this.busy) return;
    await post("close", { as: this.pane.me, view_id: view.id, clear }).catch(() => this.pane.warn(W.notReceived));
    await this.refresh();
  }

  async submit(view) {
    if (this.busy) return;
    this.busy = true;
    const button = this.window.querySelector("[type=submit]");
    button?.setAttribute("aria-busy", "true");
    fill(this.note);
    clearTimeout(this.form.timer);
    const form = this.form;
    const values = form.untold();
    const answer = await post("submit", { as: this.pane.me, view_id: view.id, values: Object.keys(values).length ? values : null }).catch((problem) => ({
      warning: problem.words ?? W.notReceived,
    }));
    this.busy = false;
    button?.removeAttribute("aria-busy");
    this.show(answer.errors ?? {});
    this.warn(answer);
    if (!answer.warning && !answer.errors) form.typed.clear();
    await this.refresh();
  }

  warn({ warning, invalid }) {
    if (!warning || !this.note) return;
    const reasons = invalid?.length ? el("details", {}, el("summary", {}, W.inspectorGot), el("pre", {}, invalid.join("\n"))) : null;
    fill(this.note, icon("care"), el("div", {}, warning, reasons));
  }

  /** Put each complaint under its field and go to the first. */
  show(errors) {
    this.body.querySelectorAll(".field-error").forEach((node) => node.remove());
    this.body.querySelectorAll("[aria-invalid]").forEach((node) => node.removeAttribute("aria-invalid"));
    let first = null;
    for (const [block, words] of Object.entries(errors)) {
      const field = [...this.body.querySelectorAll(".field")].find((node) => node.dataset.block === block);
      if (!field) {
        fill(this.note, icon("care"), words);
        continue;
      }
      const id = freshId("error");
      field.append(el("p", { id, class: "field-error", testid: `error-${block}` }, icon("info", 16), el("span", {}, words)));
      const own = field.querySelector("input,textarea,select");
      own?.setAttribute("aria-invalid", "true");
      own?.setAttribute("aria-errormessage", id);
      own?.setAttribute("aria-describedby", [own.getAttribute("aria-describedby"), id].filter(Boolean).join(" "));
      first ??= own ?? field;
    }
    const order = this.body.querySelector("[aria-invalid]") ?? first;
    order?.focus();
    order?.closest(".field")?.scrollIntoView({ block: "nearest" });
  }

  forgive(block) {
    const field = [...this.body.querySelectorAll(".field")].find((node) => node.dataset.block === block);
    field?.querySelector(".field-error")?.remove();
    field?.querySelectorAll("[aria-invalid]").forEach((node) => node.removeAttribute("aria-invalid"));
  }
}
