/** Building the page from nodes. Nothing here ever reads data as markup. */

const SVG = "http://www.w3.org/2000/svg";

/** An element. `props`: class, text, on (listeners), data, and attributes; null and false leave an attribute out. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) set(node, name, value);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function set(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "text") node.textContent = value;
  else if (name === "class") node.className = value;
  else if (name === "on") for (const [event, heard] of Object.entries(value)) node.addEventListener(event, heard);
  else if (name === "value") node.value = value;
  else if (name === "testid") node.dataset.testid = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}

/** Put `children` in place of everything in `node`. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const PATHS = {
  menu: "M4 7h16M4 12h16M4 17h16",
  hash: "M9 4 7 20M17 4l-2 16M4.5 9h16M3.5 15h16",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  shared: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.6-5.6L12 7.2M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.6 5.6l1.4-1.4",
  home: "M4 11.5 12 5l8 6.5M6.5 10v9.5h11V10",
  bolt: "M13 3 5 13.5h6L10.5 21 19 10h-6.2z",
  send: "M4 12 20 4.5 15.5 20l-3.7-6.2zM11.8 13.8 20 4.5",
  close: "M6 6l12 12M18 6 6 18",
  down: "M7 10l5 5 5-5",
  back: "M14.5 6 8.5 12l6 6",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  reply: "M5 5h14v10h-7l-4.5 4v-4H5z",
  eye: "M3 12s3.3-6 9-6 9 6 9 6-3.3 6-9 6-9-6-9-6zM12 14.6a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2z",
  columns: "M4 5h16v14H4zM12 5v14",
  wire: "M4 9h13l-3-3M20 15H7l3 3",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7.5V12l3 2",
  file: "M7 3.5h7l4 4v13H7zM14 3.5v4h4M9.5 13h5M9.5 16.5h5",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 8h.01",
  care: "M12 4 2.8 20h18.4zM12 10.5v4M12 17.2h.01",
  check: "M5 12.5 10 17 19 7.5",
  search: "M10.8 17.5a6.7 6.7 0 1 0 0-13.4 6.7 6.7 0 0 0 0 13.4zM15.7 15.7 20 20",
  leaf: "M6 18c0-8 5-12 13-12 0 8-4 13-11 12M5 20c2-4 5-7 9-9",
};

/** A line drawing; it never carries meaning alone. */
export function icon(name, size = 18) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true", class: "icon" }))
    svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A node of an SVG picture. */
export function drawn(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** A button that shows only a picture, with its words for those who do not see it. */
export function iconButton(name, words, props = {}) {
  const { class: extra = "", ...rest } = props;
  return el("button", { type: "button", class: `icon-button ${extra}`, "aria-label": words, title: words, ...rest }, icon(name));
}

let count = 0;

/** An id nobody else on the page has. */
export function freshId(stem) {
  count += 1;
  return `${stem}-${count}`;
}

/** Show `items` inside `node`, reusing the drawing of those whose `sign` did not change. Keeps focus where it was. */
export function keep(node, items, { key, sign, draw }) {
  const before = node.kept ?? new Map();
  const after = new Map();
  const restore = remember(node);
  for (const item of items) {
    const id = key(item);
    const signature = sign(item);
    const old = before.get(id);
    after.set(id, old && old.signature === signature ? old : { signature, drawn: draw(item) });
  }
  let spot = node.firstChild;
  for (const { drawn: child } of after.values()) {
    if (child === spot) spot = spot.nextSibling;
    else node.insertBefore(child, spot);
  }
  while (spot) {
    const next = spot.nextSibling;
    spot.remove();
    spot = next;
  }
  node.kept = after;
  restore();
}

/** Note which control inside `root` has the focus; answers a function that gives it back after a redraw. */
export function remember(root) {
  const focused = document.activeElement;
  if (!focused || !root.contains(focused)) return () => {};
  const mark = focused.dataset.focus ?? focused.dataset.testid ?? focused.closest("[data-testid]")?.dataset.testid;
  const caret = typeof focused.selectionStart === "number" ? [focused.selectionStart, focused.selectionEnd] : null;
  return () => {
    if (document.activeElement === focused || !mark) return;
    const again = [...root.querySelectorAll("[data-focus],[data-testid]")].find(
      (node) => node.dataset.focus === mark || node.dataset.testid === mark,
    );
    const target = again && (again.matches("button,input,textarea,select,a") ? again : again.querySelector("button,input,textarea,select,a"));
    target?.focus({ preventScroll: true });
    if (caret && target?.setSelectionRange && /^(text|search|url|tel|password|textarea)$/.test(target.type)) target.setSelectionRange(...caret);
  };
}

const REACHABLE = "a[href],button:not([disabled]),input:not([disabled]),select:not([disabled]),textarea:not([disabled]),[tabindex='0']";

/** What Tab reaches inside `root`, in order. */
export function reachable(root) {
  return [...root.querySelectorAll(REACHABLE)].filter((node) => node.offsetParent !== null && !node.closest("[inert]"));
}

/** Keep Tab inside `root`. */
export function trap(root) {
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const stops = reachable(root);
    if (!stops.length) return;
    const [first, last] = [stops[0], stops[stops.length - 1]];
    const outside = !root.contains(document.activeElement) || document.activeElement === root;
    if (event.shiftKey && (document.activeElement === first || outside)) last.focus();
    else if (!event.shiftKey && (document.activeElement === last || outside)) first.focus();
    else return;
    event.preventDefault();
  });
}
