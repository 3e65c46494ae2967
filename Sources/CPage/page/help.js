// Who waits for a host: requests for help in the order of asking, and raised hands in theirs. The queue is for hosts;
// hands are for everybody.
import { askFor, refusalLine } from "./ask.js";
import { since } from "./clock.js";
import { byId, element, keyedList, setCount, setText, show } from "./dom.js";
import { hosts, nameOf, openRoom, raisedHands, roomName, youHost, youLead, yourRoom } from "./picture.js";

/** The queue and the hands; `tick` counts how long each request has waited. */
export function helpView(live) {
  const queue = keyedList(byId("help-queue"), (item) => createRequest(live, item), updateRequest);
  const hands = keyedList(byId("hands"), (item) => createHand(live, item), updateHand);
  const tick = () => {
    for (const row of byId("help-queue").children) setText(row.age, since(live.clock.now() - row.at));
  };
  return {
    render() {
      const { picture } = live;
      if (picture === null) return;
      const hosting = youHost(picture);
      const isOver = picture.session.phase === "ended";
      const requests = hosting && !isOver ? picture.help : [];
      show(byId("help-box"), requests.length > 0);
      queue(requests.map((request) => requestItem(picture, request)));
      const up = isOver ? [] : raisedHands(picture);
      show(byId("hands-box"), up.length > 0);
      hands(up.map((seat) => handItem(picture, seat, hosting)));
      const waiting = hosting ? requests.length + up.length : 0;
      setCount(byId("people-waiting"), waiting, "waiting");
      tick();
    },
    tick,
  };
}

function requestItem(picture, request) {
  const { help, person, room, text, at, claimedBy } = request;
  // Whose name is known is where they are now; of the others only the room is known in which they asked.
  const now = person === null ? room : (picture.participants.get(person)?.room ?? room);
  const item = {
    key: help,
    at,
    who: person === null ? "Somebody" : nameOf(picture, person),
    text: text ?? "",
    room: now,
    where: roomName(picture, now),
    mayGo: now !== yourRoom(picture) && (now === "main" ? picture.breakouts !== null : openRoom(picture, now) !== null),
    claimer: claimedBy === null ? "" : claimedBy === picture.you ? "You are coming" : `${nameOf(picture, claimedBy)} is coming`,
    mayClaim: mayClaim(picture, claimedBy),
  };
  item.stamp = JSON.stringify(item);
  return item;
}

/** A request that a host sees to is left to them; the host may take it over, others only from one who is not here. */
function mayClaim(picture, claimer) {
  if (claimer === null) return true;
  const sees = hosts(picture, claimer) && picture.participants.get(claimer)?.presence === "here";
  return claimer !== picture.you && (youLead(picture) || !sees);
}

function createRequest(live, { key, at }) {
  const line = refusalLine();
  const button = (name, command) => {
    const node = element("button", { type: "button", class: `small ${name}` });
    node.addEventListener("click", () => askFor(node, live, command(), line));
    return node;
  };
  const row = element("li", { class: "request" });
  const go = () => ({ do: "room.enter", room: row.room });
  row.age = element("span", { class: "when" });
  row.at = at;
  row.append(
    element("div", { class: "by" }, element("bdi", { class: "author" }), element("span", { class: "where-asked" }), row.age),
    element("p", { class: "text", dir: "auto" }),
    element("p", { class: "claimer muted", dir: "auto" }),
    element(
      "div",
      { class: "buttons" },
      button("claim", () => ({ do: "help.claim", help: key })),
      button("go", go),
      button("resolve", () => ({ do: "help.resolve", help: key })),
    ),
    line,
  );
  return row;
}

function updateRequest(row, item) {
  const part = (name) => row.querySelector(`.${name}`);
  const label = (name, text) => {
    setText(part(name), text);
    part(name).setAttribute("aria-label", `${text}: ${item.who}, ${item.where}`);
  };
  row.room = item.room;
  setText(part("author"), item.who);
  setText(part("where-asked"), item.where);
  setText(part("text"), item.text);
  setText(part("claimer"), item.claimer);
  show(part("claim"), item.mayClaim);
  label("claim", item.claimer === "" ? "I am coming" : "I come instead");
  show(part("go"), item.mayGo);
  label("go", item.room === "main" ? "Go to the main room" : `Go to ${item.where}`);
  label("resolve", "Done");
}

function handItem(picture, seat, hosting) {
  const name = seat.person === picture.you ? `${nameOf(picture, seat.person)} (you)` : nameOf(picture, seat.person);
  const where = seat.room === "main" ? "" : roomName(picture, seat.room);
  return { key: seat.person, name, where, hosting, stamp: `${name}/${where}/${hosting}` };
}

function createHand(live, { key }) {
  const line = refusalLine();
  const lower = element("button", { type: "button", class: "small" }, "Lower");
  lower.addEventListener("click", () => askFor(lower, live, { do: "hand.lower", person: key }, line));
  return element("li", {}, element("bdi"), element("span", { class: "muted" }), lower, line);
}

function updateHand(row, { name, where, hosting }) {
  const [label, room, lower] = row.children;
  setText(label, name);
  setText(room, where);
  show(lower, hosting);
  lower.setAttribute("aria-label", `Lower the hand of ${name}`);
}
