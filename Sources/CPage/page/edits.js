// Two hosts at once: every edit of hosting and of breakouts says on which state it rests (`ifSeq`), and what another
// host has changed meanwhile is told in plain words. Pure but for the steady clock that it is given.
//
// A person acts on what they saw. For a form or a dialog that is what stood there when they began with it (its
// *basis*); for a single button, all but what came in the very last moment. What one did oneself one has seen.
import { nameOf, roomName } from "./picture.js";

/** What came in so recently has not been seen yet. */
const perceptionMilliseconds = 700;
const keptEdits = 100;

/** Which field a command edits; null if it may not carry `ifSeq`, or changes nothing. */
export function editKind(command) {
  if (/^(handoff|host|cohost|succession|floor)\./.test(command)) return "hosting";
  return command.startsWith("breakouts.") && command !== "breakouts.preview" ? "breakouts" : null;
}

const namedBy = (push) => push.by ?? null;
const hostReasons = { accepted: "to", reclaimed: "to", arrived: "to", given: "from", left: "from" };

/** Who made the edit that a push is; a push that has no line here is none, nor is one without a maker where it says so. */
const edits = {
  "handoff.offered": ["hosting", (push) => push.from],
  "handoff.declined": ["hosting", namedBy],
  "handoff.withdrawn": ["hosting", namedBy],
  "host.changed": ["hosting", (push) => push[hostReasons[push.reason]] ?? null],
  "role.changed": ["hosting", namedBy],
  "succession.changed": ["hosting", namedBy],
  "breakouts.opened": ["breakouts", namedBy],
  "breakouts.roomAdded": ["breakouts", namedBy],
  "breakouts.roomRenamed": ["breakouts", namedBy],
  "breakouts.roomRemoved": ["breakouts", namedBy],
  "breakouts.extended": ["breakouts", namedBy],
  "breakouts.announced": ["breakouts", namedBy],
  "breakouts.undone": ["breakouts", namedBy],
  "breakouts.closing": ["breakouts", namedBy, (push) => namedBy(push) !== null],
  "breakouts.closed": ["breakouts", namedBy, (push) => namedBy(push) !== null],
  "participant.moved": ["breakouts", namedBy, (push) => push.reason === "moved"],
};

/** The edits of others that this page has heard of. */
export class Edits {
  #local;
  #known = [];
  #completeSince = 0;

  /** `local` gives milliseconds that never jump. */
  constructor(local = () => performance.now()) {
    this.#local = local;
  }

  /** Every push comes here. */
  hear(push, you) {
    if (!Object.hasOwn(edits, push.on)) return;
    const [kind, maker, counts = () => true] = edits[push.on];
    if (!counts(push) || maker(push) === you) return;
    this.#known.push({ seq: push.seq, kind, push, heardAt: this.#local() });
    if (this.#known.length > keptEdits) this.#known.shift();
  }

  /** A whole state came instead of what was missed: what was edited before it is not known. */
  beginAt(seq) {
    this.#known = [];
    this.#completeSince = seq;
  }

  /**
   * The `ifSeq` of a command that is given now, when the page is at `seq`: the number before the first edit of
   * another that the person has not seen. `basis` is null for a single button.
   */
  ifSeq(command, seq, basis = null) {
    const kind = editKind(command.do);
    const isUnseen = (edit) =>
      basis === null ? this.#local() - edit.heardAt < perceptionMilliseconds : edit.seq > basis;
    const first = this.#known.find((edit) => edit.kind === kind && isUnseen(edit) && concerns(edit.push, command));
    if (basis !== null && basis < this.#completeSince) return Math.min(seq, basis);
    return first === undefined ? seq : Math.min(seq, first.seq - 1);
  }

  /** The push of an edit, if it was heard. */
  push(seq) {
    return this.#known.find((edit) => edit.seq === seq)?.push ?? null;
  }
}

const harmless = ["breakouts.announced", "breakouts.extended", "breakouts.roomAdded"];

/**
 * Whether an edit touches what the command is about: a move is about one person, an announcement about the round; stepping
 * in is a sign beside everything, and who leads again does so whatever came before.
 */
function concerns(push, command) {
  if (command.do.startsWith("floor.") || command.do === "host.reclaim") return false;
  if (command.do === "breakouts.announce") return !["participant.moved", ...harmless].includes(push.on);
  if (command.do !== "breakouts.move") return true;
  return push.on === "participant.moved" ? push.person === command.person : !harmless.includes(push.on);
}

/** What became stale and through whom, from the `changed` of the refusal. */
export function staleSentence(picture, known, changed) {
  const others = (changed ?? []).filter((edit) => edit.by !== picture.you);
  const told = others.map((edit) => editPhrase(picture, edit, known.push(edit.seq)));
  const what = [...new Set(told)].slice(-3).join("; ");
  const asItIs = "Nothing was done. Look again, and press once more if you still want it.";
  return what === "" ? `Somebody else changed this a moment before you. ${asItIs}` : `Meanwhile ${what}. ${asItIs}`;
}

function editPhrase(picture, edit, push) {
  const who = edit.by === null ? null : nameOf(picture, edit.by);
  const phrase = Object.hasOwn(phrases, edit.on) ? phrases[edit.on](picture, push ?? {}) : "changed something";
  return who === null ? (byItself[edit.on] ?? "something changed by itself") : `${who} ${phrase}`;
}

const byItself = { "host.changed": "the session has got another host" };

const somebody = (picture, person) => (person === undefined ? "somebody" : nameOf(picture, person));

const phrases = {
  "handoff.offered": (picture, push) => `asked ${somebody(picture, push.to)} to lead`,
  "handoff.declined": () => "declined to lead",
  "handoff.withdrawn": () => "took the offer to lead back",
  "host.changed": () => "changed who leads",
  "role.changed": (picture, push) => `changed the role of ${somebody(picture, push.person)}`,
  "succession.changed": () => "changed who leads next",
  "breakouts.opened": () => "opened rooms",
  "breakouts.roomAdded": (picture, push) => (push.name ? `added the room ${push.name}` : "added a room"),
  "breakouts.roomRenamed": (picture, push) => (push.name ? `called a room ${push.name}` : "renamed a room"),
  "breakouts.roomRemoved": () => "removed a room",
  "breakouts.extended": () => "changed when the rooms close",
  "breakouts.announced": () => "announced something",
  "breakouts.closing": () => "began to close the rooms",
  "breakouts.closed": () => "closed the rooms",
  "breakouts.undone": () => "took the opening of the rooms back",
  "participant.moved": (picture, push) =>
    push.to === undefined
      ? "moved somebody"
      : `moved ${somebody(picture, push.person)} to ${roomName(picture, push.to)}`,
};
