// What is typed and not yet sent, by channel: it outlives a lost connection, a move to another room and a reload.
import { keep, kept } from "./storage.js";

/** The drafts of one seat in one session, and which message each is about. */
export class Drafts {
  #name;
  #texts;
  #abouts;

  /** `seat` names session and person, so that another link in the same tab finds its own drafts. */
  constructor(seat) {
    this.#name = `drafts.${seat}`;
    this.#texts = new Map(Object.entries(kept(this.#name) ?? {}));
    this.#abouts = new Map(Object.entries(kept(`${this.#name}.about`) ?? {}));
  }

  /** The draft of a channel, empty if there is none; while a message is being changed, its new words. */
  get(channel) {
    return this.#texts.get(this.#key(channel)) ?? "";
  }

  /** Every change of the text field comes here. */
  set(channel, text) {
    if (text === "") this.#texts.delete(this.#key(channel));
    else this.#texts.set(this.#key(channel), text);
    this.#save();
  }

  /** What the draft is about: `{reply: message}`, `{edit: message}`, or null for a message of its own. */
  about(channel) {
    return this.#abouts.get(channel) ?? null;
  }

  /** The draft is an answer to a message, which it stays until it is sent. */
  reply(channel, message) {
    this.done(channel);
    this.#abouts.set(channel, { reply: message });
    this.#save();
  }

  /** The words of a message are being changed; what was typed before waits until that is done. */
  edit(channel, message, text) {
    this.done(channel);
    this.#abouts.set(channel, { edit: message });
    this.set(channel, text);
  }

  /** The draft is about nothing any more; new words of an old message are forgotten. */
  done(channel) {
    if (this.about(channel)?.edit !== undefined) this.#texts.delete(this.#key(channel));
    this.#abouts.delete(channel);
    this.#save();
  }

  /** Channels with something typed. */
  channels() {
    return [...this.#texts.keys()].map((key) => key.split("#")[0]);
  }

  /** No channel has a "#" in its name. */
  #key(channel) {
    const edited = this.about(channel)?.edit;
    return edited === undefined ? channel : `${channel}#${edited}`;
  }

  #save() {
    keep(this.#name, this.#texts.size === 0 ? null : Object.fromEntries(this.#texts));
    keep(`${this.#name}.about`, this.#abouts.size === 0 ? null : Object.fromEntries(this.#abouts));
  }
}
