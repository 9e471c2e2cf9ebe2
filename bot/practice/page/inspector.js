/** What went between the bot and the workspace, newest last, each row openable. */

import { get, latest } from "./api.js";
import { el, fill, iconButton } from "./dom.js";
import { W, timeWithSeconds } from "./words.js";

const KEPT = 500;
const AWAY = 300;

export class Inspector {
  constructor({ onClose }) {
    Object.assign(this, { after: 0, rows: [], only: "all", words: "" });
    this.list = el("div", { class: "wire-list", role: "log", "aria-live": "off", "aria-label": W.inspector, tabindex: "0" });
    const filter = el("input", {
      type: "search",
      class: "text-input wire-filter",
      placeholder: W.inspectorFilter,
      "aria-label": W.inspectorFilter,
      on: { input: () => ((this.words = filter.value.trim().toLowerCase()), this.draw()) },
    });
    const ways = [["all", W.inspectorAll], ["bot→slack", W.inspectorOut], ["slack→bot", W.inspectorIn]];
    this.ways = el("div", { class: "wire-ways", role: "group", "aria-label": W.inspector }, ...ways.map(([way, words]) => el("button", { type: "button", class: "way", "data-way": way, "aria-pressed": String(way === "all"), on: { click: () => this.choose(way) } }, words)));
    this.node = el(
      "aside",
      { class: "inspector", "aria-label": W.inspector, testid: "inspector", on: { keydown: (event) => event.key === "Escape" && (event.stopPropagation(), onClose()) } },
      el("header", { class: "inspector-head" }, el("h2", {}, W.inspector), el("button", { type: "button", class: "button quiet-button", on: { click: () => this.clear() } }, W.inspectorClear), iconButton("close", W.trafficClose, { on: { click: onClose } })),
      el("div", { class: "inspector-tools" }, this.ways, filter),
      this.list,
    );
    this.refresh = latest(() => this.look());
  }

  async look() {
    const { rows } = await get("traffic", { after: this.after });
    if (rows.length) {
      this.after = rows[rows.length - 1].n;
      this.rows = [...this.rows, ...rows].slice(-KEPT);
    }
    this.draw();
    await new Promise((resolve) => setTimeout(resolve, AWAY));
  }

  choose(way) {
    this.only = way;
    for (const button of this.ways.children) button.setAttribute("aria-pressed", String(button.dataset.way === way));
    this.draw();
  }

  clear() {
    this.rows = [];
    this.draw();
  }

  draw() {
    const low = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 60;
    const wanted = this.rows.filter((row) => (this.only === "all" || row.direction === this.only) && `${row.kind} ${row.method ?? row.type}`.toLowerCase().includes(this.words));
    if (!wanted.length) return void fill(this.list, el("p", { class: "quiet" }, W.inspectorEmpty));
    const shown = new Map([...this.list.children].map((node) => [node.dataset.n, node]));
    const nodes = wanted.map((row) => shown.get(String(row.n)) ?? this.row(row));
    const same = nodes.length === this.list.children.length && nodes.every((node, index) => node === this.list.children[index]);
    if (!same) this.list.replaceChildren(...nodes);
    if (low) this.list.scrollTop = this.list.scrollHeight;
    return undefined;
  }

  row(row) {
    const out = row.direction === "bot→slack";
    const well = /^(ok\b.*|acked|open|closed|sent|200|)$/i.test(String(row.status ?? ""));
    const body = el("div", { class: "wire-body" });
    const details = el(
      "details",
      { class: `wire ${out ? "out" : "in"}`, "data-n": row.n, testid: "traffic-row", on: { toggle: () => details.open && !body.firstChild && this.open(body, row) } },
      el(
        "summary",
        {},
        el("span", { class: "wire-way", title: out ? W.inspectorOut : W.inspectorIn, "aria-label": out ? W.inspectorOut : W.inspectorIn }, out ? "↑" : "↓"),
        el("span", { class: "wire-name" }, row.method ?? row.type),
        el("span", { class: "wire-kind" }, W.kinds[row.kind] ?? row.kind),
        el("span", { class: well ? "wire-status" : "wire-status off" }, well && !(row.status in W.statuses) ? W.statuses.ok : (W.statuses[row.status] ?? String(row.status))),
        el("span", { class: "wire-ms" }, row.ms ? `${row.ms < 10 ? row.ms.toFixed(1) : Math.round(row.ms)} ms` : ""),
        el("time", { class: "wire-time" }, timeWithSeconds(new Date(row.at))),
      ),
      body,
    );
    return details;
  }

  open(body, row) {
    const part = (title, value) => [el("h3", {}, title), el("pre", { class: "json", tabindex: "0" }, ...(value === null || value === undefined || value === "" ? [W.inspectorNone] : json(value)))];
    fill(body, part(W.inspectorSent, row.request), part(W.inspectorGot, row.response));
  }
}

/** JSON as nodes, indented, each kind of value in its colour. Strings that hold JSON are opened too. */
function json(value, depth = 0) {
  const pad = "  ".repeat(depth + 1);
  const end = `\n${"  ".repeat(depth)}`;
  if (Array.isArray(value)) return value.length ? ["[", ...value.flatMap((item, index) => [index ? "," : "", `\n${pad}`, ...json(item, depth + 1)]), `${end}]`] : ["[]"];
  if (value && typeof value === "object") {
    const pairs = Object.entries(value);
    const line = ([key, item], index) => [index ? "," : "", `\n${pad}`, el("span", { class: "json-key" }, key), ": ", ...json(item, depth + 1)];
    return pairs.length ? ["{", ...pairs.flatMap(line), `${end}}`] : ["{}"];
  }
  if (typeof value === "string" && /^[[{]/.test(value)) {
    try {
      return json(JSON.parse(value), depth);
    } catch {
      /* it only looks like JSON */
    }
  }
  return [el("span", { class: `json-${value === null ? "null" : typeof value}` }, typeof value === "string" ? `"${value}"` : String(value))];
}
