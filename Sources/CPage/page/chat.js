// The chat: which room is shown, what was said in it, what is on its way, and the field to write in.
import { messageItems, createMessage, updateMessage } from "./messages.js";
import { byId, element, keyedList, setAttribute, setOptions, setText, show } from "./dom.js";
import { openRoom, roomName, silenced, youHost, yourRoom } from "./picture.js";
import { refusal } from "./words.js";

/** The chat's view; `isTyping` says whether the person is in the middle of a sentence. */
export function chatView(live) {
  const field = byId("message");
  const tabs = keyedList(byId("channels"), (item) => createTab(live, item), updateTab);
  const messages = keyedList(byId("messages"), (item) => createMessage(live, item), updateMessage);
  let drawn = { channel: null, stamp: null };

  byId("compose").addEventListener("submit", (event) => {
    event.preventDefault();
    send(live, field);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send(live, field);
  });
  field.addEventListener("input", () => {
    live.drafts.set(live.channel, field.value);
    setText(byId("chat-refusal"), "");
    fit(field);
  });
  byId("older").addEventListener("click", () => live.older(live.channel));
  byId("newest").addEventListener("click", () => toEnd());
  byId("log").addEventListener("scroll", () => show(byId("newest"), !atEnd()));
  byId("earlier").addEventListener("change", (event) => event.target.value && live.show(event.target.value));
  byId("take-along").addEventListener("click", () => takeAlong(live, field));

  return {
    isTyping: () => document.activeElement === field && field.value.trim() !== "",
    render() {
      if (live.picture === null) return;
      const { now, earlier } = channels(live);
      tabs(now.map((room) => tabItem(live, room)));
      renderEarlier(live, earlier);
      drawn = renderMessages(live, messages, drawn);
      renderComposer(live, field);
    },
  };
}

/** The rooms to read now, and those of earlier rounds. */
function channels(live) {
  const { picture } = live;
  const now = ["main"];
  if (yourRoom(picture) !== "main") now.push(yourRoom(picture));
  if (youHost(picture)) now.push("hosts");
  const open = youHost(picture) ? (picture.breakouts?.rooms ?? []).filter((room) => room.hostsRead) : [];
  const typed = [...live.drafts.rooms(), ...live.outbox.rooms()];
  const others = [...[...open, ...picture.readable.toReversed()].map((known) => known.room), ...typed];
  return { now, earlier: [...new Set(others)].filter((room) => !now.includes(room)) };
}

function tabItem(live, room) {
  const unread = live.unread.get(room) ?? 0;
  const name = roomName(live.picture, room);
  const chosen = room === live.channel;
  return { key: room, stamp: `${name}/${unread}/${chosen}`, name, unread, chosen };
}

function createTab(live, { key }) {
  const label = element("span", { dir: "auto" });
  const count = element("span", { class: "unread" });
  return element("button", { type: "button", class: "tab", click: () => live.show(key) }, label, count);
}

function updateTab(node, { name, unread, chosen }) {
  setText(node.firstElementChild, name);
  setText(node.lastElementChild, unread > 0 ? `${unread} new` : "");
  show(node.lastElementChild, unread > 0);
  setAttribute(node, "aria-pressed", String(chosen));
}

function renderEarlier(live, rooms) {
  const select = byId("earlier");
  show(byId("earlier-rooms"), rooms.length > 0);
  const label = (room) => {
    const unread = live.unread.get(room) ?? 0;
    const name = roomName(live.picture, room);
    const round = live.picture.readable.find((known) => known.room === room)?.round;
    return `${name}${round ? `, round ${round}` : ""}${unread > 0 ? ` (${unread} new)` : ""}`;
  };
  setOptions(select, [["", "Other rooms…"], ...rooms.map((room) => [room, label(room)])]);
  select.value = rooms.includes(live.channel) ? live.channel : "";
}

function renderMessages(live, list, drawn) {
  const { picture, channel } = live;
  const known = picture.chat.get(channel);
  const pending = live.outbox.of(channel);
  const problem = live.problems.get(channel);
  setText(byId("chat-title"), `Chat: ${roomName(picture, channel)}`);
  show(byId("older"), known !== undefined && !known.whole && known.messages.length > 0);
  setText(byId("history-refusal"), problem ? refusal(problem) : "");
  const empty = (known?.messages.length ?? 0) === 0 && pending.length === 0;
  show(byId("quiet"), empty && !problem);
  const stamp = [known?.messages, JSON.stringify(pending), live.connection.status.phase];
  const sameChannel = drawn.channel === channel;
  if (sameChannel && drawn.stamp?.every((part, index) => part === stamp[index])) return drawn;

  const log = byId("log");
  const follow = !sameChannel || atEnd();
  const fromEnd = log.scrollHeight - log.scrollTop;
  const first = known?.messages[0]?.message;
  const olderCame = sameChannel && drawn.first !== undefined && first !== drawn.first;
  // What was said long ago is not news: a screen reader should not read it all out.
  setAttribute(log, "aria-live", sameChannel && !olderCame ? "polite" : "off");
  if (!sameChannel) list([]);
  list(messageItems(live, known?.messages ?? [], pending));
  if (follow && !olderCame) toEnd();
  else if (olderCame) log.scrollTop = log.scrollHeight - fromEnd;
  show(byId("newest"), !atEnd());
  return { channel, stamp, first };
}

function atEnd() {
  const log = byId("log");
  return log.scrollHeight - log.scrollTop - log.clientHeight < 48;
}

function toEnd() {
  const log = byId("log");
  log.scrollTop = log.scrollHeight;
}

function renderComposer(live, field) {
  const { picture, channel } = live;
  const why = silenced(picture, channel, live.justLeft);
  const draft = live.drafts.get(channel);
  if (field.value !== draft) {
    field.value = draft;
    fit(field);
  }
  const name = roomName(picture, channel);
  setText(byId("message-label"), `Message to ${name}`);
  setAttribute(field, "placeholder", why === null ? `Message to ${name}` : "");
  field.readOnly = why !== null;
  byId("send").disabled = why !== null;
  const read = openRoom(picture, channel)?.hostsRead ? "Hosts can read what is written here." : "";
  setText(byId("silenced"), [why, read].filter(Boolean).join(" "));
  const elsewhere = why !== null && draft !== "" && channel !== yourRoom(picture);
  show(byId("take-along"), elsewhere && silenced(picture, yourRoom(picture)) === null);
  setText(byId("take-along"), `Take my text to ${roomName(picture, yourRoom(picture))}`);
}

function send(live, field) {
  const text = cleaned(field.value);
  if (text === "" || field.readOnly) return;
  const limit = live.picture.limits.textBytes ?? 4000;
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > limit) {
    const sentence = `This message is too long: ${bytes} of at most ${limit} bytes. Shorten it or send it in parts.`;
    return setText(byId("chat-refusal"), sentence);
  }
  live.drafts.set(live.channel, "");
  field.value = "";
  fit(field);
  live.outbox.add(live.channel, text);
  toEnd();
}

/** What other programs put into copied text and the server does not take: other line ends, control characters. */
function cleaned(text) {
  const lines = text.replace(/[\u000b\u000c\u0085\u2028\u2029]/g, "\n");
  return lines.replace(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/g, "").toWellFormed().trim();
}

/** A half-written text whose room one has left goes along only when asked to: it was meant for others. */
function takeAlong(live, field) {
  const text = live.drafts.get(live.channel);
  const room = yourRoom(live.picture);
  const there = live.drafts.get(room);
  live.drafts.set(live.channel, "");
  live.drafts.set(room, there === "" ? text : `${there}\n${text}`);
  live.show(room);
  field.focus();
}

/** As high as its text, within what the style allows. */
function fit(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}
