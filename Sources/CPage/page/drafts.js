// What is typed and not yet sent, by room: it outlives a lost connection, a move to another room and a reload.
import { keep, kept } from "./storage.js";

/** The drafts of one seat in one session. */
export class Drafts {
  #name;
  #texts;

  /** `seat` names session and person, so that another link in the same tab finds its own drafts. */
  constructor(seat) {
    this.#name = `drafts.${seat}`;
    this.#texts = new Map(Object.entries(kept(this.#name) ?? {}));
  }

  /** The draft of a room, empty if there is none. */
  get(room) {
    return this.#texts.get(room) ?? "";
  }

  /** Every change of the text field comes here. */
  set(room, text) {
    if (text === "") this.#texts.delete(room);
    else this.#texts.set(room, text);
    keep(this.#name, this.#texts.size === 0 ? null : Object.fromEntries(this.#texts));
  }

  /** Rooms with something typed. */
  rooms() {
    return [...this.#texts.keys()];
  }
}
