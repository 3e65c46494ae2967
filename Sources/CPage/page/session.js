// The client's picture of a session, and how each push changes it. Pure: `begin` makes a picture from the answer to
// `session.join`, `apply` gives the next picture and leaves the old one as it was; parts that did not change are
// shared, so a view finds out by `===` whether it has anything to do. What this page does not know, it ignores.
import { placed, readByHosts, roundOver, withBreakouts, withPerson, youHost } from "./picture.js";
import { deleted, reacted, refreshed, saidIn, talksOf, withMessage } from "./talks.js";

export { remember } from "./talks.js";

/** The picture at the moment of joining: `ok` of a `session.join` that was answered with a full state. */
export function begin(ok) {
  const { state } = ok;
  const empty = { you: ok.you.person, owner: null, eligible: null, chat: new Map(), readable: [] };
  return own({
    ...empty,
    epoch: ok.epoch,
    seq: ok.seq,
    limits: ok.limits ?? {},
    kept: ok.kept ?? null,
    session: state.session ?? {},
    host: personOf(state.host),
    succession: (state.succession ?? []).map(personOf),
    floor: state.floor ?? null,
    chatSettings: state.chatSettings ?? { locked: false, slowSeconds: 0 },
    participants: new Map((state.participants ?? []).map((person) => [person.person, person])),
    breakouts: state.breakouts ?? null,
    attendance: state.attendance ?? null,
    confirmed: null,
    pulse: null,
  }, { ...state, you: ok.you });
}

/**
 * The picture after a push or notice. Pushes are numbered, with gaps; one that is already in the picture (a resume may
 * overlap) changes nothing.
 */
export function apply(picture, push) {
  const change = Object.hasOwn(changes, push.on) ? changes[push.on] : (same) => same;
  if (push.at === undefined) return change(picture, push);
  return push.seq <= picture.seq ? picture : { ...change(picture, push), seq: push.seq };
}

/**
 * One's own part of a state takes the place of what was known: at a join, and by the notice `you`, which comes right
 * behind the pushes that it is about.
 */
function own(picture, part) {
  const fresh = talksOf(part.chat, picture.you);
  const readable = part.readable ?? [];
  const isReadable = (channel) => readable.some((known) => known.room === channel);
  const stays = (channel) => fresh.has(channel) || channel.startsWith("@") || isReadable(channel);
  const known = new Map([...picture.chat].filter(([channel]) => stays(channel)));
  return {
    ...picture,
    owner: part.you?.owner ?? picture.owner,
    eligible: part.you?.eligible ?? picture.eligible,
    chat: refreshed(known, fresh),
    readable,
    help: part.help ?? [],
    handoff: part.handoff ?? null,
  };
}

/** Lists are arrays of objects on the wire; one name in one may also come bare. */
const personOf = (value) => (value !== null && typeof value === "object" ? value.person ?? null : value ?? null);

const withSession = (picture, change) => ({ ...picture, session: { ...picture.session, ...change } });

const withHelp = (picture, id, change) => ({
  ...picture,
  help: picture.help.map((request) => (request.help === id ? { ...request, ...change } : request)),
});

const withoutHelp = (picture, push) => ({
  ...picture,
  help: picture.help.filter((request) => request.help !== push.help),
});

/** A notice as it is kept: without its name. */
const kept = (name) => (picture, { on, ...notice }) => ({ ...picture, [name]: notice });

/** One line for each push and notice of DESIGN 6 that this page shows. */
const changes = {
  you: own,

  "session.started": (picture, push) => withSession(picture, { phase: "live", startedAt: push.at }),
  "session.ending": (picture, push) => withSession(picture, { endsAt: push.endsAt }),
  "session.kept": (picture) => withSession(picture, { endsAt: null }),
  "session.ended": (picture, push) => ({
    ...withSession(picture, { phase: "ended", endsAt: null, endedAt: push.endedAt ?? push.at }),
    breakouts: null,
  }),
  "session.locked": (picture, push) => withSession(picture, { locked: push.locked ?? true }),
  "session.changed": (picture, push) => withSession(picture, { title: push.title, place: push.place }),

  "participant.joined": (picture, push) => {
    const { seq, at, on, ...person } = push;
    return withPerson(picture, push.person, { presence: "here", room: "main", ...person }, true);
  },
  "participant.away": (picture, push) => withPerson(picture, push.person, { presence: "away" }),
  "participant.returned": (picture, push) => withPerson(picture, push.person, { presence: "here" }),
  "participant.gone": (picture, push) => withPerson(picture, push.person, { presence: "gone" }),
  "participant.left": (picture, push) => withPerson(picture, push.person, { presence: "left" }),
  "participant.removed": (picture, push) => withPerson(picture, push.person, { presence: "left", room: "main" }),
  "participant.labelled": (picture, push) => withPerson(picture, push.person, { label: push.text }),
  "participant.muted": (picture, push) => withPerson(picture, push.person, { muted: push.muted }),
  "participant.moved": (picture, push) => placed(picture, [{ person: push.person, room: push.to }]),

  // Whoever led stays a co-host, whoever leads now is the host, and nobody is asked to lead any more.
  "host.changed": (picture, push) => {
    const before = push.from ? withPerson(picture, push.from, { role: "cohost" }) : picture;
    const next = push.to ? withPerson(before, push.to, { role: "host" }) : before;
    return { ...next, host: push.to ?? null, handoff: null };
  },
  "handoff.offered": (picture, push) => ({ ...picture, handoff: { from: push.from, to: push.to } }),
  "handoff.declined": (picture) => ({ ...picture, handoff: null }),
  "handoff.withdrawn": (picture) => ({ ...picture, handoff: null }),
  "role.changed": (picture, push) => withPerson(picture, push.person, { role: push.role }),
  "succession.changed": (picture, push) => ({ ...picture, succession: push.order.map(personOf) }),
  "floor.taken": (picture, push) => ({ ...picture, floor: { person: push.person, until: push.until } }),
  "floor.yielded": (picture) => ({ ...picture, floor: null }),

  "breakouts.opened": (picture, push) => {
    const { seq, at, on, placements, seed, by, ...round } = push;
    const breakouts = { ...round, phase: "open", openedAt: at, closesAt: push.closesAt ?? null };
    const opened = readByHosts({ ...picture, breakouts, confirmed: null, pulse: null }, push.rooms ?? []);
    return placed(opened, placements ?? []);
  },
  "breakouts.roomAdded": (picture, push) => {
    if (picture.breakouts === null) return picture;
    const { room, name, task, place, hostsRead } = push;
    const added = { room, name, task, place, hostsRead };
    return readByHosts(withBreakouts(picture, { rooms: [...picture.breakouts.rooms, added] }), [added]);
  },
  "breakouts.roomRenamed": (picture, push) => {
    const rename = (room) => (room.room === push.room ? { ...room, name: push.name } : room);
    const next = withBreakouts(picture, { rooms: picture.breakouts?.rooms.map(rename) });
    return { ...next, readable: picture.readable.map(rename) };
  },
  "breakouts.roomRemoved": (picture, push) => {
    const rooms = picture.breakouts?.rooms.filter((room) => room.room !== push.room);
    return withBreakouts(placed(picture, push.placements ?? []), { rooms });
  },
  // The server's own rule: with more time than the countdown takes, the rooms are simply open again.
  "breakouts.extended": (picture, push) => {
    const isOpenAgain = push.closesAt - push.at > (picture.breakouts?.closing ?? 0);
    return withBreakouts(picture, {
      closesAt: push.closesAt,
      phase: isOpenAgain ? "open" : picture.breakouts?.phase,
    });
  },
  "breakouts.closing": (picture, push) => withBreakouts(picture, { phase: "closing", closesAt: push.closesAt }),
  "breakouts.closed": roundOver,
  "breakouts.undone": roundOver,
  "breakouts.confirmed": kept("confirmed"),
  "rooms.pulse": kept("pulse"),
  "room.passed": (picture, push) => withPerson(picture, push.person, { pass: push.pass }),

  // Who is no host hears only of their own request; hosts do not hear whose an unnamed one is.
  "help.asked": (picture, { help, person, room, text, unnamed, at }) => {
    const asker = youHost(picture) ? person : picture.you;
    const request = { help, person: asker, room, text, unnamed, at, claimedBy: null };
    return { ...picture, help: [...picture.help, request] };
  },
  "help.claimed": (picture, push) => withHelp(picture, push.help, { claimedBy: push.by }),
  "help.resolved": withoutHelp,
  "help.withdrawn": withoutHelp,
  "hand.raised": (picture, push) => withPerson(picture, push.person, { hand: push.seq }),
  "hand.lowered": (picture, push) => withPerson(picture, push.person, { hand: null }),

  "chat.sent": saidIn,
  "chat.edited": (picture, push) =>
    withMessage(picture, push.message, (message) => ({ ...message, text: push.text, editedAt: push.at })),
  "chat.deleted": (picture, push) => withMessage(picture, push.message, deleted),
  "chat.reacted": (picture, push) => withMessage(picture, push.message, (message) => reacted(message, push)),
  "chat.settingsChanged": (picture, { locked, slowSeconds }) => ({
    ...picture,
    chatSettings: { locked, slowSeconds },
  }),
  "attendance.count": kept("attendance"),
};
