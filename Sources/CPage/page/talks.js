// What was said, place by place: the steps of a picture that concern chat. Pure, like session.js.
//
// A *channel* is a place as this page names it: a room's id, or "@" and a person's id for what you and that person
// write to each other (no room's id begins so). The picture keeps more than a state brings: what was read of older
// messages, and of rooms that you have left, stays for reading.

/**
 * What a state or a `you` brings of one list at most, and of all lists (DESIGN 6); clearly less means that there is no
 * more. `bytes` is what the server reckons for messages with their signs.
 */
const inState = { messages: 50, textBytes: 60_000, bytes: 150_000 };

/** The channel of what you and a person write to each other. */
export const directWith = (person) => `@${person}`;

/** The person of such a channel; null for a room. */
export const personIn = (channel) => (channel.startsWith("@") ? channel.slice(1) : null);

/** A channel as commands name it. */
export function targetOf(channel) {
  const person = personIn(channel);
  return person === null ? { room: channel } : { person };
}

/** The channel of a message as it is pushed. */
export function channelOf(message, you) {
  if (message.room !== undefined) return message.room;
  return directWith(message.from === you ? message.to : message.from);
}

/**
 * What is known of a channel: `messages` oldest first, `whole` if there is none older, `loaded` unless newer ones may
 * have been said while you could not hear them.
 */
export const talk = (messages, whole, loaded = true) => ({ messages, whole, loaded });

/** A picture with a channel's talk replaced. */
export const withTalk = (picture, channel, known) => ({
  ...picture,
  chat: new Map(picture.chat).set(channel, known),
});

/** The talks of a state's `chat`, direct messages sorted by person. */
export function talksOf(chat, you) {
  const lists = Object.entries(chat ?? {}).filter(([, messages]) => Array.isArray(messages));
  const all = lists.flatMap(([, messages]) => messages);
  const isCut = sum(all, textBytes) >= inState.textBytes || sum(all, messageBytes) >= inState.bytes;
  const talks = new Map();
  for (const [room, messages] of lists) {
    const whole = messages.length < inState.messages && !isCut;
    if (room !== "direct") {
      talks.set(room, talk(messages, whole));
      continue;
    }
    for (const message of messages) {
      const channel = channelOf(message, you);
      if (!talks.has(channel)) talks.set(channel, talk([], whole));
      talks.get(channel).messages.push(message);
    }
  }
  return talks;
}

/** Puts fresh talks in the place of known ones; what was read of older messages stays if it joins on. */
export function refreshed(known, fresh) {
  const talks = new Map();
  for (const [channel, old] of known) if (!fresh.has(channel)) talks.set(channel, old);
  for (const [channel, next] of fresh) talks.set(channel, joined(known.get(channel), next));
  return talks;
}

/** `last`: what is newer than this message was said meanwhile. */
function joined(old, next, last = Infinity) {
  if (old === undefined) return next;
  const first = next.messages[0]?.message;
  const newer = old.messages.filter((message) => message.message > last);
  const joinsOn = first !== undefined && old.messages.some((message) => message.message === first);
  if (!joinsOn) return { ...next, messages: [...next.messages, ...newer] };
  const older = old.messages.filter((message) => message.message < first);
  return { ...next, messages: [...older, ...next.messages, ...newer], whole: old.whole };
}

const sum = (messages, bytes) => messages.reduce((total, message) => total + bytes(message), 0);

const textBytes = ({ text }) => new TextEncoder().encode(text ?? "").length;

function messageBytes(message) {
  const signs = (message.reactions ?? []).reduce((total, { people = [] }) => total + 96 + 67 * people.length, 0);
  return 400 + 2 * textBytes(message) + signs;
}

/**
 * Puts an answer of `chat.history` into the picture: `messages` oldest first, older than `before` or, without it, the
 * newest; `more` if there are older ones still. The newest replace what is known, since that may have gaps; older ones
 * go in front.
 */
export function remember(picture, channel, messages, more, before) {
  const known = picture.chat.get(channel) ?? talk([], false, false);
  const fresh = talk(messages, !more);
  if (before === undefined) return withTalk(picture, channel, joined(known, fresh, messages.at(-1)?.message ?? -1));
  const ids = new Set(messages.map((message) => message.message));
  const rest = known.messages.filter((message) => !ids.has(message.message));
  return withTalk(picture, channel, { ...fresh, messages: [...messages, ...rest], loaded: known.loaded });
}

/** A picture with a message at the end of its channel. */
export function saidIn(picture, push) {
  const { on, seq, ...message } = push;
  const channel = channelOf(message, picture.you);
  // The first words between two people; in a room, others may have come before.
  const known = picture.chat.get(channel) ?? talk([], false, personIn(channel) !== null);
  if (known.messages.some((other) => other.message === message.message)) return picture;
  return withTalk(picture, channel, { ...known, messages: [...known.messages, message] });
}

/** You go out of a breakout room's hearing: what is known of it will have gaps. */
export function gaps(picture, channel) {
  const known = picture.chat.get(channel);
  return channel === "main" || known === undefined ? picture : withTalk(picture, channel, { ...known, loaded: false });
}

/** You come into a room's hearing: if anything stands there already, a `you` brings it right behind. */
export function heard(picture, room) {
  if (room === "main") return picture;
  const known = picture.chat.get(room) ?? talk([], true);
  return withTalk(picture, room, { ...known, loaded: true });
}

/** The message of this id and its channel, wherever it stands; null if it is not known. */
export function findMessage(picture, id) {
  for (const [channel, known] of picture.chat) {
    const index = known.messages.findLastIndex((message) => message.message === id);
    if (index >= 0) return { channel, index, message: known.messages[index] };
  }
  return null;
}

/** A picture with one message changed, if it is known. */
export function withMessage(picture, id, change) {
  const found = findMessage(picture, id);
  if (found === null) return picture;
  const known = picture.chat.get(found.channel);
  return withTalk(picture, found.channel, {
    ...known,
    messages: known.messages.with(found.index, change(found.message)),
  });
}

/** Its words and what was answered to them with signs are gone; that there was a message is kept. */
export function deleted({ reactions, ...message }) {
  return { ...message, text: null, deleted: true };
}

/** A message with somebody's sign put on it or taken off; `same` is counted without names. */
export function reacted({ reactions = [], ...message }, { emoji, added, person }) {
  const known = reactions.find((reaction) => reaction.emoji === emoji) ?? { emoji, count: 0 };
  const next = person === undefined ? counted(known, added) : named(known, added, person);
  const rest = reactions.map((reaction) => (reaction === known ? next : reaction));
  if (!reactions.includes(known)) rest.push(next);
  const left = rest.filter((reaction) => reaction.count > 0);
  return left.length === 0 ? message : { ...message, reactions: left };
}

const counted = (reaction, added) => ({ ...reaction, count: reaction.count + (added ? 1 : -1) });

/** Of many people a state names only the first: the number is told apart. */
function named(reaction, added, person) {
  const others = (reaction.people ?? []).filter((other) => other !== person);
  return { ...counted(reaction, added), people: added ? [...others, person] : others };
}
