// The field to write in: drafts, answers, changed messages, and why one cannot write just now.
import { askFor } from "./ask.js";
import { toEnd } from "./chat.js";
import { duration } from "./clock.js";
import { byId, setAttribute, setText, show } from "./dom.js";
import { channelName, nameOf, openRoom, roomName, silenced, yourRoom } from "./picture.js";
import { findMessage, personIn } from "./talks.js";

/** The composer's view; `isTyping` says whether the person is in the middle of a sentence. */
export function composerView(live) {
  const field = byId("message");
  byId("compose").addEventListener("submit", (event) => {
    event.preventDefault();
    send(live, field);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && live.drafts.about(live.channel) !== null) return giveUp(live, field);
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send(live, field);
  });
  field.addEventListener("input", () => {
    live.drafts.set(live.channel, field.value);
    setText(byId("chat-refusal"), "");
    fit(field);
    if (field.value.trim() !== "" && !field.readOnly) live.typing.typed(live.channel);
  });
  byId("about-cancel").addEventListener("click", () => giveUp(live, field));
  byId("take-along").addEventListener("click", () => takeAlong(live, field));
  return {
    isTyping: () => document.activeElement === field && field.value.trim() !== "",
    render: () => render(live, field),
    tick: () => tick(live, field),
  };
}

function render(live, field) {
  const { picture, channel } = live;
  if (picture === null) return;
  const why = silenced(picture, channel, live.justLeft);
  const draft = live.drafts.get(channel);
  if (field.value !== draft) {
    field.value = draft;
    fit(field);
  }
  const label = personIn(channel) === null ? "Message to" : "Only for";
  setText(byId("message-label"), `${label} ${channelName(picture, channel)}`);
  setAttribute(field, "placeholder", why === null ? `${label} ${channelName(picture, channel)}` : "");
  field.readOnly = why !== null;
  renderAbout(live);
  const elsewhere = why !== null && draft !== "" && channel !== yourRoom(picture);
  show(byId("take-along"), elsewhere && silenced(picture, yourRoom(picture)) === null);
  setText(byId("take-along"), `Take my text to ${roomName(picture, yourRoom(picture))}`);
  tick(live, field);
}

/** Which message is answered or changed. */
function renderAbout(live) {
  const about = live.drafts.about(live.channel);
  show(byId("about"), about !== null);
  if (about === null) return setText(byId("send"), "Send");
  const message = findMessage(live.picture, about.reply ?? about.edit)?.message;
  const answered = message === undefined ? "an earlier message" : nameOf(live.picture, message.from);
  setText(byId("about-text"), about.edit === undefined ? `You answer ${answered}` : "You change your message");
  setText(byId("send"), about.edit === undefined ? "Send" : "Save");
}

/** Why one cannot write, and for how long. */
function tick(live, field) {
  const { picture, channel } = live;
  if (picture === null) return;
  const why = silenced(picture, channel, live.justLeft);
  const edits = live.drafts.about(channel)?.edit !== undefined;
  const wait = why !== null || edits ? 0 : live.slowLeft;
  byId("send").disabled = why !== null || wait > 0;
  const seconds = picture.chatSettings.slowSeconds;
  const slow = `The chat is slow: one message each ${duration(seconds * 1000)}. You can send again in ${duration(wait)}.`;
  const read = openRoom(picture, channel)?.hostsRead ? "Hosts can read what is written here." : "";
  const alone = personIn(channel) === null ? "" : `Only you and ${channelName(picture, channel)} can read this.`;
  setText(byId("silenced"), [why ?? (wait > 0 ? slow : ""), read, why === null ? alone : ""].filter(Boolean).join(" "));
}

async function send(live, field) {
  const text = cleaned(field.value);
  if (text === "" || field.readOnly || byId("send").disabled) return;
  const limit = live.picture.limits.textBytes ?? 4000;
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > limit) {
    const sentence = `This message is too long: ${bytes} of at most ${limit} bytes. Shorten it or send it in parts.`;
    return setText(byId("chat-refusal"), sentence);
  }
  const { channel } = live;
  const about = live.drafts.about(channel);
  live.typing.sent(channel);
  if (about?.edit !== undefined) return change(live, field, channel, about.edit, text);
  live.drafts.set(channel, "");
  live.drafts.done(channel);
  field.value = "";
  fit(field);
  live.outbox.add(channel, text, about?.reply);
  toEnd();
}

/** New words for an old message stay in the field until the server has taken them. */
async function change(live, field, channel, message, text) {
  const done = await askFor(byId("send"), live, { do: "chat.edit", message, text }, byId("chat-refusal"));
  if (done === null) return;
  live.drafts.done(channel);
  live.show(live.channel);
  field.focus();
}

function giveUp(live, field) {
  live.drafts.done(live.channel);
  setText(byId("chat-refusal"), "");
  live.show(live.channel);
  field.focus();
}

/** What other programs put into copied text and the server does not take: other line ends, control characters. */
export function cleaned(text) {
  const lines = text.replace(/\r\n?|[\u000b\u000c\u0085\u2028\u2029]/g, "\n");
  return lines.replace(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/g, "").toWellFormed().trim();
}

/** A half-written text whose room one has left goes along only when asked to: it was meant for others. */
function takeAlong(live, field) {
  const text = live.drafts.get(live.channel);
  const room = yourRoom(live.picture);
  live.drafts.set(live.channel, "");
  live.drafts.done(live.channel);
  const there = live.drafts.get(room);
  live.drafts.set(room, there === "" ? text : `${there}\n${text}`);
  live.show(room);
  field.focus();
}

/** As high as its text, within what the style allows. */
function fit(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}
