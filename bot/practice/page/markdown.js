/** Standard Markdown, as far as Slack's markdown block takes it → nodes. */

import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { link } from "./mrkdwn.js";

/** A whole Markdown text. */
export function markdown(source) {
  const rows = String(source).replaceAll("\r", "").split("\n");
  const out = [];
  while (rows.length) {
    const taken = fence(rows) ?? rule(rows) ?? heading(rows) ?? quote(rows) ?? list(rows) ?? grid(rows) ?? paragraph(rows);
    if (taken) out.push(taken);
  }
  return el("div", { class: "rich markdown" }, ...out);
}

function fence(rows) {
  if (!rows[0].startsWith("```")) return null;
  rows.shift();
  const end = rows.findIndex((row) => row.startsWith("```"));
  const inside = rows.splice(0, end < 0 ? rows.length : end);
  rows.shift();
  return el("pre", { class: "fence" }, inside.join("\n"));
}

function rule(rows) {
  if (!/^\s*([-*_])(\s*\1){2,}\s*$/.test(rows[0])) return null;
  rows.shift();
  return el("hr");
}

function heading(rows) {
  const match = /^(#{1,6})\s+(.*?)\s*#*$/.exec(rows[0]);
  if (!match) return null;
  rows.shift();
  return el(`h${Math.min(6, match[1].length + 2)}`, {}, ...inline(match[2]));
}

function quote(rows) {
  if (!rows[0].startsWith(">")) return null;
  const inside = [];
  while (rows.length && rows[0].startsWith(">")) inside.push(rows.shift().replace(/^>\s?/, ""));
  return el("blockquote", {}, ...markdown(inside.join("\n")).childNodes);
}

const ITEM = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;

function list(rows) {
  const first = ITEM.exec(rows[0]);
  if (!first) return null;
  const node = el(/\d/.test(first[2]) ? "ol" : "ul", { start: /^\d/.test(first[2]) ? Number.parseInt(first[2], 10) : null });
  while (rows.length) {
    const item = ITEM.exec(rows[0]);
    if (!item || item[1].length < first[1].length) break;
    if (item[1].length > first[1].length) {
      (node.lastElementChild ?? node).append(list(rows));
      continue;
    }
    rows.shift();
    const task = /^\[([ xX])\]\s+(.*)$/.exec(item[3]);
    node.append(el("li", {}, ...(task ? [task[1] === " " ? "☐ " : "☑ ", ...inline(task[2])] : inline(item[3]))));
  }
  return node;
}

const CELLS = (row) => row.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());

function grid(rows) {
  if (!rows[0].includes("|") || !/^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(rows[1] ?? "")) return null;
  const head = CELLS(rows.shift());
  rows.shift();
  const body = [];
  while (rows.length && rows[0].includes("|")) body.push(CELLS(rows.shift()));
  const line = (cells, tag) => el("tr", {}, ...cells.map((cell) => el(tag, {}, ...inline(cell))));
  return el("div", { class: "table-scroll", tabindex: "0" }, el("table", {}, el("thead", {}, line(head, "th")), el("tbody", {}, ...body.map((cells) => line(cells, "td")))));
}

function paragraph(rows) {
  const inside = [];
  while (rows.length && rows[0].trim() && (!inside.length || !/^(#{1,6}\s|>|```|\s*([-*+]|\d+[.)])\s)/.test(rows[0]))) inside.push(rows.shift());
  if (!inside.length) {
    rows.shift();
    return null;
  }
  return el("p", {}, ...inside.flatMap((row, index) => (index ? [el("br"), ...inline(row)] : inline(row))));
}

const RUNS = [
  [/`([^`]+)`/, (match) => el("code", {}, match[1])],
  [/\[([^\]]+)\]\(([^)\s]+)\)/, (match) => link(match[2], match[1]) ?? match[1]],
  [/\*\*(.+?)\*\*|__(.+?)__/, (match) => el("strong", {}, ...inline(match[1] ?? match[2]))],
  [/~~(.+?)~~/, (match) => el("s", {}, ...inline(match[1]))],
  [/\*([^*]+?)\*|(?<![\p{L}\p{N}])_([^_]+?)_(?![\p{L}\p{N}])/u, (match) => el("em", {}, ...inline(match[1] ?? match[2]))],
];

function inline(words) {
  let first = null;
  for (const [pattern, draw] of RUNS) {
    const match = pattern.exec(words);
    if (match && (first === null || match.index < first.match.index)) first = { match, draw };
  }
  if (!first) return words ? [withEmoji(words.replace(/\\([\\`*_{}[\]()#+.!~-])/g, "$1"))] : [];
  const { match, draw } = first;
  return [...inline(words.slice(0, match.index)), draw(match), ...inline(words.slice(match.index + match[0].length))];
}
