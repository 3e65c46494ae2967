// The client's picture of a session, and how each push changes it. Pure: `begin` makes a picture from the answer to
// `session.join`, `apply` gives the next picture and leaves the old one as it was; parts that did not change are
// shared, so a view finds out by `===` whether it has anything to do. What this page does not know, it ignores.
import { placed, roundOver, saidIn, talk, withBreakouts, withPerson, withRole, withTalk, yourRoom } from "./picture.js";

/** The picture at the moment of joining: `ok` of a `session.join` that was answered with a full state. */
export function begin(ok) {
  const { state, you } = ok;
  const participants = new Map((state.participants ?? []).map((person) => [person.person, person]));
  const chat = new Map();
  const bytes = textBytes(Object.values(state.chat ?? {}).flat());
  for (const [room, messages] of Object.entries(state.chat ?? {})) {
    if (room === "direct" || !Array.isArray(messages)) continue;
    chat.set(room, talk(messages, messages.length < inState.messages && bytes < inState.textBytes));
  }
  return {
    epoch: ok.epoch,
    seq: ok.seq,
    you: you.person,
    owner: you.owner ?? null,
    eligible: you.eligible ?? null,
    limits: ok.limits ?? {},
    session: state.session ?? {},
    host: personOf(state.host),
    succession: (state.succession ?? []).map(personOf),
    participants,
    breakouts: state.breakouts ?? null,
    chat,
    readable: state.readable ?? [],
    attendance: state.attendance ?? null,
    confirmed: null,
  };
}

/** The picture after a push or notice. A push that is already in the picture (a resume may overlap) changes nothing. */
export function apply(picture, push) {
  if (push.seq !== undefined && push.seq <= picture.seq) return picture;
  const change = Object.hasOwn(changes, push.on) ? changes[push.on] : null;
  const changed = change === null ? picture : change(picture, push);
  return push.seq === undefined ? changed : { ...changed, seq: push.seq };
}

/**
 * Puts an answer of `chat.history` into the picture: `messages` oldest first, at most `limit`, older than `before` or,
 * without it, the newest. The newest replace what is known, since that may have gaps; older ones go in front.
 */
export function remember(picture, room, messages, limit, before) {
  const known = picture.chat.get(room) ?? talk([], false, false);
  const ids = new Set(messages.map((message) => message.message));
  const newest = messages.at(-1)?.message ?? -1;
  const rest = known.messages.filter(
    (message) => !ids.has(message.message) && (before !== undefined || message.message > newest),
  );
  const loaded = before === undefined || known.loaded;
  return withTalk(picture, room, talk([...messages, ...rest], messages.length < limit, loaded));
}

/** How much chat a state brings at most (DESIGN 6); less means that there is no more. */
const inState = { messages: 50, textBytes: 60_000 };

const textBytes = (messages) =>
  messages.reduce((sum, message) => sum + new TextEncoder().encode(message.text ?? "").length, 0);

/** Lists are arrays of objects on the wire; one name in one may also come bare. */
const personOf = (value) => (value !== null && typeof value === "object" ? value.person ?? null : value ?? null);

const withSession = (picture, change) => ({ ...picture, session: { ...picture.session, ...change } });

/** One line for each push and notice of DESIGN 6 that this page shows. */
const changes = {
  "session.started": (picture, push) => withSession(picture, { phase: "live", startedAt: push.startedAt ?? push.at }),
  "session.ending": (picture, push) =>
    withSession(picture, { endsAt: push.endsAt ?? push.closesAt ?? push.at + (push.seconds ?? 30) * 1000 }),
  "session.kept": (picture) => withSession(picture, { endsAt: null }),
  "session.ended": (picture) => ({
    ...withSession(picture, { phase: "ended", endsAt: null }),
    breakouts: null,
  }),
  "session.locked": (picture, push) => withSession(picture, { locked: push.locked ?? true }),
  "session.changed": (picture, push) =>
    withSession(picture, { title: push.title ?? picture.session.title, place: push.place ?? picture.session.place }),

  "participant.joined": (picture, push) => {
    const { seq, at, on, ...person } = push;
    return withPerson(picture, push.person, { presence: "here", room: "main", ...person }, true);
  },
  "participant.away": (picture, push) => withPerson(picture, push.person, { presence: "away", since: push.at }),
  "participant.returned": (picture, push) => withPerson(picture, push.person, { presence: "here", since: push.at }),
  "participant.gone": (picture, push) => withPerson(picture, push.person, { presence: "gone", since: push.at }),
  "participant.left": (picture, push) => withPerson(picture, push.person, { presence: "left", since: push.at }),
  "participant.moved": (picture, push) => placed(picture, [{ person: push.person, room: push.to }]),

  "host.changed": (picture, push) => {
    const from = push.from ?? picture.host;
    // Whoever led stays a co-host; a `role.changed` that says otherwise comes after this push.
    const led = from && from !== push.to && picture.participants.get(from)?.role === "host";
    const next = led ? withRole(picture, from, "cohost") : picture;
    return { ...(push.to ? withRole(next, push.to, "host") : next), host: push.to ?? null };
  },
  "role.changed": (picture, push) => withRole(picture, push.person, push.role ?? push.to),
  "succession.changed": (picture, push) => ({
    ...picture,
    succession: (push.order ?? push.succession ?? []).map(personOf),
  }),

  "breakouts.opened": (picture, push) => {
    const { seq, at, on, placements, ...breakouts } = push;
    const opened = { ...breakouts, phase: push.phase ?? "open", openedAt: at, closesAt: push.closesAt ?? null };
    const next = placed({ ...picture, breakouts: opened, confirmed: null }, placements ?? []);
    const room = yourRoom(next);
    return room === "main" ? next : withTalk(next, room, talk([], true)); // new: nothing was said before you
  },
  // The server's own rule: with more time than the countdown takes, the rooms are simply open again.
  "breakouts.extended": (picture, push) => {
    const isOpenAgain = push.closesAt - push.at > (picture.breakouts?.closing ?? 0);
    return withBreakouts(picture, {
      closesAt: push.closesAt,
      phase: isOpenAgain ? "open" : picture.breakouts?.phase,
    });
  },
  "breakouts.closing": (picture, push) =>
    withBreakouts(picture, { phase: "closing", closesAt: push.closesAt ?? picture.breakouts?.closesAt }),
  "breakouts.closed": roundOver,
  "breakouts.undone": roundOver,
  "breakouts.confirmed": (picture, push) => {
    const { on, ...confirmed } = push;
    return { ...picture, confirmed };
  },

  "chat.sent": (picture, push) => (push.room === undefined ? picture : saidIn(picture, push)),
  "attendance.count": (picture, push) => {
    const { on, ...attendance } = push;
    return { ...picture, attendance };
  },
};
