/** A small menu beside the control that opened it. */

import { el, freshId } from "./dom.js";

let shutOpen = null;

/** Open a menu at `anchor`. `items`: {words, more, testid, act}, or {note}. Esc, Tab or a press elsewhere shuts it. */
export function openMenu(anchor, label, items) {
  shutOpen?.();
  const id = freshId("menu");
  const buttons = [];
  const rows = items.map((item) => {
    if (item.note) return el("p", { class: "menu-note" }, item.note);
    const button = el(
      "button",
      {
        type: "button",
        role: "menuitem",
        class: item.danger ? "menu-item danger" : "menu-item",
        tabindex: "-1",
        testid: item.testid,
        on: { click: () => (shut(true), item.act()) },
      },
      el("span", {}, item.words),
      item.more ? el("small", {}, item.more) : null,
    );
    buttons.push(button);
    return button;
  });
  const menu = el("div", { id, role: "menu", class: "menu", "aria-label": label, tabindex: "-1", on: { keydown: (event) => key(event) } }, ...rows);

  function key(event) {
    const at = buttons.indexOf(document.activeElement);
    const go = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    event.stopPropagation();
    if (event.key === "Escape") return shut(true);
    if (event.key === "Tab") return shut(true);
    if (go === undefined || !buttons.length) return undefined;
    event.preventDefault();
    return buttons[(go + buttons.length) % buttons.length].focus();
  }

  function outside(event) {
    if (!menu.contains(event.target) && !anchor.contains(event.target)) shut(false);
  }

  function shut(backToAnchor) {
    menu.remove();
    anchor.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    removeEventListener("resize", leave);
    if (shutOpen === leave) shutOpen = null;
    if (backToAnchor) anchor.focus();
  }

  function leave() {
    shut(false);
  }

  document.body.append(menu);
  place(menu, anchor.getBoundingClientRect());
  anchor.setAttribute("aria-haspopup", "menu");
  anchor.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", outside, true);
  addEventListener("resize", leave);
  shutOpen = leave;
  (buttons[0] ?? menu).focus();
  return leave;
}

function place(menu, near) {
  const { width, height } = menu.getBoundingClientRect();
  const above = near.bottom + height + 8 > innerHeight && near.top > height + 8;
  menu.style.left = `${Math.max(8, Math.min(near.left, innerWidth - width - 8))}px`;
  menu.style.top = `${above ? near.top - height - 6 : Math.min(near.bottom + 6, innerHeight - height - 8)}px`;
}
