// Steps that several pushes share, and questions that several views ask of the picture. Pure, like session.js.
import { gaps, heard, personIn } from "./talks.js";

/** A picture with one seat changed; a person it does not know is added only when `add` says so. */
export function withPerson(picture, person, change, add = false) {
  const before = picture.participants.get(person);
  if (before === undefined && !add) return picture;
  const participants = new Map(picture.participants);
  participants.set(person, { ...before, ...change });
  return { ...picture, participants };
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
  return from === to ? next : mayRead(heard(gaps(next, from), to), [to]);
}

/** The round is over, closed or undone: everybody is in `main` again, also whoever the list leaves out. */
export function roundOver(picture, push) {
  const listed = new Set((push.placements ?? []).map((placement) => placement.person));
  const others = [...picture.participants.values()]
    .filter((person) => person.room !== "main" && !listed.has(person.person))
    .map((person) => ({ person: person.person, room: "main" }));
  const back = placed(picture, [...(push.placements ?? []), ...others]);
  return { ...back, breakouts: null, confirmed: null, pulse: null };
}

/** Rooms join the list of those whose chat you may read later, which goes by round and number. */
export function mayRead(picture, rooms) {
  const known = new Set(picture.readable.map((readable) => readable.room));
  const added = rooms
    .filter((room) => room !== "main" && !known.has(room))
    .map((room) => ({ room, name: openRoom(picture, room)?.name, round: picture.breakouts?.round ?? 0 }));
  if (added.length === 0) return picture;
  const readable = [...picture.readable, ...added].sort((a, b) => a.round - b.round || number(a.room) - number(b.room));
  return { ...picture, readable };
}

/** The rooms that a host may read without going there. */
export function readByHosts(picture, rooms) {
  if (!youHost(picture)) return picture;
  return mayRead(picture, rooms.filter((room) => room.hostsRead).map((room) => room.room));
}

/** The number of a room in its round. */
const number = (room) => Number(/^b\d+-(\d+)$/.exec(room)?.[1] ?? 0);

/** Your own seat. */
export const yourSeat = (picture) => picture.participants.get(picture.you) ?? { person: picture.you, room: "main" };

/** The room you are in. */
export const yourRoom = (picture) => yourSeat(picture).room ?? "main";

/** Whether you lead. */
export const youLead = (picture) => picture.host === picture.you;

/** Whether a person is host or co-host. */
export const hosts = (picture, person) =>
  person === picture.host || ["host", "cohost"].includes(picture.participants.get(person)?.role);

/** Whether you are host or co-host. */
export const youHost = (picture) => hosts(picture, picture.you);

/** Whether you only watch. */
export const youObserve = (picture) => yourSeat(picture).role === "observer";

/** Whether you may start the session, and lead it: host, co-hosts, and whom the host put in the order. */
export const youMayLead = (picture) => youHost(picture) || picture.succession.includes(picture.you);

/** The display name of a person; the id of one who is not (or no longer) known. */
export const nameOf = (picture, person) => (person ? displayName(picture.participants.get(person) ?? { person }) : "Somebody");

/** The name of a seat, or of a row of a report; who was erased has none, and an id that tells nothing. */
export const displayName = ({ person, name }) => name || (/^erased-[0-9a-f]+$/.test(person) ? "Erased person" : person);

const collator = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });

/** Orders seats as people look for them. */
export const byName = (a, b) => collator.compare(displayName(a), displayName(b));

/** People for a select, in the order of their names, each as `[person, name]`. */
export function peopleOptions(picture, isMeant) {
  const seats = [...picture.participants.values()].filter((seat) => seat.presence !== "left" && isMeant(seat));
  return seats.sort(byName).map((seat) => [seat.person, displayName(seat)]);
}

/** The raised hands, in the order in which they went up. */
export const raisedHands = (picture) =>
  [...picture.participants.values()].filter((seat) => Number.isInteger(seat.hand)).sort((a, b) => a.hand - b.hand);

/** The display name of a room, also of an earlier round. */
export function roomName(picture, room) {
  if (room === "main") return "Main room";
  if (room === "hosts") return "Hosts";
  const open = picture.breakouts?.rooms?.find((known) => known.room === room);
  const past = picture.readable.find((known) => known.room === room);
  return open?.name || past?.name || numbered(room);
}

/** The display name of a channel: a room's, or the other person's. */
export function channelName(picture, channel) {
  const person = personIn(channel);
  return person === null ? roomName(picture, channel) : nameOf(picture, person);
}

/** "b2-3" without a name is "Room 3". */
function numbered(room) {
  const match = /^b\d+-(\d+)$/.exec(room ?? "");
  return match === null ? room ?? "" : `Room ${match[1]}`;
}

/** The open round's room of this id. */
export const openRoom = (picture, room) => picture.breakouts?.rooms?.find((known) => known.room === room) ?? null;

/** Whether a room's messages are only read here, not heard: it is open and a host looks in from elsewhere. */
export const onlyRead = (picture, channel) => openRoom(picture, channel) !== null && yourRoom(picture) !== channel;

/**
 * Why you cannot write in a channel right now, as a sentence; null if you can. `justLeft` is a room that is forgiven
 * for a while. The server's rules (DESIGN 5): one writes in the room one is in, hosts also in `hosts`; to a host one
 * may always write while the session is live.
 */
export function silenced(picture, channel, justLeft = null) {
  const hosting = youHost(picture);
  const other = personIn(channel);
  if (picture.session.phase === "ended") return "The session has ended; you can still read.";
  if (youObserve(picture)) return "You are here as an observer: you read along.";
  if (picture.session.phase === "lobby" && !hosting) return "You can write as soon as the session has started.";
  if (channel === "hosts" && !hosting) return "Only hosts write here.";
  if (other !== null && picture.participants.get(other)?.role === "observer") {
    return `${nameOf(picture, other)} only watches and cannot be written to.`;
  }
  if (other === null && channel !== "hosts" && channel !== yourRoom(picture) && channel !== justLeft) {
    return `You are in ${roomName(picture, yourRoom(picture))}, so you can read here but not write.`;
  }
  return forHosts(picture, channel) ? null : voiceless(picture);
}

/** Whether only hosts are written to in a channel: neither mute nor lock nor slow mode comes between. */
export function forHosts(picture, channel) {
  const other = personIn(channel);
  return channel === "hosts" || (other !== null && hosts(picture, other));
}

/** Nobody could give the host's voice back, so the host always has it. */
function voiceless(picture) {
  if (yourSeat(picture).muted && !youLead(picture)) {
    return "A host has muted you. You can still write to a host: click on the name.";
  }
  if (picture.chatSettings.locked && !youHost(picture)) {
    return "A host has closed the chat. You can still write to a host: click on the name.";
  }
  return null;
}
