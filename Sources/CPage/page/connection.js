// One seat's line to the server: opens the WebSocket, joins, matches replies to commands, watches for silence and comes
// back by itself.
//
// States: stopped → connecting → joined → (waiting → connecting)… A close code of 1000 or 4500 and above, 4401, or
// a refused join leads to stopped; everything else to waiting. `start` and `tryNow` lead to connecting from anywhere.
import { closing, refusal } from "./words.js";

/** The protocol's numbers as the page obeys them (DESIGN 6), in milliseconds. */
const limits = {
  silence: 20_000, // no message for so long: the connection is lost
  joining: 10_000, // from opening the socket to the answer to session.join
  probe: 4_000, // an answer to time.sync after the browser said it is online again
  firstWait: 500,
  longestWait: 15_000,
  longestGivenWait: 120_000,
  longestRenewal: 1000, // after 4410: everybody takes a whole state, not all in one moment
  settled: 5_000, // joined for so long: the next loss starts from the first wait again
};

/** The line to one session. */
export class Connection {
  #url;
  #events;
  #socket = null;
  #nextID = 1;
  #replies = new Map();
  #attempts = 0;
  #heardAt = 0;
  #openedAt = 0;
  #joinedAt = 0;
  #deadline = null;
  #status = { phase: "stopped", text: "", code: null, offer: null, retryAt: null };

  /**
   * `events`: `join()` gives the join command, `joined(ok)` its answer, `push(message)` each push and notice,
   * `status(status)` each change of state.
   */
  constructor(url, events) {
    this.#url = url;
    this.#events = events;
    addEventListener("online", () => this.#online());
    document.addEventListener("visibilitychange", () => this.#looked());
    setInterval(() => this.#watch(), 500);
  }

  /** `{phase, text, code, offer, retryAt}`; `retryAt` is by `Date.now()`. */
  get status() {
    return this.#status;
  }

  /** Connects and stays connected. */
  start() {
    this.#attempts = 0;
    this.#connect();
  }

  /** Ends it for good, with a sentence that says why. */
  stop(text, offer = null) {
    this.#release();
    this.#become({ phase: "stopped", text, offer });
  }

  /** The person does not want to wait. */
  tryNow() {
    if (this.#status.phase === "waiting" || this.#status.phase === "stopped") this.#connect();
  }

  /** Sends a command; resolves to `{ok}`, `{error}`, or `{lost: true, error}` if no answer can come any more. */
  ask(command) {
    if (this.#status.phase !== "joined") return Promise.resolve(lost());
    return this.#send(command);
  }

  #send(command) {
    const id = this.#nextID;
    this.#nextID += 1;
    return new Promise((resolve) => {
      this.#replies.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, ...command }));
    });
  }

  #connect() {
    this.#release();
    this.#nextID = 1;
    this.#openedAt = Date.now();
    this.#become({ phase: "connecting", text: this.#status.phase === "waiting" ? this.#status.text : "" });
    const socket = new WebSocket(this.#url, "plenary.v1");
    this.#socket = socket;
    socket.addEventListener("open", () => socket === this.#socket && this.#join());
    socket.addEventListener("message", (event) => socket === this.#socket && this.#receive(event.data));
    socket.addEventListener("close", (event) => socket === this.#socket && this.#closed(event.code, event.reason));
  }

  async #join() {
    const answer = await this.#send(this.#events.join());
    if (answer.lost) return;
    if (answer.error !== undefined) return this.#joinRefused(answer.error);
    this.#joinedAt = Date.now();
    this.#become({ phase: "joined", text: "" });
  }

  /** A rule kept us out (locked, full): wait if the server says how long, else leave the next try to the person. */
  #joinRefused(error) {
    if (error.retryAfter > 0) return this.#wait(error.retryAfter, refusal(error), null);
    this.stop(refusal(error), "Try again");
  }

  #receive(data) {
    this.#heardAt = Date.now();
    if (typeof data !== "string") return;
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return; // not for us; the server speaks JSON
    }
    if (message.re !== undefined) this.#answered(message);
    else if (message.on !== undefined) this.#events.push(message);
  }

  #answered({ re, ok, error }) {
    const resolve = this.#replies.get(re);
    this.#replies.delete(re);
    // The pushes that follow the join's answer may arrive before a promise runs: the picture has to be there first.
    if (this.#status.phase === "connecting" && ok !== undefined) this.#events.joined(ok);
    resolve?.(error === undefined ? { ok } : { error });
  }

  #closed(code, reason) {
    const meaning = closing(code);
    this.#release();
    const { text, offer } = meaning;
    if (!meaning.back) return this.#become({ phase: "stopped", text, code, offer: offer ?? null });
    if (meaning.whole) return this.#wait(Math.random() * limits.longestRenewal, text, code);
    const given = code === 1001 && /^[0-9]{1,9}$/.test(reason) ? Number(reason) : null;
    if (given !== null) return this.#wait(Math.min(given, limits.longestGivenWait), text, code);
    this.#wait(Math.max(this.#backOff(), meaning.wait ?? 0), text, code);
  }

  /** Doubles from half a second to fifteen, half of it by chance, so that a full session does not return at once. */
  #backOff() {
    if (this.#joinedAt !== 0 && Date.now() - this.#joinedAt > limits.settled) this.#attempts = 0;
    this.#joinedAt = 0;
    const wait = Math.min(limits.longestWait, limits.firstWait * 2 ** Math.min(this.#attempts, 10));
    this.#attempts += 1;
    return wait / 2 + (Math.random() * wait) / 2;
  }

  #wait(milliseconds, text, code) {
    this.#release();
    this.#become({ phase: "waiting", text, code, retryAt: Date.now() + milliseconds });
    this.#deadline = setTimeout(() => this.#connect(), milliseconds);
  }

  /** Lets go of the socket: whoever waits for an answer learns that none will come. */
  #release() {
    clearTimeout(this.#deadline);
    const socket = this.#socket;
    this.#socket = null;
    if (socket !== null && socket.readyState <= WebSocket.OPEN) socket.close(1000);
    const replies = [...this.#replies.values()];
    this.#replies.clear();
    for (const resolve of replies) resolve(lost());
  }

  #become(status) {
    this.#status = { text: "", code: null, offer: null, retryAt: null, ...status };
    this.#events.status(this.#status);
  }

  /** By the clock, not by counting: timers of a hidden page run late, and a sleeping device stops them. */
  #watch() {
    const now = Date.now();
    if (this.#status.phase === "joined" && now - Math.max(this.#heardAt, this.#joinedAt) > limits.silence) {
      this.#wait(this.#backOff(), "Nothing was heard from the server for a while.", null);
    } else if (this.#status.phase === "connecting" && now - this.#openedAt > limits.joining) {
      this.#wait(this.#backOff(), "The server does not answer.", null);
    } else if (this.#status.phase === "waiting" && now > this.#status.retryAt + 1000) {
      this.#connect(); // the timer was put to sleep with the device
    }
  }

  /** The browser has a network again: back at once, or make sure that the line we have still works. */
  async #online() {
    if (this.#status.phase === "waiting") return this.#connect();
    if (this.#status.phase !== "joined") return;
    const socket = this.#socket;
    const heardAt = this.#heardAt;
    this.ask({ do: "time.sync" });
    await new Promise((go) => setTimeout(go, limits.probe));
    if (socket === this.#socket && heardAt === this.#heardAt) {
      this.#wait(0, "The connection did not survive the change of network.", null);
    }
  }

  #looked() {
    if (document.visibilityState !== "visible") return;
    this.#watch();
    if (this.#status.phase === "waiting") this.#connect();
  }
}

const lost = () => ({ lost: true, error: { code: "notConnected" } });
