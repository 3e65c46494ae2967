// One message as a row: said (perhaps changed or deleted since, answered, with signs on it), on its way, or turned down.
import { byId, element, setAttribute, setText, show } from "./dom.js";
import { nameOf } from "./picture.js";
import { emojiName } from "./emoji.js";
import { findMessage } from "./talks.js";
import { refusal } from "./words.js";

const timeOfDay = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
/** So much of a message stands above an answer to it. */
const quotedLetters = 90;

/** The rows of a channel: what was said, then what is on its way. */
export function messageItems(live, messages, pending) {
  const said = messages.map((message) => saidItem(live, message));
  const connected = live.connection.status.phase === "joined";
  const isSlow = live.picture.chatSettings.slowSeconds > 0;
  const underway = pending.map((entry) => ({
    key: entry.key,
    stamp: `${entry.status}/${entry.slow}/${connected}/${isSlow}`,
    entry,
    connected,
    isSlow,
  }));
  return [...said, ...underway];
}

function saidItem(live, message) {
  const { picture } = live;
  const label = picture.participants.get(message.from)?.label ?? "";
  const answered = message.replyTo === undefined ? null : (findMessage(picture, message.replyTo)?.message ?? null);
  const same = live.feelsSame(message.message);
  const stamp = `${serial(message)}/${answered === null ? "" : serial(answered)}/${same}/${label}`;
  // Who was erased is another person from then on, and the name goes with the row.
  return { key: `${message.message}/${message.from}`, stamp, message, answered, label, same };
}

const serials = new WeakMap();
let last = 0;

/** A number for each version of a message: pictures share what did not change. */
function serial(message) {
  if (!serials.has(message)) serials.set(message, (last += 1));
  return serials.get(message);
}

/** A row's element; the words are text and stay text. */
export function createMessage(live, { message, entry }, tools) {
  const from = message?.from ?? live.picture.you;
  const name = element("bdi", { class: "author" }, nameOf(live.picture, from));
  const label = element("span", { class: "label", dir: "auto", hidden: true });
  const when = message === undefined ? element("span", { class: "when" }) : timeOf(message.at);
  const by = element("div", { class: "by" }, name, label, when);
  const row = element("li", { class: "message" }, by, element("p", { class: "text", dir: "auto" }));
  if (from === live.picture.you) row.classList.add("mine");
  if (entry !== undefined) {
    setText(row.querySelector(".text"), entry.text);
    row.append(choices(live, entry.key));
    return row;
  }
  row.dataset.message = message.message;
  by.append(element("span", { class: "edited", hidden: true }, "changed"));
  if (message.replyTo !== undefined) by.after(quote(message.replyTo));
  row.append(element("ul", { class: "signs", hidden: true }));
  tools.addTo(row, by, message.message);
  return row;
}

/** Pending rows change their state; what was said may be changed, deleted, and get signs. */
export function updateMessage(live, row, item) {
  if (item.entry !== undefined) return updatePending(row, item);
  const { message, answered, label } = item;
  setText(row.querySelector(".text"), message.text ?? (message.deleted ? "This message was deleted." : "…"));
  setAttribute(row, "data-deleted", message.deleted ? "yes" : null);
  setText(row.querySelector(".label"), label);
  show(row.querySelector(".label"), label !== "");
  show(row.querySelector(".edited"), message.editedAt !== undefined && !message.deleted);
  const quoted = row.querySelector(".quote");
  if (quoted !== null) setText(quoted, quoteOf(live, answered));
  updateSigns(live, row.querySelector(".signs"), item);
  if (message.deleted) withoutTools(row);
}

/** With a deleted message there is nothing to be done; whoever was about to finds themselves in the text field. */
function withoutTools(row) {
  const tools = row.querySelector(".tools");
  if (tools === null) return;
  const hadFocus = tools.contains(document.activeElement);
  tools.remove();
  if (hadFocus) byId("message").focus();
}

function updatePending(row, { entry, connected, isSlow }) {
  const refused = entry.status === "refused";
  setAttribute(row, "data-pending", refused ? "refused" : "waiting");
  const waiting = isSlow ? "goes out when slow mode lets it…" : "goes out in a moment…";
  const underway = entry.slow ? waiting : "sending…";
  setText(row.querySelector(".when"), refused ? "not sent" : connected ? underway : "waiting for the connection…");
  setText(row.querySelector(".refusal"), refused ? refusal(entry.error) : "");
  show(row.querySelector(".choices"), refused || entry.slow);
  show(row.querySelector(".again"), refused);
}

function timeOf(at) {
  const date = new Date(at);
  return element("time", { class: "when", datetime: date.toISOString() }, timeOfDay.format(date));
}

function choices(live, key) {
  const again = element("button", { type: "button", class: "again", click: () => live.outbox.retry(key) }, "Send again");
  const back = element("button", { type: "button", click: () => takeBack(live, key) }, "Back to the text field");
  const line = element("p", { class: "refusal" });
  return element("div", {}, line, element("div", { class: "choices", hidden: true }, again, back));
}

function takeBack(live, key) {
  const text = live.outbox.discard(key);
  const draft = live.drafts.get(live.channel);
  live.drafts.set(live.channel, draft === "" ? text : `${draft}\n${text}`);
  live.show(live.channel);
  byId("message").focus();
}

/** Leads to the message that is answered, if it is on the page. */
function quote(id) {
  const go = () => {
    const row = byId("messages").querySelector(`[data-message="${id}"]`);
    row?.scrollIntoView({ block: "center" });
    row?.querySelector(".more-about")?.focus({ preventScroll: true });
  };
  return element("button", { type: "button", class: "quote", dir: "auto", tabindex: "-1", click: go });
}

function quoteOf(live, answered) {
  if (answered === null) return "Answer to an earlier message";
  const name = nameOf(live.picture, answered.from);
  if (answered.text === null) return `${name}: (deleted)`;
  const text = answered.text.replace(/\s+/g, " ");
  const letters = [...text];
  return `${name}: ${letters.length > quotedLetters ? `${letters.slice(0, quotedLetters).join("")}…` : text}`;
}

function updateSigns(live, list, { message, same }) {
  const reactions = message.reactions ?? [];
  show(list, reactions.length > 0);
  list.replaceChildren(...reactions.map((reaction) => signOf(live, message, reaction, same)));
}

/** A sign with its number; who put it there is told too, but for `same`, which is counted without names. */
function signOf(live, message, { emoji, count, people }, same) {
  const { you } = live.picture;
  const mine = emoji === "same" ? same : (people ?? []).includes(you);
  const names = (people ?? []).map((person) => (person === you ? "you" : nameOf(live.picture, person)));
  const sign = emoji === "same" ? "Same here" : emoji;
  const told = names.length === 0 ? `${emojiName(emoji)}: ${count}` : `${emojiName(emoji)}: ${names.join(", ")}`;
  return element(
    "li",
    { class: mine ? "sign mine" : "sign", title: told },
    element("span", { "aria-hidden": "true" }, `${sign} ${count}`),
    element("span", { class: "unseen" }, told),
  );
}
