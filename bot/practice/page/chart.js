/** A data_visualization block as quiet bars, with the same numbers as a table for those who would rather read. */

import { drawn, el, freshId } from "./dom.js";
import { W } from "./words.js";

const ROW = 30;
const WIDTH = 520;
const LABELS = 150;

/** The chart, its sentence, and its numbers. */
export function chart(block) {
  const { names, rows } = figures(block.chart ?? {});
  const title = freshId("chart");
  const most = Math.max(1, ...rows.flatMap((row) => row.values));
  return el(
    "figure",
    { class: "chart", "aria-labelledby": title },
    el("figcaption", { id: title }, block.title ?? ""),
    bars(rows, most),
    el("details", {}, el("summary", {}, W.chartData), numbers(names, rows)),
  );
}

function figures(picture) {
  if (picture.type === "pie") {
    const total = picture.segments.reduce((sum, part) => sum + part.value, 0) || 1;
    const rows = picture.segments.map((part) => ({ label: part.label, values: [part.value], note: `${Math.round((part.value / total) * 100)}%` }));
    return { names: [""], rows };
  }
  const series = picture.series ?? [];
  const labels = picture.axis_config?.categories ?? [...new Set(series.flatMap((one) => (one.data ?? []).map((point) => point.label)))];
  const at = (one, label) => (one.data ?? []).find((point) => point.label === label)?.value ?? 0;
  return { names: series.map((one) => one.name), rows: labels.map((label) => ({ label, values: series.map((one) => at(one, label)) })) };
}

function bars(rows, most) {
  const thick = (row) => Math.max(6, (ROW - 10) / row.values.length);
  const picture = drawn("svg", { viewBox: `0 0 ${WIDTH} ${rows.length * ROW}`, class: "chart-bars", "aria-hidden": "true" });
  rows.forEach((row, line) => {
    picture.append(drawn("text", { x: LABELS - 8, y: line * ROW + ROW / 2 + 4, "text-anchor": "end" }, row.label));
    row.values.forEach((value, index) => {
      const width = (value / most) * (WIDTH - LABELS - 70);
      const y = line * ROW + 5 + index * thick(row);
      picture.append(drawn("rect", { x: LABELS, y, width: Math.max(1, width), height: thick(row) - 2, rx: 3, class: `series-${index % 4}` }));
      if (row.values.length < 3) picture.append(drawn("text", { x: LABELS + width + 6, y: y + thick(row) / 2 + 3, class: "chart-value" }, row.note ? `${value}(${row.note})` : String(value)));
    });
  });
  return picture;
}

function numbers(names, rows) {
  const head = el("tr", {}, el("th"), ...names.map((name) => el("th", { scope: "col" }, name)));
  const body = rows.map((row) => el("tr", {}, el("th", { scope: "row" }, row.label), ...row.values.map((value) => el("td", {}, String(value)))));
  return el("table", {}, el("thead", {}, head), el("tbody", {}, ...body));
}
