// The reports of attendance as this tab has fetched them: one's own, for hosts everybody's, and how many claims wait.
//
// Reports are fetched while somebody looks at them: when they begin to, once a minute since minutes pass, and after an
// `attendance.*` push, but not more often than every few seconds. Hosts who do not look still know what waits for them: from
// one report after the join, and from the pushes since.
import { youHost, youObserve } from "./picture.js";

/** Between two fetches for pushes. */
const pauseMilliseconds = 3000;
/** So old do minutes get while they are looked at. */
const freshMilliseconds = 60_000;
/** After so long without an answer it is said that it is late. */
const lateMilliseconds = 4000;

/** One tab's reports. */
export class Attendance {
  /** What `attendance.mine` answered last, or null. */
  mine = null;
  /** What `attendance.report` answered last, or null. */
  report = null;
  /** Why the last fetch brought nothing: an error, or null. */
  problem = null;
  isLate = false;
  isShown = false;
  #ask;
  #clock;
  #changed;
  #picture = null;
  /** Open claims by person. */
  #waiting = new Map();
  #fetchedAt = 0;
  #isFetching = false;
  #isWanted = false;
  #knowsClaims = false;

  /** `ask` sends a command, `clock` is the server's, `changed()` is told when there is something new to see. */
  constructor(ask, clock, changed) {
    this.#ask = ask;
    this.#clock = clock;
    this.#changed = changed;
  }

  /** How many claims wait for a host. */
  get waiting() {
    return [...this.#waiting.values()].reduce((sum, claims) => sum + claims, 0);
  }

  /** Whether there is anything to report: not before the start. */
  get hasBegun() {
    return ["live", "ended"].includes(this.#picture?.session.phase);
  }

  /** The panel is shown, or not any more. */
  show(isShown) {
    this.isShown = isShown;
    if (isShown) this.fetch();
  }

  /** The line is there: what was missed is fetched; after a whole state nothing is known. */
  joined(picture, isWhole) {
    if (isWhole) {
      this.#waiting.clear();
      this.#knowsClaims = false;
      [this.mine, this.report] = [null, null];
    }
    this.#follow(picture);
    if (this.isShown) this.fetch();
  }

  /** A push and what it made of the picture. */
  hear(push, picture) {
    if (push.on === "attendance.claimed") this.#waiting.set(push.person, (this.#waiting.get(push.person) ?? 0) + 1);
    if (push.on === "attendance.accepted") this.#waiting.delete(push.person);
    this.#follow(picture);
    const isAbout = push.on.startsWith("attendance.") && push.seq !== undefined;
    if (isAbout || push.on === "session.started" || push.on === "session.ended") this.#isWanted = true;
    this.tick();
  }

  /** Fetches what is due. */
  tick() {
    if (!this.isShown || document.visibilityState !== "visible" || this.#isFetching) return;
    const age = performance.now() - this.#fetchedAt;
    const isOld = age > freshMilliseconds && this.#picture?.session.phase === "live";
    if (isOld || (this.#isWanted && age > pauseMilliseconds)) this.fetch();
  }

  /** Fetches now, for whoever may see it. */
  async fetch() {
    if (!this.hasBegun) return;
    if (this.#isFetching) return void (this.#isWanted = true);
    this.#isFetching = true;
    this.#isWanted = false;
    const late = setTimeout(() => this.#say({ isLate: true }), lateMilliseconds);
    const mine = youObserve(this.#picture) ? null : this.#ask({ do: "attendance.mine" });
    const report = youHost(this.#picture) ? this.#ask({ do: "attendance.report" }) : null;
    const answers = { mine: await mine, report: await report };
    clearTimeout(late);
    this.#isFetching = false;
    this.#fetchedAt = performance.now();
    this.#take(answers);
  }

  #take({ mine, report }) {
    if (report?.lost) this.#knowsClaims = false;
    const error = report?.error ?? mine?.error ?? null;
    if (mine === null) this.mine = null;
    if (report === null) this.report = null;
    if (mine?.ok) this.mine = { ...mine.ok, at: this.#clock.now() };
    if (report?.ok) {
      this.report = { ...report.ok, at: this.#clock.now() };
      const open = report.ok.people.filter((row) => row.openClaims > 0);
      this.#waiting = new Map(open.map((row) => [row.person, row.openClaims]));
    }
    this.#say({ isLate: false, problem: error });
  }

  #say(change) {
    Object.assign(this, change);
    this.#changed();
  }

  /** Who begins to lead does not know what was claimed before. */
  #follow(picture) {
    this.#picture = picture;
    const hosting = youHost(picture);
    if (!hosting) {
      this.#waiting.clear();
      this.report = null;
    }
    const isNew = hosting && this.hasBegun && !this.#knowsClaims;
    this.#knowsClaims = hosting && this.hasBegun;
    if (isNew) this.fetch();
  }
}
