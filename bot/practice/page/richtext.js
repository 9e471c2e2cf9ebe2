/** Slack's rich_text blocks → nodes. */

import { el } from "./dom.js";
import { emoji } from "./emoji.js";
import { link } from "./mrkdwn.js";
import { dateTokens } from "./words.js";

/** A whole rich_text block. */
export function richText(block, names) {
  return el("div", { class: "rich" }, ...(block.elements ?? []).map((part) => box(part, names)));
}

function box(part, names) {
  const inside = () => (part.elements ?? []).flatMap((piece) => run(piece, names));
  switch (part.type) {
    case "rich_text_list":
      return list(part, names);
    case "rich_text_quote":
      return el("blockquote", {}, ...inside());
    case "rich_text_preformatted":
      return el("pre", { class: "fence" }, ...inside());
    default:
      return el("p", {}, ...inside());
  }
}

function list(part, names) {
  const items = (part.elements ?? []).map((item) => el("li", {}, ...(item.elements ?? []).flatMap((piece) => run(piece, names))));
  const start = part.style === "ordered" && part.offset ? part.offset + 1 : null;
  return el(part.style === "ordered" ? "ol" : "ul", { class: `depth-${Math.min(3, part.indent ?? 0)}`, start }, ...items);
}

function run(piece, names) {
  return styled(said(piece, names), piece.style ?? {});
}

function said(piece, names) {
  switch (piece.type) {
    case "text":
      return piece.text.split("\n").flatMap((line, index) => (index ? [el("br"), line] : [line]));
    case "link":
      return [link(piece.url, piece.text || piece.url) ?? (piece.text || piece.url)];
    case "user":
      return [el("span", { class: "mention" }, `@${names.user(piece.user_id) ?? piece.user_id}`)];
    case "channel":
      return [el("span", { class: "mention" }, `#${names.channel(piece.channel_id) ?? piece.channel_id}`)];
    case "usergroup":
      return [el("span", { class: "mention" }, "@グループ")];
    case "broadcast":
      return [el("span", { class: "mention mine" }, { here: "@ここにいる人", channel: "@チャンネル全員" }[piece.range] ?? "@全員")];
    case "emoji":
      return [piece.unicode ? fromCode(piece.unicode) : (emoji(piece.name) ?? `:${piece.name}:`)];
    case "date":
      return [el("time", {}, dateTokens(piece.format ?? "{date}", piece.timestamp, names.now()))];
    case "color":
      return [el("code", {}, piece.value)];
    default:
      return [piece.text ?? ""];
  }
}

const fromCode = (code) => String.fromCodePoint(...code.split("-").map((part) => Number.parseInt(part, 16)));

function styled(nodes, style) {
  const tags = [["code", style.code], ["s", style.strike], ["em", style.italic], ["strong", style.bold], ["u", style.underline]];
  return tags.reduce((inner, [tag, wanted]) => (wanted ? [el(tag, {}, ...inner)] : inner), nodes);
}
