// When this tab heard nothing from the server: the page of a phone sleeps while its owner is in the video. What it knows of
// that is only a suggestion for a form; what counts is what the server saw.
import { keep, kept } from "./storage.js";

/** Shorter gaps are filled by the server. */
const shortMilliseconds = 120_000;
/** So often at most the time is written down. */
const notedMilliseconds = 5000;

/** The last long gap of one seat in this tab. */
export class Sleep {
  #seat;
  #heardAt;

  constructor(seat) {
    this.#seat = seat;
    this.#heardAt = kept(`heard.${seat}`) ?? 0;
  }

  /** The last gap, `{from, to}`, or null. */
  get gap() {
    return kept(`gap.${this.#seat}`);
  }

  /** The gap has been told. */
  settle() {
    keep(`gap.${this.#seat}`, null);
  }

  /** Something was heard at this time of the server. */
  heard(now) {
    if (Math.abs(now - this.#heardAt) < notedMilliseconds) return;
    this.#heardAt = now;
    keep(`heard.${this.#seat}`, now);
  }

  /** Back, or here for the first time in a session that began at `startedAt` (null or undefined: not yet). */
  joined(now, startedAt) {
    const from = Math.max(this.#heardAt, startedAt ?? now);
    if (now - from > shortMilliseconds) keep(`gap.${this.#seat}`, { from, to: now });
    this.heard(now);
  }
}
