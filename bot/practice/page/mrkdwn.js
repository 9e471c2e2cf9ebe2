/** Slack's mrkdwn → nodes. Text goes in as text; only safe addresses become links. */

import { el } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";
import { dateTokens } from "./words.js";

const SAFE = /^(https?:|mailto:|tel:)/i;
const MARKS = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;
const TOKEN = /<([^<>\n]+)>|`([^`\n]+)`|:([a-z0-9_+-]+):|(https?:\/\/[^\s<>|「」、。()）]+)/gu;

/** `&amp;` → `&`, as Slack writes the three signs it escapes. */
const unescaped = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** What a person types, as Slack's own client sends it. */
export const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A text object (plain_text or mrkdwn) or a bare string of mrkdwn, as nodes. */
export function text(object, names) {
  if (object === null || object === undefined) return [];
  if (typeof object === "string") return mrkdwn(object, names);
  return object.type === "plain_text" ? plain(object.text, object.emoji !== false) : mrkdwn(object.text, names, object.verbatim);
}

/** Plain text with line breaks kept. */
export function plain(words, withSigns = true) {
  return lines(withSigns ? withEmoji(String(words)) : String(words));
}

/** The bare words of a text object, for labels that hold only text. */
export const bare = (object) => (object ? withEmoji(unescaped(typeof object === "string" ? object : (object.text ?? ""))) : "");

function lines(words) {
  return words.split("\n").flatMap((line, index) => (index ? [el("br"), line] : [line]));
}

/** A whole mrkdwn text as nodes: fences, quotes and hanging bullets, then what stands in a line. */
export function mrkdwn(source, names, verbatim = false) {
  const parts = String(source).split(/```([\s\S]+?)```/);
  return parts.flatMap((part, index) => {
    if (index % 2) return [el("pre", { class: "fence" }, unescaped(part.replace(/^\n|\n$/g, "")))];
    const around = part.replace(index > 0 ? /^\n/ : /^$/, "").replace(index < parts.length - 1 ? /\n$/ : /$^/, "");
    return around ? paragraphs(around, names, verbatim) : [];
  });
}

function paragraphs(source, names, verbatim) {
  const out = [];
  let quote = null;
  let hanging = true; // the line before ended in a box of its own
  for (const line of source.split("\n")) {
    const quoted = /^(?:&gt;|>)\s?(.*)$/.exec(line);
    const bullet = /^(\s*)([•◦‣・▪-]|\d+\.)\s+(.*)$/.exec(line);
    if (quoted) {
      if (quote) quote.append(el("br"));
      else out.push((quote = el("blockquote")));
      quote.append(...inline(quoted[1], names, verbatim));
      hanging = true;
      continue;
    }
    quote = null;
    if (bullet) {
      const [, indent, mark, words] = bullet;
      out.push(el("span", { class: `bullet depth-${Math.min(3, indent.length >> 1)}` }, el("span", { class: "bullet-mark" }, `${mark} `), ...inline(words, names, verbatim)));
      hanging = true;
      continue;
    }
    if (!hanging) out.push(el("br"));
    out.push(...(line ? inline(line, names, verbatim) : hanging ? [el("br")] : []));
    hanging = false;
  }
  return out;
}

/** One line: mentions, links, code, signs first; then bold, italic and strike around them. */
function inline(line, names, verbatim) {
  const pieces = [];
  let from = 0;
  for (const match of line.matchAll(TOKEN)) {
    const node = tokenOf(match, names, verbatim);
    if (node === null) continue;
    if (match.index > from) pieces.push(line.slice(from, match.index));
    pieces.push(node);
    from = match.index + match[0].length;
  }
  if (from < line.length) pieces.push(line.slice(from));
  return marked(pieces);
}

function tokenOf([whole, angled, code, sign, address], names, verbatim) {
  if (angled !== undefined) return reference(angled, names);
  if (code !== undefined) return el("code", {}, unescaped(code));
  if (sign !== undefined) return emoji(sign);
  return verbatim ? null : link(unescaped(address), unescaped(address)) ?? whole;
}

/** What stands between < and >. */
function reference(inside, names) {
  const bar = inside.indexOf("|");
  const [target, label] = bar < 0 ? [inside, ""] : [inside.slice(0, bar), unescaped(inside.slice(bar + 1))];
  if (target.startsWith("@")) return mention(`@${names.user(target.slice(1)) ?? (label || target.slice(1))}`, target.slice(1) === names.me);
  if (target.startsWith("#")) return mention(`#${names.channel(target.slice(1)) ?? (label || target.slice(1))}`);
  if (target.startsWith("!")) return special(target.slice(1), label, names);
  return link(unescaped(target), label || unescaped(target)) ?? (label || unescaped(target));
}

function special(target, label, names) {
  const [kind, ...rest] = target.split("^");
  if (kind === "date") {
    const [seconds, pattern, address] = rest;
    const words = Number.isFinite(Number(seconds)) ? dateTokens(pattern ?? "{date}", Number(seconds), names.now()) : label;
    const stamp = el("time", { datetime: new Date(Number(seconds) * 1000).toISOString(), title: label || null }, words);
    return (address && link(address, words)) || stamp;
  }
  if (kind === "subteam") return mention(label || "@グループ");
  const everyone = { here: "@ここにいる人", channel: "@チャンネル全員", everyone: "@全員" }[kind];
  return everyone ? mention(everyone, true) : label || kind;
}

const mention = (words, mine = false) => el("span", { class: mine ? "mention mine" : "mention" }, words);

/** A link where the address is safe, else null. */
export function link(address, words) {
  if (!SAFE.test(address)) return null;
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, words.replace(/^(mailto|tel):/, ""));
}

/** Wrap what stands between a pair of marks. A mark opens and closes only at the edge of a word, as in Slack. */
function marked(pieces) {
  const stack = [{ mark: "", nodes: [] }];
  const flat = pieces.flatMap((piece) => (typeof piece === "string" ? [...unescaped(piece)] : [piece]));
  flat.forEach((sign, index) => {
    const top = stack[stack.length - 1];
    if (!MARKS[sign]) return top.nodes.push(sign);
    const [before, after] = [flat[index - 1], flat[index + 1]];
    const open = stack.findLastIndex((frame) => frame.mark === sign);
    if (open > 0 && closes(before, after)) return close(stack, open);
    if (opens(before, after)) {
      if (open > 0) while (stack.length > open) spill(stack);
      return stack.push({ mark: sign, nodes: [] });
    }
    return top.nodes.push(sign);
  });
  while (stack.length > 1) spill(stack);
  return joined(stack[0].nodes);
}

const wordy = (sign) => typeof sign === "string" && WORD.test(sign);
const gap = (sign) => sign === undefined || (typeof sign === "string" && /\s/.test(sign));
const opens = (before, after) => !wordy(before) && !gap(after);
const closes = (before, after) => !gap(before) && !wordy(after);

function close(stack, open) {
  while (stack.length - 1 > open) spill(stack);
  const { mark, nodes } = stack.pop();
  stack[stack.length - 1].nodes.push(nodes.length ? el(MARKS[mark], {}, ...joined(nodes)) : mark + mark);
}

/** A mark nobody closed is a sign like any other. */
function spill(stack) {
  const { mark, nodes } = stack.pop();
  stack[stack.length - 1].nodes.push(mark, ...nodes);
}

function joined(nodes) {
  const out = [];
  for (const node of nodes) {
    if (typeof node === "string" && typeof out[out.length - 1] === "string") out[out.length - 1] += node;
    else out.push(node);
  }
  return out;
}
