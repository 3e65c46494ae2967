// One seat in one live session: ties the line, the picture, the clock, the outbox and the drafts together. It knows no
// elements; it tells `events` when something changed and lets the views draw.
import { Attendance } from "./attendance.js";
import { ServerClock } from "./clock.js";
import { Connection } from "./connection.js";
import { Drafts } from "./drafts.js";
import { Edits } from "./edits.js";
import { Outbox } from "./outbox.js";
import { forHosts, nameOf, onlyRead, roomName, youHost, yourRoom } from "./picture.js";
import { sentenceFor } from "./sentences.js";
import { apply, begin, remember } from "./session.js";
import { Sleep } from "./sleep.js";
import { keep, kept } from "./storage.js";
import { channelOf, personIn, talk, targetOf, withTalk } from "./talks.js";
import { Typing } from "./typing.js";
import { closing } from "./words.js";

const historyLimit = 50;
/** How long the server still takes a message for the room one has just left (DESIGN 5). */
const graceMilliseconds = 10_000;
/** What happened longer ago came with a resume and is not news. */
const newsMilliseconds = 15_000;
/** A room that a host reads without being there is fetched so often: its messages are not pushed. */
const readingMilliseconds = 10_000;

/** The session as this tab lives it. */
export class LiveSession {
  /** Null until the first join; kept when the connection goes. */
  picture = null;
  clock = new ServerClock();
  edits = new Edits();
  attendance;
  sleep;
  drafts;
  outbox;
  typing;
  connection;
  /** The channel that is shown (see talks.js). */
  channel = "main";
  /** Messages of others that nobody looked at yet, by channel. */
  unread = new Map();
  /** Why older messages could not be read, by channel. */
  problems = new Map();
  seat;
  #ticket;
  #events;
  #justLeft = null;
  #confirmed = null;
  #loading = new Set();
  /** Messages on which one has put "same": it is counted without names, so it is kept here. */
  #same;
  /** When one's own last message was said, by the server's clock. */
  #saidAt = 0;
  /** What the picture holds is not to be built upon: the next join takes a whole state. */
  #isStale = false;
  /** Whether the last join brought a whole state. */
  #isWhole = true;

  /**
   * `events`: `changed()`, `told(sentence)`, `said(sentence)`, `joined()`, `stopped()`, and `isTyping()`, which is asked
   * before the channel follows a move.
   */
  constructor(link, person, events) {
    this.#ticket = link.ticket;
    this.#events = events;
    this.seat = `${link.session}.${person}`;
    this.#same = new Set(kept(`same.${this.seat}`) ?? []);
    this.drafts = new Drafts(this.seat);
    this.outbox = new Outbox(this.seat, (command) => this.ask(command), () => events.changed());
    this.attendance = new Attendance((command) => this.ask(command), this.clock, () => events.changed());
    this.sleep = new Sleep(this.seat);
    this.typing = new Typing((command) => this.ask(command), () => events.changed());
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.connection = new Connection(`${scheme}://${location.host}/v1/sessions/${encodeURIComponent(link.session)}`, {
      join: () => this.#join(),
      joined: (ok) => this.#joined(ok),
      push: (message) => this.#push(message),
      status: (status) => this.#status(status),
    });
    document.addEventListener("visibilitychange", () => this.#looked());
    setInterval(() => this.#read(), readingMilliseconds);
  }

  /** Sends a command; resolves to `{ok}` or `{error}`. */
  ask(command) {
    return this.connection.ask(command);
  }

  /** Sends an edit that rests on what the person has seen: on `basis`, or on all but what came just now. */
  async edit(command, basis = null) {
    const ifSeq = this.edits.ifSeq(command, this.picture.seq, basis);
    const answer = await this.ask({ ...command, ifSeq });
    const changed = answer.error?.code === "stale" ? (answer.error.changed ?? []) : [];
    // What one did oneself, a moment ago, does not count.
    const isOwn = changed.length > 0 && changed.every((edit) => edit.by === this.picture.you);
    return isOwn ? this.ask({ ...command, ifSeq: changed.at(-1).seq }) : answer;
  }

  /** Shows another channel. */
  show(channel) {
    this.channel = channel;
    this.unread.delete(channel);
    this.#load();
    this.#events.changed();
  }

  /** Fetches what was said before the oldest message that is known. */
  async older(channel) {
    const first = this.picture.chat.get(channel)?.messages[0]?.message;
    await this.#history(channel, first);
  }

  /** The room one has just left, as long as the server still takes a message for it. */
  get justLeft() {
    return this.#justLeft !== null && Date.now() < this.#justLeft.until ? this.#justLeft.room : null;
  }

  /** How many milliseconds slow mode still makes one wait before the next message in the channel that is shown. */
  get slowLeft() {
    const { picture } = this;
    if (picture === null || picture.session.phase !== "live" || this.#saidAt === 0) return 0;
    if (youHost(picture) || forHosts(picture, this.channel)) return 0;
    return Math.max(0, this.#saidAt + picture.chatSettings.slowSeconds * 1000 - this.clock.now());
  }

  /** What was announced last to the rooms of this round and not put away yet: `{round, text, by, at}`, or null. */
  get announcement() {
    const last = kept(`announcement.${this.seat}`);
    return last !== null && last.round === this.picture?.breakouts?.round ? last : null;
  }

  /** The announcement is read. */
  putAway() {
    keep(`announcement.${this.seat}`, null);
    this.#events.changed();
  }

  /** What one last said of the work in the room: "done", "moreTime" or null. Nobody is told, so it is kept here. */
  get signal() {
    const last = kept(`signal.${this.seat}`);
    return last !== null && this.picture !== null && last.room === yourRoom(this.picture) ? last.signal : null;
  }

  set signal(signal) {
    keep(`signal.${this.seat}`, signal === null ? null : { room: yourRoom(this.picture), signal });
    this.#events.changed();
  }

  /** Whether one has put "same" on a message, as far as this tab knows. */
  feelsSame(message) {
    return this.#same.has(message);
  }

  setFeelsSame(message, on) {
    if (on) this.#same.add(message);
    else this.#same.delete(message);
    keep(`same.${this.seat}`, [...this.#same]);
    this.#events.changed();
  }

  /** Leaves on purpose. */
  async leave() {
    await this.ask({ do: "session.leave" });
    this.connection.stop("You have left the session.", "Join again");
  }

  #join() {
    const command = { do: "session.join", ticket: this.#ticket };
    return this.picture === null || this.#isStale
      ? command
      : { ...command, resume: { epoch: this.picture.epoch, after: this.picture.seq } };
  }

  #joined(ok) {
    this.#isStale = false;
    if (ok.now !== undefined) this.clock.reset(ok.now);
    const before = this.picture;
    this.sleep.joined(this.clock.now(), ok.state?.session.startedAt ?? before?.session.startedAt);
    this.#isWhole = !ok.resumed || before === null;
    if (this.#isWhole) {
      this.picture = begin(ok);
      this.edits.beginAt(this.picture.seq);
      this.#forget();
      this.outbox.settleAccepted();
      for (const talk of this.picture.chat.values()) talk.messages.forEach((message) => this.#settle(message));
      this.#follow(before, this.picture);
    } else {
      // Notices that were missed are not sent again; the next ones bring the newest counts.
      this.picture = { ...before, kept: ok.kept ?? before.kept, confirmed: null, pulse: null };
    }
    this.#confirmed = null;
  }

  /** Whoever was erased is known no more: what they wrote to all rooms, or to you alone, goes with them. */
  #forget() {
    const { participants } = this.picture;
    const isGone = (channel) => personIn(channel) !== null && !participants.has(personIn(channel));
    if (!participants.has(this.announcement?.by)) keep(`announcement.${this.seat}`, null);
    for (const channel of [...this.unread.keys()].filter(isGone)) this.unread.delete(channel);
    if (isGone(this.channel)) this.channel = yourRoom(this.picture);
  }

  async #status(status) {
    if (status.code !== null && closing(status.code).whole) this.#isStale = true;
    this.#events.changed();
    if (status.phase === "stopped") this.#events.stopped(status);
    if (status.phase !== "joined") return;
    this.#events.joined();
    this.#confirm();
    this.#load();
    this.attendance.joined(this.picture, this.#isWhole);
    this.outbox.flush();
    const askedAt = this.clock.local();
    const answer = await this.ask({ do: "time.sync" });
    if (answer.ok?.now !== undefined) this.clock.measure(answer.ok.now, askedAt);
  }

  #push(message) {
    if (this.picture === null) return;
    const time = message.now ?? message.at;
    if (time !== undefined) this.clock.hear(time);
    this.sleep.heard(this.clock.now());
    if (message.on === "chat.typing") this.typing.hear(message, this.picture.you);
    const before = this.picture;
    this.picture = apply(before, message);
    const isKnown = message.seq !== undefined && this.picture.seq === before.seq;
    if (message.seq !== undefined && !isKnown) this.#happened(message, before);
    this.#follow(before, this.picture);
    if (!isKnown) this.attendance.hear(message, this.picture);
    this.#confirm();
    this.#events.changed();
  }

  #happened(push, before) {
    this.edits.hear(push, this.picture.you);
    if (push.on === "chat.sent") this.#heard(push);
    if (["chat.settingsChanged", "role.changed", "host.changed"].includes(push.on)) this.outbox.hurry();
    if (push.on === "breakouts.announced") {
      const round = this.picture.breakouts?.round;
      keep(`announcement.${this.seat}`, { round, text: push.text, by: push.by, at: push.at });
    }
    if (push.at >= this.clock.now() - newsMilliseconds) this.#tell(sentenceFor(push, before, this.picture, this.clock));
  }

  #tell(sentence) {
    if (sentence?.tell) this.#events.told(sentence.tell);
    if (sentence?.say) this.#events.said(sentence.say);
  }

  #settle(message) {
    if (message.from !== this.picture.you) return;
    this.#saidAt = Math.max(this.#saidAt, message.at);
    this.outbox.settle(message);
  }

  #heard(message) {
    const channel = channelOf(message, this.picture.you);
    if (message.from === this.picture.you) return this.#settle(message);
    this.typing.wrote(channel, message.from);
    if (channel === this.channel && document.visibilityState === "visible") return;
    this.unread.set(channel, (this.unread.get(channel) ?? 0) + 1);
    const isNews = message.at >= this.clock.now() - newsMilliseconds;
    if (isNews && personIn(channel) !== null) {
      this.#events.told(`${nameOf(this.picture, message.from)} has written to you alone.`);
    }
  }

  /** The chat goes along when you are moved, unless you are in the middle of a sentence. */
  #follow(before, after) {
    const to = yourRoom(after);
    if (before === null) return this.show(to);
    if (this.channel === "hosts" && !youHost(after)) this.show(to);
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

  /** A channel that is looked at and may have gaps is fetched anew. */
  #load() {
    if (this.picture === null || this.connection.status.phase !== "joined") return;
    const isWhole = this.picture.chat.get(this.channel)?.loaded === true;
    if (!isWhole || onlyRead(this.picture, this.channel)) this.#history(this.channel, undefined);
  }

  #read() {
    if (this.picture === null || document.visibilityState !== "visible") return;
    if (this.connection.status.phase === "joined" && onlyRead(this.picture, this.channel)) this.#load();
  }

  async #history(channel, before) {
    // What is read anew every few seconds must not swallow a click for what is older.
    const wanted = `${channel} ${before ?? ""}`;
    if (this.#loading.has(wanted)) return;
    this.#loading.add(wanted);
    const command = { do: "chat.history", ...targetOf(channel), limit: historyLimit };
    const answer = await this.ask(before === undefined ? command : { ...command, before });
    this.#loading.delete(wanted);
    if (answer.ok) {
      this.problems.delete(channel);
      this.picture = remember(this.picture, channel, answer.ok.messages ?? [], answer.ok.more === true, before);
    } else if (!answer.lost) {
      this.problems.set(channel, answer.error);
      const known = this.picture.chat.get(channel) ?? talk([], true);
      this.picture = withTalk(this.picture, channel, { ...known, loaded: true });
    }
    this.#events.changed();
  }
}
