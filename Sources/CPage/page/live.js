// One seat in one live session: ties the line, the picture, the clock, the outbox and the drafts together. It knows no
// elements; it tells `events` when something changed and lets the views draw.
import { ServerClock, duration } from "./clock.js";
import { Connection } from "./connection.js";
import { Drafts } from "./drafts.js";
import { Outbox } from "./outbox.js";
import { nameOf, roomName, talk, withTalk, youHost, yourRoom, yourSeat } from "./picture.js";
import { apply, begin, remember } from "./session.js";
import { hostSentence, roleName } from "./words.js";

const historyLimit = 50;
/** How long the server still takes a message for the room one has just left (DESIGN 5). */
const graceMilliseconds = 10_000;
/** What happened longer ago came with a resume and is not news. */
const newsMilliseconds = 15_000;

/** The session as this tab lives it. */
export class LiveSession {
  /** Null until the first join; kept when the connection goes. */
  picture = null;
  clock = new ServerClock();
  drafts;
  outbox;
  connection;
  /** The room whose chat is shown. */
  channel = "main";
  /** Messages of others that nobody looked at yet, by room. */
  unread = new Map();
  /** Why older messages could not be read, by room. */
  problems = new Map();
  #ticket;
  #events;
  #justLeft = null;
  #confirmed = null;
  #loading = new Set();

  /**
   * `events`: `changed()`, `told(sentence)`, `joined()`, `stopped()`, and `isTyping()`, which is asked before the
   * channel follows a move.
   */
  constructor(link, person, events) {
    this.#ticket = link.ticket;
    this.#events = events;
    const seat = `${link.session}.${person}`;
    this.drafts = new Drafts(seat);
    this.outbox = new Outbox(seat, (command) => this.ask(command), () => events.changed());
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.connection = new Connection(`${scheme}://${location.host}/v1/sessions/${encodeURIComponent(link.session)}`, {
      join: () => this.#join(),
      joined: (ok) => this.#joined(ok),
      push: (message) => this.#push(message),
      status: (status) => this.#status(status),
    });
    document.addEventListener("visibilitychange", () => this.#looked());
  }

  /** Sends a command; resolves to `{ok}` or `{error}`. */
  ask(command) {
    return this.connection.ask(command);
  }

  /** Shows another room's chat. */
  show(room) {
    this.channel = room;
    this.unread.delete(room);
    this.#load();
    this.#events.changed();
  }

  /** Fetches what was said before the oldest message that is known. */
  async older(room) {
    const first = this.picture.chat.get(room)?.messages[0]?.message;
    await this.#history(room, first);
  }

  /** The room one has just left, as long as the server still takes a message for it. */
  get justLeft() {
    return this.#justLeft !== null && Date.now() < this.#justLeft.until ? this.#justLeft.room : null;
  }

  /** Leaves on purpose. */
  async leave() {
    await this.ask({ do: "session.leave" });
    this.connection.stop("You have left the session.", "Join again");
  }

  #join() {
    const command = { do: "session.join", ticket: this.#ticket };
    return this.picture === null
      ? command
      : { ...command, resume: { epoch: this.picture.epoch, after: this.picture.seq } };
  }

  #joined(ok) {
    if (ok.now !== undefined) this.clock.reset(ok.now);
    const before = this.picture;
    if (!ok.resumed || before === null) {
      this.picture = begin(ok);
      this.outbox.settleAccepted();
      for (const talk of this.picture.chat.values()) talk.messages.forEach((message) => this.outbox.settle(message));
      this.#follow(before, this.picture);
    } else {
      // Notices that were missed are not sent again; the next ones bring the newest counts.
      this.picture = { ...before, confirmed: null };
    }
    this.#confirmed = null;
  }

  async #status(status) {
    this.#events.changed();
    if (status.phase === "stopped") this.#events.stopped(status);
    if (status.phase !== "joined") return;
    this.#events.joined();
    this.#confirm();
    this.#load();
    this.outbox.flush();
    const askedAt = this.clock.local();
    const answer = await this.ask({ do: "time.sync" });
    if (answer.ok?.now !== undefined) this.clock.measure(answer.ok.now, askedAt);
  }

  #push(message) {
    if (this.picture === null) return;
    const time = message.now ?? message.at;
    if (time !== undefined) this.clock.hear(time);
    const before = this.picture;
    this.picture = apply(before, message);
    if (message.on === "chat.sent" && this.picture !== before) this.#heard(message);
    if (message.seq !== undefined && this.picture !== before) this.#tell(message, before);
    this.#follow(before, this.picture);
    this.#confirm();
    this.#events.changed();
  }

  #heard(message) {
    if (message.from === this.picture.you) return this.outbox.settle(message);
    const looking = message.room === this.channel && document.visibilityState === "visible";
    if (!looking) this.unread.set(message.room, (this.unread.get(message.room) ?? 0) + 1);
  }

  /** The chat goes along when you are moved, unless you are in the middle of a sentence. */
  #follow(before, after) {
    const to = yourRoom(after);
    if (before === null) return this.show(to);
    const from = yourRoom(before);
    if (from === to) return;
    this.#justLeft = { room: from, until: Date.now() + graceMilliseconds };
    setTimeout(() => this.#events.changed(), graceMilliseconds + 50);
    this.#events.told(to === "main" ? "You are back in the main room." : `You are now in ${roomName(after, to)}.`);
    if (!this.#events.isTyping()) this.show(to);
  }

  /** Tells the hosts that this page shows the room its person was moved to, and whether anybody is looking. */
  #confirm() {
    if (this.picture === null || this.connection.status.phase !== "joined") return;
    const room = yourRoom(this.picture);
    if (this.picture.breakouts === null || (room === "main" && this.#confirmed === null)) return;
    const seen = document.visibilityState === "visible";
    const done = this.#confirmed;
    if (done !== null && done.room === room && (done.seen || !seen)) return;
    this.#confirmed = { room, seen };
    this.ask({ do: "room.confirm", room, seen });
  }

  #looked() {
    if (document.visibilityState !== "visible" || this.picture === null) return;
    this.unread.delete(this.channel);
    this.#confirm();
    this.#events.changed();
  }

  /** A room that is looked at and may have gaps is fetched anew. */
  #load() {
    if (this.picture === null || this.connection.status.phase !== "joined") return;
    if (this.picture.chat.get(this.channel)?.loaded !== true) this.#history(this.channel, undefined);
  }

  async #history(room, before) {
    if (this.#loading.has(room)) return;
    this.#loading.add(room);
    const command = { do: "chat.history", room, limit: historyLimit };
    const answer = await this.ask(before === undefined ? command : { ...command, before });
    this.#loading.delete(room);
    if (answer.ok) {
      this.problems.delete(room);
      this.picture = remember(this.picture, room, answer.ok.messages ?? [], historyLimit, before);
    } else if (!answer.lost) {
      this.problems.set(room, answer.error);
      const known = this.picture.chat.get(room) ?? talk([], true);
      this.picture = withTalk(this.picture, room, { ...known, loaded: true });
    }
    this.#events.changed();
  }

  #tell(push, before) {
    if (push.at < this.clock.now() - newsMilliseconds) return;
    if (!Object.hasOwn(sentences, push.on)) return;
    const sentence = sentences[push.on](this.picture, push, this.clock, before);
    if (sentence) this.#events.told(sentence);
  }
}

/** What is said aloud of a push; null for what the views show well enough by themselves. */
const sentences = {
  "session.started": () => "The session has started.",
  "session.ending": (picture, push, clock) => `The session ends in ${duration(picture.session.endsAt - clock.now())}.`,
  "session.kept": () => "The session goes on.",
  "session.ended": () => "The session has ended. You can still read for an hour.",
  "session.locked": (picture) => {
    if (!youHost(picture)) return null;
    return picture.session.locked ? "The session is locked." : "The session is open to new people.";
  },
  "host.changed": (picture, push) => {
    if (push.to === picture.you) return "You lead the session now.";
    return hostSentence(push.to ? nameOf(picture, push.to) : null, push.reason);
  },
  "role.changed": (picture, push, clock, before) =>
    push.person === picture.you && yourSeat(before).role !== yourSeat(picture).role
      ? `You are now ${roleName(yourSeat(picture).role).toLowerCase()}.`
      : null,
  "participant.moved": (picture, push) => {
    const inYours = push.person !== picture.you && push.to === yourRoom(picture) && push.to !== "main";
    return inYours ? `${nameOf(picture, push.person)} has come into the room.` : null;
  },
  "breakouts.opened": (picture, push) => (yourRoom(picture) === "main" ? "Rooms are open." : null),
  "breakouts.extended": (picture, push, clock) =>
    push.closesAt ? `The rooms close in ${duration(push.closesAt - clock.now())}.` : null,
  "breakouts.closing": (picture, push, clock) =>
    `The rooms close in ${duration((picture.breakouts?.closesAt ?? 0) - clock.now())}.`,
  "breakouts.warning": () => "The rooms close in a few seconds.",
  "breakouts.closed": (picture, push, clock, before) => (yourRoom(before) === "main" ? "The rooms are closed." : null),
  "breakouts.undone": () => "The opening of the rooms was taken back.",
};
