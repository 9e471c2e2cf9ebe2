/** The page: one pane or two side by side, the clock, whether the bot is awake, and the inspector. */

import { get, post } from "./api.js";
import { el, fill, icon, iconButton } from "./dom.js";
import { Inspector } from "./inspector.js";
import { openMenu } from "./menu.js";
import { clock } from "./names.js";
import { Pane } from "./pane.js";
import { W, day, time } from "./words.js";

const FIRST = "U_TAKAGI";
const SECOND = "U_SATO";
const asked = new URLSearchParams(location.search);
const root = document.getElementById("app");

const panes = [];
let inspector = null;
let active = null;

const stage = el("div", { class: "panes" });
const pill = el("span", { class: "pill", role: "status", testid: "bot-state" }, el("span", { class: "dot" }), el("span", { class: "pill-words" }));
const clockFace = el("span", { class: "clock-face" });
const clockButton = el("button", { type: "button", class: "bar-button clock", testid: "clock", "aria-haspopup": "menu", on: { click: () => moveClock() } }, icon("clock", 17), clockFace);
const besideButton = barButton("columns", W.sideBySide, "side-by-side", () => (panes.length > 1 ? alone() : beside()));
const wireButton = barButton("wire", W.traffic, "inspector-toggle", () => toggleInspector());
const search = iconButton("search", `${W.jump}(${W.jumpHint})`, { class: "bar-icon", testid: "jump-open", on: { click: () => current().jump() } });
const bar = el("header", { class: "bar" }, el("div", { class: "brand" }, el("img", { src: "mark.svg", alt: "", class: "brand-mark" }), el("span", {}, W.place)), pill, el("div", { class: "bar-tools" }, search, clockButton, besideButton, wireButton));

function barButton(sign, words, testid, act) {
  return el("button", { type: "button", class: "bar-button", testid, "aria-label": words, "aria-pressed": "false", on: { click: act } }, icon(sign, 17), el("span", { class: "bar-words" }, words));
}

const current = () => (panes.includes(active) ? active : panes[0]);

// Panes

async function add(side, me, place, message) {
  const pane = new Pane({ side, me, place, message, on: { moved: remember, state: draw, traffic: () => pane === panes[0] && inspector?.refresh() } });
  for (const kind of ["focusin", "pointerdown"]) pane.node.addEventListener(kind, () => (active = pane));
  panes.push(pane);
  stage.append(pane.node);
  stage.classList.toggle("two", panes.length > 1);
  await pane.start();
  return pane;
}

async function beside(me = null, place = "home") {
  const people = panes[0].names.people().filter((person) => person.id !== panes[0].me);
  const other = me ?? people.find((person) => person.id === SECOND)?.id ?? people[0].id;
  await add("right", other, place);
  showBeside();
  remember();
}

function alone() {
  const [gone] = panes.splice(1, 1);
  gone.stop();
  gone.node.remove();
  stage.classList.remove("two");
  showBeside();
  remember();
}

function showBeside() {
  const two = panes.length > 1;
  const words = two ? W.alone : W.sideBySide;
  besideButton.setAttribute("aria-pressed", String(two));
  besideButton.setAttribute("aria-label", words);
  besideButton.querySelector(".bar-words").textContent = words;
}

/** Keep the address in step, so that it opens the same situation again. */
function remember() {
  const [left, right] = panes;
  const query = right ? { left: left.me, right: right.me, channel: left.place, right_channel: right.place } : { as: left.me, channel: left.place };
  if (inspector) query.inspector = "1";
  history.replaceState(null, "", `?${new URLSearchParams(query)}`);
}

// The bar

let connected = 0;

function draw(state) {
  connected = state.bot.connected;
  pill.classList.toggle("awake", connected > 0);
  pill.querySelector(".pill-words").textContent = connected > 0 ? W.botAwake : W.botResting;
  tick();
}

function tick() {
  const now = clock.now();
  clockFace.textContent = `${day(now, now)} ${time(now)}`;
  clockButton.setAttribute("aria-label", `${W.clock} ${clockFace.textContent}`);
}

function moveClock() {
  const move = (body) => async () => {
    const answer = await post("clock", body).catch(() => null);
    if (!answer) return current().warn(W.clockFixed);
    clock.set(answer.now);
    tick();
    return current().toast(W.clockMoved(clockFace.textContent), "clock");
  };
  const steps = W.clockSteps.map(([seconds, words]) => ({ words, testid: `clock-${seconds}`, act: move({ advance_seconds: seconds }) }));
  openMenu(clockButton, W.clockMove, [...steps, { words: W.clockNow, testid: "clock-now", act: () => move({ now: new Date().toISOString() })() }]);
}

function toggleInspector() {
  if (inspector) {
    inspector.node.remove();
    inspector = null;
  } else {
    inspector = new Inspector({ onClose: () => (toggleInspector(), wireButton.focus()) });
    root.querySelector(".body").append(inspector.node);
    inspector.refresh();
  }
  wireButton.setAttribute("aria-pressed", String(Boolean(inspector)));
  remember();
}

// Keys that work everywhere

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    if (!current().layer.open.length) current().jump();
  } else if (event.key === "Escape" && !event.defaultPrevented) current()?.escape();
  else if (event.key === "F6" && panes.length > 1) {
    event.preventDefault();
    const next = panes[(panes.indexOf(current()) + 1) % panes.length];
    active = next;
    (next.node.querySelector(".window") ?? next.node.querySelector(".me-select")).focus();
  }
});

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") for (const pane of panes) pane.talk?.refresh().catch(() => null);
});

async function start() {
  const skip = el("button", { type: "button", class: "skip", on: { click: () => (current().writer ?? current().home?.node)?.focus() } }, W.skip);
  fill(root, skip, bar, el("div", { class: "body" }, stage));
  const two = asked.has("left") || asked.has("right");
  const known = async (person) => (await get("state", { as: person }).catch(() => null)) && person;
  const left = (await known(asked.get("left") ?? asked.get("as") ?? FIRST)) ?? FIRST;
  await add("left", left, asked.get("channel") ?? (two ? "home" : "bot"), asked.get("message"));
  if (two) await beside((await known(asked.get("right") ?? SECOND)) ?? SECOND, asked.get("right_channel") ?? "home");
  if (asked.get("inspector")) toggleInspector();
  showBeside();
  remember();
  setInterval(tick, 1_000);
}

async function keepTrying() {
  try {
    await start();
  } catch {
    panes.splice(0).forEach((pane) => pane.stop());
    fill(stage);
    fill(root, el("div", { class: "banner lost" }, icon("care"), W.lost));
    setTimeout(keepTrying, 1_500);
  }
}

keepTrying();
