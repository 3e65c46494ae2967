// Every code of the wire as a sentence for the person in front of the page.

/** Close codes: what to say, whether to come back by itself (DESIGN 6: below 4500 yes, else no) or to offer it. */
const closes = {
  1000: { text: "The session has ended.", back: false },
  1001: { text: "The server is restarting.", back: true },
  1006: { text: "The connection was lost.", back: true },
  1011: { text: "The server had a fault of its own.", back: true },
  1013: { text: "The server is very busy.", back: true },
  4401: {
    text: "This link has expired. Ask the people who invited you for a new one.",
    back: false,
    offer: "Try again",
  },
  4408: { text: "Joining took too long.", back: true },
  4410: { text: "Something was erased for good, so this page takes the session anew.", back: true, whole: true },
  4413: { text: "Your connection was too slow to keep up.", back: true },
  4429: { text: "This page asked for too much at once.", back: true, wait: 5000 },
  4500: { text: "The server could not understand this page. Reload it to get its newest version.", back: false },
  4501: { text: "This link is not valid. Check that you copied all of it, or ask for a new one.", back: false },
  4503: { text: "A host has removed you from this session.", back: false },
  4504: { text: "There is no such session, or it ended a while ago.", back: false },
  4509: {
    text: "You have this session open in more than eight places, so this oldest one was closed.",
    back: false,
    offer: "Use it here",
  },
};

/** What a close code means: `{text, back, wait?, offer?, whole?}`; `whole`: at once, for a whole state. Unknown codes go by their range. */
export function closing(code) {
  if (closes[code] !== undefined) return closes[code];
  if (code >= 4500 && code <= 4999) return { text: "The server has closed this session for you.", back: false };
  return { text: "The connection was lost.", back: true };
}

const refusals = {
  notConnected: "You are not connected right now. Try again when the connection is back.",
  unknownCommand: "This server cannot do this yet.",
  slowDown: "That was very quick. Wait a moment and try again.",
  notHost: "Only the host can do this.",
  hostsOnly: "Only the host and co-hosts can do this.",
  notEligible: "This person's seat cannot lead the session.",
  notYours: "Only whoever wrote this can do that.",
  muted: "A host has muted you. You can still write to a host.",
  chatLocked: "The chat is closed: only hosts write in it. You can still write to a host.",
  removed: "A host has removed you from this session.",
  notOwner: "Only somebody who was invited as host can take the session back.",
  observersOnlyWatch: "You are here as an observer: you read along.",
  notLive: "This is possible while the session is on: after its start and before its end.",
  alreadyLive: "The session has already started.",
  ended: "The session has ended.",
  notEnding: "Nobody is ending the session right now.",
  locked: "The host has locked the session; nobody new can come in right now.",
  tooLate: "It is too late for this.",
  stale: "Somebody else changed this a moment before you. Look again and repeat it if you still want it.",
  noSuchPerson: "This person is not in the session.",
  noSuchRoom: "This room does not exist, or not any more.",
  noSuchMessage: "This message is not there any more.",
  noSuchHelp: "This request for help has been settled already.",
  noOffer: "There is no such offer any more.",
  noFloor: "Nobody has stepped in, or somebody else has.",
  lastRoom: "This is the last room. Close the rooms instead.",
  alreadyAsked: "You have asked for help already; the hosts see it.",
  alreadyClaimed: "Another host is on the way already.",
  tooManyRequests: "Very many people wait for help already. Ask again in a while.",
  tooManyReactions: "There are as many signs here as there can be.",
  notInRoom: "You can only write in the room that you are in.",
  notReadable: "You cannot read this room, since you were not in it.",
  alreadyHost: "This person is already the host.",
  alreadyCohost: "This person is already a co-host.",
  notCohost: "This person is not a co-host.",
  personNotHere: "This person is not here right now.",
  breakoutsOpen: "Rooms are already open. Close them first.",
  noBreakouts: "No rooms are open.",
  noDeadline: "These rooms have no end, so there is nothing to extend.",
  roomsClosed: "The rooms are closed.",
  sessionFull: "The session is full.",
  serverFull: "The server is full. Try again in a while.",
  tooManyRounds: "This session has had as many rounds of rooms as it can have.",
  noClaim: "Nothing waits to be accepted here; perhaps another host was faster.",
  tooManyClaims: "You have said this as often as can be. Tell a host: they can mark you as present.",
  tooManyMarks: "This person has as many marks as can be.",
  tooManyRooms: "That is more rooms than a session can have.",
  ticketExpired: "This link has expired. Ask the people who invited you for a new one.",
  rehearsalMismatch:
    "This link is for a rehearsal and this session is none, or the other way round. Ask the people who invited you for" +
    " the right link.",
};

const fields = {
  text: "text",
  task: "task",
  name: "name",
  title: "title",
  place: "place",
  seconds: "time",
  slowSeconds: "time",
  count: "number",
  size: "number",
  emoji: "sign",
  from: "time",
  to: "time",
  reason: "reason",
};

/** A refusal in plain words: ours where we have them, else the server's own sentence. */
export function refusal(error) {
  const last = (error.field ?? "").split(".").at(-1); // `rooms[2].name` is about a name
  const field = Object.hasOwn(fields, last) ? fields[last] : "text";
  if (error.code === "tooLong") return `This ${field} is too long.`;
  if (error.code === "badValue") return `The server does not take this ${field}.`;
  if (Object.hasOwn(refusals, error.code)) return refusals[error.code];
  return error.message || `The server said no (${error.code}).`;
}

const roles = { host: "Host", cohost: "Co-host", participant: "Participant", observer: "Observer" };

/** "Host", "Co-host"… */
export const roleName = (role) => (Object.hasOwn(roles, role) ? roles[role] : "Participant");

const presences = { here: "here", away: "away", gone: "gone", left: "left" };

/** "here", "away"… */
export const presenceName = (presence) => (Object.hasOwn(presences, presence) ? presences[presence] : "here");

const hostReasons = {
  arrived: "is here and leads now",
  left: "leads now, since the host has left",
  dropped: "leads now, since the host lost the connection",
  accepted: "has taken over and leads now",
  given: "was handed the session and leads now",
  reclaimed: "leads again",
  removed: "leads now",
};

/** Who leads now, in a sentence, with the reason of `host.changed`. */
export function hostSentence(name, reason) {
  if (name === null) return "Nobody leads at the moment. The first co-host to arrive will.";
  return `${name} ${Object.hasOwn(hostReasons, reason) ? hostReasons[reason] : "leads now"}.`;
}

/** "1 person", "12 people". */
export const people = (number) => (number === 1 ? "1 person" : `${number} people`);

/** "1 minute", "26 minutes": a number with a word that takes an s. */
export const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
