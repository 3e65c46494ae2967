// Steps that several pushes share, and questions that several views ask of the picture. Pure, like session.js.

/** A picture with one seat changed; a person it does not know is added only when `add` says so. */
export function withPerson(picture, person, change, add = false) {
  const before = picture.participants.get(person);
  if (before === undefined && !add) return picture;
  const participants = new Map(picture.participants);
  participants.set(person, { ...before, ...change });
  return { ...picture, participants };
}

/** A picture with one seat's role changed. */
export function withRole(picture, person, role) {
  if (role === undefined) return picture;
  const heard = youHost(picture);
  const next = withPerson(picture, person, { role });
  return heard === youHost(next) ? next : gaps(next, "hosts");
}

/** A picture with a change to the open round, if there is one. */
export function withBreakouts(picture, change) {
  return picture.breakouts === null ? picture : { ...picture, breakouts: { ...picture.breakouts, ...change } };
}

/** A picture with people put into rooms; a room that you enter may be read from then on. */
export function placed(picture, placements) {
  if (placements.length === 0) return picture;
  const participants = new Map(picture.participants);
  for (const { person, room } of placements) {
    const before = participants.get(person);
    if (before !== undefined && before.room !== room) participants.set(person, { ...before, room });
  }
  const from = yourRoom(picture);
  const next = { ...picture, participants };
  const to = yourRoom(next);
  return from === to ? next : mayRead(gaps(gaps(next, from), to), to);
}

/** The round is over, closed or undone: everybody is in `main` again, also whoever the list leaves out. */
export function roundOver(picture, push) {
  const listed = new Set((push.placements ?? []).map((placement) => placement.person));
  const others = [...picture.participants.values()]
    .filter((person) => person.room !== "main" && !listed.has(person.person))
    .map((person) => ({ person: person.person, room: "main" }));
  const back = placed(picture, [...(push.placements ?? []), ...others]);
  return { ...back, breakouts: null, confirmed: null };
}

/**
 * What is known of a room's chat: `messages` oldest first, `whole` if there is none older, `loaded` unless newer ones
 * may have been said while you could not hear them.
 */
export const talk = (messages, whole, loaded = true) => ({ messages, whole, loaded });

/** A picture with a room's chat replaced. */
export const withTalk = (picture, room, known) => ({ ...picture, chat: new Map(picture.chat).set(room, known) });

/** A picture with a message at the end of its room. */
export function saidIn(picture, push) {
  const { on, room, ...message } = push;
  const known = picture.chat.get(room) ?? talk([], false, false);
  if (known.messages.some((other) => other.message === message.message)) return picture;
  return withTalk(picture, room, { ...known, messages: [...known.messages, message] });
}

/** You come into or go out of a breakout room's or the hosts' hearing: what is known of it may have gaps. */
export function gaps(picture, room) {
  const known = picture.chat.get(room);
  return room === "main" || known === undefined ? picture : withTalk(picture, room, { ...known, loaded: false });
}

/** The room you enter joins the list of rooms whose chat you may read later. */
function mayRead(picture, room) {
  if (room === "main" || picture.readable.some((known) => known.room === room)) return picture;
  const name = openRoom(picture, room)?.name;
  const round = picture.breakouts?.round ?? 0;
  return { ...picture, readable: [...picture.readable, { room, name, round }] };
}

/** Your own seat. */
export const yourSeat = (picture) => picture.participants.get(picture.you) ?? { person: picture.you, room: "main" };

/** The room you are in. */
export const yourRoom = (picture) => yourSeat(picture).room ?? "main";

/** Whether you lead. */
export const youLead = (picture) => picture.host === picture.you;

/** Whether you are host or co-host. */
export const youHost = (picture) => youLead(picture) || ["host", "cohost"].includes(yourSeat(picture).role);

/** The display name of a person; the id of one who is not (or no longer) known. */
export const nameOf = (picture, person) => picture.participants.get(person)?.name ?? person ?? "Somebody";

const collator = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });

/** Orders seats as people look for them. */
export const byName = (a, b) => collator.compare(a.name ?? "", b.name ?? "");

/** The display name of a room, also of an earlier round. */
export function roomName(picture, room) {
  if (room === "main") return "Main room";
  if (room === "hosts") return "Hosts";
  const open = picture.breakouts?.rooms?.find((known) => known.room === room);
  const past = picture.readable.find((known) => known.room === room);
  return open?.name || past?.name || numbered(room);
}

/** "b2-3" without a name is "Room 3". */
function numbered(room) {
  const match = /^b\d+-(\d+)$/.exec(room ?? "");
  return match === null ? room ?? "" : `Room ${match[1]}`;
}

/** The open round's room of this id. */
export const openRoom = (picture, room) => picture.breakouts?.rooms?.find((known) => known.room === room) ?? null;

/** Why you cannot write in a room right now, as a sentence; null if you can. `justLeft` is forgiven for a while. */
export function silenced(picture, room, justLeft = null) {
  const seat = yourSeat(picture);
  if (picture.session.phase === "ended") return "The session has ended; you can still read.";
  if (seat.role === "observer") return "You are here as an observer: you read along.";
  if (room === "hosts") return youHost(picture) ? null : "Only hosts write here.";
  const lobby = picture.session.phase === "lobby";
  if (lobby && !youHost(picture)) return "You can write as soon as the session has started.";
  if (room === yourRoom(picture) || room === justLeft) return null;
  return `You are in ${roomName(picture, yourRoom(picture))}, so you can read here but not write.`;
}
