// One message as a row: said, on its way, or turned down.
import { byId, element, setAttribute, setText } from "./dom.js";
import { nameOf } from "./picture.js";
import { refusal } from "./words.js";

const timeOfDay = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

/** The rows of a room: what was said, then what is on its way. */
export function messageItems(live, messages, pending) {
  const said = messages.map((message) => ({ key: message.message, stamp: message, message }));
  const connected = live.connection.status.phase === "joined";
  const underway = pending.map((entry) => ({
    key: entry.key,
    stamp: `${entry.status}/${connected}`,
    entry,
    connected,
  }));
  return [...said, ...underway];
}

/** A row's element; the words are text and stay text. */
export function createMessage(live, { message, entry }) {
  const from = message?.from ?? live.picture.you;
  const mine = from === live.picture.you;
  const name = element("bdi", { class: "author" }, nameOf(live.picture, from));
  const when = message === undefined ? element("span", { class: "when" }) : timeOf(message.at);
  const text = element("p", { class: "text", dir: "auto" });
  const row = element("li", { class: "message" }, element("div", { class: "by" }, name, when), text);
  if (mine) row.classList.add("mine");
  setText(text, (message ?? entry).text ?? "This message was deleted.");
  if (entry !== undefined) row.append(choices(live, entry.key));
  return row;
}

/** Pending rows change their state; what was said stays. */
export function updateMessage(row, { entry, connected }) {
  if (entry === undefined) return;
  const refused = entry.status === "refused";
  setAttribute(row, "data-pending", refused ? "refused" : "waiting");
  const underway = connected ? "sending…" : "waiting for the connection…";
  setText(row.querySelector(".when"), refused ? "not sent" : underway);
  setText(row.querySelector(".refusal"), refused ? refusal(entry.error) : "");
  row.querySelector(".choices").hidden = !refused;
}

function timeOf(at) {
  const date = new Date(at);
  return element("time", { class: "when", datetime: date.toISOString() }, timeOfDay.format(date));
}

function choices(live, key) {
  const again = element("button", { type: "button", click: () => live.outbox.retry(key) }, "Send again");
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
