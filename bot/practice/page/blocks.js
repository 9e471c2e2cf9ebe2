/** Slack's blocks → nodes. `ctx` says where they stand: names, surface, press(), and for inputs value(), set(). */

import { chart } from "./chart.js";
import { choiceOf, control, initialChoice, takesAnswer } from "./controls.js";
import { el, freshId, icon } from "./dom.js";
import { markdown } from "./markdown.js";
import { openMenu } from "./menu.js";
import { bare, plain, text } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { W } from "./words.js";

/** All blocks of a message, modal or Home. */
export function blocks(list, ctx) {
  return el("div", { class: `blocks on-${ctx.surface}` }, ...(list ?? []).map((block) => (KINDS[block.type] ?? unknown)(block, ctx)));
}

const unknown = (block) => el("p", { class: "quiet" }, W.unknownBlock(block.type));

const header = (block, ctx) => el(ctx.surface === "home" ? "h2" : "h3", { class: "block-header" }, ...plain(block.text.text));

function section(block, ctx) {
  const fields = block.fields ? el("div", { class: "fields" }, ...block.fields.map((one) => el("div", { class: "field-cell" }, ...text(one, ctx.names)))) : null;
  const words = el("div", { class: "section-words" }, block.text ? el("div", { class: "words" }, ...text(block.text, ctx.names)) : null, fields);
  const side = block.accessory ? el("div", { class: `accessory is-${block.accessory.type}` }, ...element(block, block.accessory, ctx)) : null;
  return el("div", { class: "section" }, words, side);
}

const divider = () => el("hr", { class: "divider" });

function context(block, ctx) {
  const part = (one) => (one.type === "image" ? picture(one, ctx, "context-image") : el("span", {}, ...text(one, ctx.names)));
  return el("div", { class: "context" }, ...block.elements.map(part));
}

const actions = (block, ctx) => el("div", { class: "actions", role: "group" }, ...block.elements.flatMap((one) => element(block, one, ctx)));

function image(block, ctx) {
  const title = block.title ? el("figcaption", {}, ...text(block.title, ctx.names)) : null;
  return el("figure", { class: "image" }, title, picture(block, ctx, "block-image"));
}

/** Only pictures of this workspace are fetched; others are shown by their words. */
function picture(one, ctx, kind) {
  const address = ctx.fileUrl(one.slack_file?.id ?? one.slack_file?.url ?? one.image_url ?? "");
  if (address) return el("img", { class: kind, src: address, alt: one.alt_text ?? "", loading: "lazy" });
  return el("span", { class: `${kind} image-away`, role: "img", "aria-label": one.alt_text || W.picture }, one.alt_text || W.picture);
}

const ALERTS = { info: "info", warning: "care", error: "care", success: "check", default: "info" };

function alert(block, ctx) {
  const level = block.level in ALERTS ? block.level : "default";
  return el("div", { class: `alert ${level}`, role: "note" }, icon(ALERTS[level]), el("div", { class: "words" }, ...text(block.text, ctx.names)));
}

function table(block, ctx) {
  const settings = block.column_settings ?? [];
  const cell = (one, column, tag) => {
    const words = one.type === "rich_text" ? [richText(one, ctx.names)] : plain(one.text ?? one.value ?? "");
    const look = `align-${settings[column]?.align ?? "left"}${settings[column]?.is_wrapped ? " wrapped" : ""}`;
    return el(tag, { class: look, scope: tag === "th" ? "col" : null }, ...words);
  };
  const [head, ...rest] = block.rows;
  return el(
    "div",
    { class: "table-scroll", tabindex: "0", role: "region", "aria-label": W.chartData },
    el(
      "table",
      {},
      el("thead", {}, el("tr", {}, ...head.map((one, column) => cell(one, column, "th")))),
      el("tbody", {}, ...rest.map((row) => el("tr", {}, ...row.map((one, column) => cell(one, column, "td"))))),
    ),
  );
}

function input(block, ctx) {
  const [label, hint, count] = [freshId("label"), freshId("hint"), freshId("count")];
  const own = block.element;
  const counter = own.type === "plain_text_input" && (own.max_length || own.min_length) ? el("span", { id: count, class: "counter" }) : null;
  const told = (value) => counter && tellLength(counter, own, String(value ?? ""));
  const value = ctx.value(block, own);
  told(value);
  const group = own.type === "checkboxes" || own.type === "radio_buttons" || own.type.startsWith("multi_");
  const node = control(own, {
    ...ctx.about(block, own),
    testid: `input-${block.block_id}`,
    labelledby: label,
    describedby: [block.hint ? hint : null, counter ? count : null].filter(Boolean).join(" ") || null,
    required: !block.optional,
    dispatches: block.dispatch_action,
    value,
    change: (next, committed) => (told(next), ctx.set(block, own, next, committed)),
  });
  const target = node.matches("input,textarea,select") ? node : node.querySelector("input,textarea,select");
  if (!group && target) target.id = freshId("control");
  const mark = block.optional
    ? el("span", { class: "optional" }, W.optional)
    : el("span", { class: "asked", title: W.asked }, el("span", { "aria-hidden": "true" }, "＊"), el("span", { class: "unseen" }, W.asked));
  return el(
    "div",
    { class: "field", "data-block": block.block_id },
    el("div", { class: "field-head" }, el(group ? "div" : "label", { class: "field-label", for: group ? null : target?.id }, el("span", { id: label }, ...plain(block.label.text)), mark), counter),
    node,
    block.hint ? el("p", { id: hint, class: "hint" }, ...plain(block.hint.text)) : null,
  );
}

function tellLength(counter, own, words) {
  const length = [...words].length;
  const [least, most] = [own.min_length ?? 0, own.max_length ?? 3000];
  counter.classList.toggle("over", length > most);
  if (length > most) counter.textContent = W.lettersOver(length - most);
  else if (length > 0 && length < least) counter.textContent = W.lettersShort(length, least);
  else counter.textContent = own.max_length ? W.letters(length, most) : "";
}

const KINDS = {
  header,
  section,
  divider,
  context,
  actions,
  context_actions: actions,
  image,
  alert,
  table,
  input,
  rich_text: (block, ctx) => richText(block, ctx.names),
  markdown: (block) => markdown(block.text),
  data_visualization: (block) => chart(block),
};

// What can be pressed

function element(block, own, ctx) {
  if (own.type === "button" || own.type === "workflow_button") return [button(block, own, ctx)];
  if (own.type === "overflow") return [overflow(block, own, ctx)];
  if (own.type === "image") return [picture(own, ctx, "accessory-image")];
  if (takesAnswer(own)) return [answered(block, own, ctx)];
  return [unknown(own)];
}

function button(block, own, ctx) {
  const press = async (event) => {
    const node = event.currentTarget;
    node.setAttribute("aria-busy", "true");
    await ctx.press(block, own, undefined).finally(() => node.removeAttribute("aria-busy"));
  };
  const looks = {
    class: `button ${own.style ?? ""}`,
    testid: `action-${own.action_id}`,
    "data-focus": `${block.block_id}/${own.action_id}`,
    "data-value": own.value,
    "aria-label": own.accessibility_label,
    on: { click: press },
  };
  if (own.url) return el("a", { ...looks, href: /^https?:/i.test(own.url) ? own.url : null, target: "_blank", rel: "noopener noreferrer" }, ...plain(own.text.text));
  return el("button", { type: "button", ...looks }, ...plain(own.text.text));
}

function overflow(block, own, ctx) {
  const node = el(
    "button",
    {
      type: "button",
      class: "button overflow",
      "aria-label": W.more,
      "aria-haspopup": "menu",
      testid: `action-${own.action_id}`,
      "data-focus": `${block.block_id}/${own.action_id}`,
      on: {
        click: () =>
          openMenu(
            node,
            W.more,
            own.options.map((option) => ({
              words: bare(option.text),
              more: bare(option.description),
              testid: `option-${option.value}`,
              act: () => {
                if (/^https?:/i.test(option.url ?? "")) open(option.url, "_blank", "noopener,noreferrer");
                ctx.press(block, own, option.value);
              },
            })),
          ),
      },
    },
    icon("more"),
  );
  return node;
}

/** A choice that is told to the bot at once, without a submit. */
function answered(block, own, ctx) {
  const kept = ctx.value(block, own);
  const draw = (value) =>
    control(own, {
      ...ctx.about(block, own),
      testid: `action-${own.action_id}`,
      label: bare(own.placeholder) || own.accessibility_label || (block.text ? bare(block.text) : null) || W.choose,
      required: true,
      value,
      change: async (next, committed) => {
        if (!committed) return;
        const sent = await ctx.press(block, own, next);
        if (!sent) holder.replaceChildren(draw(ctx.value(block, own)));
      },
    });
  const holder = el("span", { class: `answered is-${own.type}` }, draw(kept));
  return holder;
}

/** What stands in an element: from the surface's state where there is one, else as the bot drew it. */
export function standing(state, block, own) {
  const known = state?.[block.block_id]?.[own.action_id];
  return known ? choiceOf(known, own) : initialChoice(own);
}
