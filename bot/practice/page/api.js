/** Talking with the workspace: what a person does, what they see, and being told when something changed. */

/** The workspace could not be reached, or refused. `words`: what to tell the person, if it said. */
export class NotReceived extends Error {
  constructor(words, body = null) {
    super(words ?? "not received");
    this.words = words;
    this.body = body;
  }
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new NotReceived(null);
  }
  const body = await response.json().catch(() => null);
  if (!response.ok || body === null || body.ok === false) throw new NotReceived(body?.warning ?? null, body);
  return body;
}

/** GET /practice/<what>; leaves out what is null. */
export function get(what, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  return ask(`/practice/${what}?${new URLSearchParams(given)}`);
}

/** POST /practice/<what> */
export function post(what, body) {
  return ask(`/practice/${what}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

const SLOWEST = 4_000;

/** Hears of changes as one person until closed; connects again by itself. */
export class Watch {
  constructor(as, { onChange, onOpen, onLost }) {
    Object.assign(this, { as, onChange, onOpen, onLost, wait: 250, closed: false });
    this.connect();
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/practice/watch?as=${encodeURIComponent(this.as)}`);
    this.socket = socket;
    socket.onopen = () => {
      this.wait = 250;
      this.onOpen();
    };
    socket.onmessage = (event) => this.onChange(JSON.parse(event.data));
    socket.onclose = () => {
      if (this.closed) return;
      this.onLost();
      this.timer = setTimeout(() => this.connect(), this.wait);
      this.wait = Math.min(SLOWEST, this.wait * 2);
    };
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.socket.close();
  }
}

/** Runs `task` one at a time; asked again while running, it runs once more afterwards. */
export function latest(task) {
  let running = null;
  let again = false;
  return function run() {
    if (running) {
      again = true;
      return running;
    }
    running = (async () => {
      do {
        again = false;
        await task();
      } while (again);
    })().finally(() => {
      running = null;
    });
    return running;
  };
}
