// What is said of a push: `{tell}` is shown for a while and read out, `{say}` only read out, since what it tells stands
// somewhere for the eye. Null for what the views show well enough by themselves.
import { duration } from "./clock.js";
import { because, span } from "./minutes.js";
import { nameOf, openRoom, roomName, youHost, yourRoom, yourSeat } from "./picture.js";
import { hostSentence, roleName } from "./words.js";

/** What to say of a push that led from the picture `before` to `picture`; null if nothing. */
export function sentenceFor(push, before, picture, clock) {
  if (!Object.hasOwn(sentences, push.on)) return null;
  const said = sentences[push.on](push, picture, before, clock);
  return typeof said === "string" ? { tell: said } : (said ?? null);
}

const by = (picture, push) => nameOf(picture, push.by);
const ifHost = (picture, sentence) => (youHost(picture) ? sentence : null);
const left = (clock, at) => duration(at - clock.now());

const sentences = {
  "session.started": () => "The session has started.",
  "session.ending": (push, picture, before, clock) => `The session ends in ${left(clock, push.endsAt)}.`,
  "session.kept": () => "The session goes on.",
  "session.ended": () => "The session has ended. You can still read for an hour.",
  "session.locked": (push, picture) =>
    ifHost(picture, push.locked ? "The session is locked." : "The session is open to new people."),
  "session.changed": (push, picture, before) =>
    push.place === before.session.place ? null : "The session has another meeting place: see the top of the page.",

  "host.changed": (push, picture) => {
    if (push.to === picture.you) return "You lead the session now.";
    return hostSentence(push.to ? nameOf(picture, push.to) : null, push.reason);
  },
  "handoff.offered": (push, picture) => {
    const from = nameOf(picture, push.from);
    if (push.to === picture.you) return { say: `${from} asks you to lead the session. You can accept or decline.` };
    return { say: `${push.from === picture.you ? "You have" : `${from} has`} asked ${nameOf(picture, push.to)} to lead.` };
  },
  "handoff.declined": (push, picture) =>
    push.by === picture.you ? null : `${by(picture, push)} would rather not lead now.`,
  "handoff.withdrawn": (push, picture) =>
    push.to === picture.you ? "You are not asked to lead any more." : null,
  "role.changed": (push, picture, before) =>
    push.person === picture.you && yourSeat(before).role !== push.role
      ? `You are now ${roleName(push.role).toLowerCase()}.`
      : null,
  "floor.taken": (push, picture, before, clock) => {
    const who = push.person === picture.you ? "You have" : `${nameOf(picture, push.person)} has`;
    return { say: `${who} stepped in for ${left(clock, push.until)}.` };
  },
  "floor.yielded": (push, picture, before) => {
    const person = before.floor?.person;
    if (person === undefined) return null;
    return person === picture.you ? "Your stepping in is over." : `${nameOf(picture, person)} has stepped back.`;
  },

  "participant.moved": (push, picture) => {
    const inYours = push.person !== picture.you && push.to === yourRoom(picture) && push.to !== "main";
    return inYours ? `${nameOf(picture, push.person)} has come into the room.` : null;
  },
  "participant.removed": (push, picture) =>
    ifHost(picture, `${nameOf(picture, push.person)} was removed from the session.`),
  "participant.muted": (push, picture) => {
    if (push.person !== picture.you) return null;
    return push.muted ? "A host has muted you: you can write to hosts only." : "You can write again.";
  },
  "participant.labelled": (push, picture) => {
    if (push.person !== picture.you || push.by === picture.you) return null;
    return push.text === "" ? "Your label was taken away." : `Your label is now: ${push.text}`;
  },

  "breakouts.opened": (push, picture) => (yourRoom(picture) === "main" ? "Rooms are open." : null),
  "breakouts.roomAdded": (push) => `There is a new room: ${push.name}.`,
  "breakouts.roomRenamed": (push, picture) =>
    push.room === yourRoom(picture) ? `Your room is now called ${push.name}.` : null,
  "breakouts.roomRemoved": (push, picture, before) =>
    ifHost(picture, `The room ${openRoom(before, push.room)?.name ?? ""} was removed.`),
  "breakouts.extended": (push, picture, before, clock) => `The rooms close in ${left(clock, push.closesAt)}.`,
  "breakouts.announced": (push, picture) => ({ say: `Announcement by ${by(picture, push)}: ${push.text}` }),
  "breakouts.closing": (push, picture, before, clock) => `The rooms close in ${left(clock, push.closesAt)}.`,
  "breakouts.warning": () => "The rooms close in a few seconds.",
  "breakouts.closed": (push, picture, before) => (yourRoom(before) === "main" ? "The rooms are closed." : null),
  "breakouts.undone": () => "The opening of the rooms was taken back.",

  "help.asked": (push, picture) => {
    if (!youHost(picture)) return { say: "You have asked for help. The hosts see it." };
    const who = push.person === null ? "Somebody" : nameOf(picture, push.person);
    return `${who} asks for help${push.room === "main" ? "" : ` in ${roomName(picture, push.room)}`}.`;
  },
  "help.claimed": (push, picture) => (youHost(picture) ? null : { tell: `${by(picture, push)} is coming to help you.` }),
  "help.resolved": (push, picture) => (youHost(picture) ? null : "Your question for help is marked as done."),
  "hand.raised": (push, picture) =>
    push.person === picture.you
      ? { say: "Your hand is up." }
      : ifHost(picture, `${nameOf(picture, push.person)} has raised a hand.`),
  "hand.lowered": (push, picture) => {
    if (push.person !== picture.you) return null;
    return push.by === picture.you ? { say: "Your hand is down." } : "Your hand was lowered by a host.";
  },

  "attendance.claimed": (push, picture) =>
    push.person === picture.you ? null : `${nameOf(picture, push.person)} says they were here ${span(push)}.`,
  "attendance.accepted": (push, picture) =>
    push.person === picture.you ? `${by(picture, push)} has accepted when you say you were here.` : null,
  "attendance.marked": (push, picture) => {
    const how = push.present ? "present" : "absent";
    if (push.person === picture.you) return `${by(picture, push)} has marked you as ${how} ${span(push)}${because(push.reason)}`;
    return push.by === picture.you ? null : `${by(picture, push)} has marked ${nameOf(picture, push.person)} as ${how} ${span(push)}.`;
  },

  "chat.settingsChanged": (push, picture, before) => {
    const changed = [];
    if (push.locked !== before.chatSettings.locked) {
      changed.push(push.locked ? "The chat is closed: only hosts write in it." : "The chat is open again.");
    }
    if (push.slowSeconds !== before.chatSettings.slowSeconds) changed.push(slowSentence(push.slowSeconds));
    return changed.length === 0 ? null : changed.join(" ");
  },
};

/** Slow mode in a sentence. */
export function slowSentence(seconds) {
  if (seconds === 0) return "Everybody writes as often as they like again.";
  return `The chat is slow now: one message each ${seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`}.`;
}
