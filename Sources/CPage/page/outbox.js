// Messages on their way. Each has a `key` that makes sending it twice harmless, so after a lost connection everything
// that the server has not told us about is simply sent again.
//
// An entry is `waiting` (not sent, or sent without an answer) → `accepted` (answered; its push is underway) → gone
// when the push or a state with it arrives; or `refused`, which the person may try again or discard.
import { keep, kept } from "./storage.js";
import { targetOf } from "./talks.js";

/** The unsent and unconfirmed messages of one seat, oldest first. */
export class Outbox {
  #name;
  #entries;
  #ask;
  #changed;
  #busy = false;
  #serial = 0;
  #hurry = () => {};

  /** `ask(command)` sends a command and resolves to `{ok}`, `{error}` or `{lost: true}`; `changed()` is told. */
  constructor(seat, ask, changed) {
    this.#name = `outbox.${seat}`;
    // A page of an earlier version kept the room alone.
    this.#entries = (kept(this.#name) ?? []).map((entry) => {
      return { ...entry, channel: entry.channel ?? entry.room, slow: false };
    });
    this.#ask = ask;
    this.#changed = changed;
  }

  /** Takes a message on, which may answer another; it goes out as soon as there is a connection. */
  add(channel, text, replyTo) {
    this.#serial += 1;
    const key = `c-${crypto.getRandomValues(new Uint32Array(2)).join("-")}-${this.#serial}`;
    this.#entries.push({ key, channel, text, replyTo, status: "waiting" });
    this.#save();
    this.flush();
  }

  /** The entries of a channel, oldest first. */
  of(channel) {
    return this.#entries.filter((entry) => entry.channel === channel);
  }

  /** Channels that have entries. */
  channels() {
    return [...new Set(this.#entries.map((entry) => entry.channel))];
  }

  /** One at a time, so that they arrive in the order in which they were written. */
  async flush() {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (;;) {
        const entry = this.#entries.find((entry) => entry.status === "waiting");
        if (entry === undefined) return;
        const { channel, text, replyTo, key } = entry;
        const answer = await this.#ask({ do: "chat.send", ...targetOf(channel), text, replyTo, key });
        if (answer.lost) return;
        if (answer.ok) this.#accepted(entry, answer.ok);
        else if (answer.error.retryAfter > 0) await this.#wait(entry, answer.error.retryAfter);
        else this.#refused(entry, answer.error);
      }
    } finally {
      this.#busy = false;
    }
  }

  /** A message that the server told us about: the entry it came from is done. */
  settle(message) {
    const isIt = (entry) => entry.status === "accepted" && entry.message === message.message;
    this.#drop((entry) => entry.key === message.key || isIt(entry));
  }

  /** A full state: accepted entries are in it (or too old for it), so none of them is underway any more. */
  settleAccepted() {
    this.#drop((entry) => entry.status === "accepted");
  }

  /** The person wants a refused one tried again. */
  retry(key) {
    const entry = this.#entries.find((entry) => entry.key === key);
    if (entry === undefined) return;
    entry.status = "waiting";
    this.#save();
    this.flush();
  }

  /** The person gives one up; returns its text. */
  discard(key) {
    const text = this.#entries.find((entry) => entry.key === key)?.text ?? "";
    this.#drop((entry) => entry.key === key);
    return text;
  }

  #accepted(entry, ok) {
    // A repeat was carried out before the connection was lost; its push may be long behind us.
    if (ok.repeated === true) return this.#drop((other) => other === entry);
    entry.status = "accepted";
    entry.message = ok.message ?? ok.seq;
    this.#save();
  }

  /** Haste, or slow mode: the server says how long. */
  async #wait(entry, milliseconds) {
    entry.slow = true;
    this.#save();
    await new Promise((go) => {
      this.#hurry = go;
      setTimeout(go, milliseconds);
    });
    entry.slow = false;
    this.#save();
  }

  /** There may be no reason to wait any more: what waits tries again. */
  hurry() {
    this.#hurry();
  }

  #refused(entry, error) {
    entry.status = "refused";
    entry.error = { code: error.code, message: error.message, field: error.field };
    this.#save();
  }

  #drop(done) {
    const rest = this.#entries.filter((entry) => !done(entry));
    if (rest.length === this.#entries.length) return;
    this.#entries = rest;
    this.#save();
  }

  #save() {
    keep(this.#name, this.#entries.length === 0 ? null : this.#entries);
    this.#changed();
  }
}
