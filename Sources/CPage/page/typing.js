// Who is writing right now: told to the server now and then while one types, shown for a few seconds.
import { directWith, targetOf } from "./talks.js";

const tellEveryMilliseconds = 3000;
const shownMilliseconds = 5000;
const namesShown = 2;

/** Who writes where. */
export class Typing {
  #ask;
  #changed;
  #told = new Map();
  #others = new Map();

  /** `ask(command)` sends a command whose answer does not matter; `changed()` is told when somebody has stopped. */
  constructor(ask, changed) {
    this.#ask = ask;
    this.#changed = changed;
  }

  /** One has typed something here. */
  typed(channel) {
    const now = Date.now();
    if (now - (this.#told.get(channel) ?? 0) < tellEveryMilliseconds) return;
    this.#told.set(channel, now);
    this.#ask({ do: "chat.typing", ...targetOf(channel) });
  }

  /** One has sent it: the next word is news again. */
  sent(channel) {
    this.#told.delete(channel);
  }

  /** A `chat.typing` of others. */
  hear(notice, you) {
    const people = (notice.people ?? []).filter((person) => person !== you);
    if (people.length === 0) return;
    const isYoursToo = people.length < notice.people.length;
    const count = Math.max(people.length, (notice.count ?? people.length) - (isYoursToo ? 1 : 0));
    this.#others.set(notice.room ?? directWith(people[0]), { people, count, until: Date.now() + shownMilliseconds });
    setTimeout(this.#changed, shownMilliseconds + 50);
  }

  /** A message of theirs has come: they have written it. */
  wrote(channel, person) {
    const known = this.#others.get(channel);
    if (known === undefined || !known.people.includes(person)) return;
    const people = known.people.filter((other) => other !== person);
    if (people.length === 0) this.#others.delete(channel);
    else this.#others.set(channel, { ...known, people, count: known.count - 1 });
  }

  /** Who writes in a channel, in a sentence; empty if nobody does. */
  sentence(channel, nameOf) {
    const known = this.#others.get(channel);
    if (known === undefined || Date.now() > known.until) return "";
    if (known.count > namesShown) return `${known.count} people are writing…`;
    const names = known.people.map(nameOf).join(" and ");
    return `${names} ${known.people.length === 1 ? "is" : "are"} writing…`;
  }
}
