// The rooms of the round: who is in which, what they are for, the way in, and for hosts how each is getting on. The
// host's controls for the round are in round.js, those for one room in roomtools.js.
import { askFor, refusalLine } from "./ask.js";
import { since } from "./clock.js";
import { byId, element, keyedList, setAttribute, setText, show } from "./dom.js";
import { setPlace } from "./header.js";
import { byName, displayName, nameOf, roomName, youHost, yourRoom } from "./picture.js";
import { roomTools } from "./roomtools.js";
import { people } from "./words.js";

/** So many names stand on a card; the rest is counted. */
const namesShown = 16;

/** The rooms' view; `open(person)` shows what can be done for somebody. */
export function roomsView(live, open) {
  const cards = keyedList(byId("room-cards"), (item) => createCard(live, item, open), updateCard);
  let drawn = {};
  return {
    render() {
      const { picture } = live;
      if (picture === null) return;
      const { participants, breakouts, pulse, session } = picture;
      const none = "No rooms are open. Everybody is in the main room.";
      show(byId("no-rooms"), breakouts === null);
      setText(byId("no-rooms"), session.phase === "live" ? none : "Rooms can be opened while the session is live.");
      const same = drawn.participants === participants && drawn.breakouts === breakouts;
      if (same && drawn.pulse === pulse) return;
      drawn = { participants, breakouts, pulse };
      cards(breakouts === null ? [] : cardItems(picture));
      visits(live);
    },
    tick: () => visits(live),
  };
}

/** How long ago a host was in each room: time passes without any push. */
function visits(live) {
  for (const card of byId("room-cards").children) {
    const { visit } = card;
    const ago = visit ? since(live.clock.now() - visit.at) : "";
    const when = ago === "just now" ? ago : `${ago} ago`;
    setText(card.querySelector(".visit"), visit ? `${visit.name} was here ${when}.` : "");
  }
}

function cardItems(picture) {
  const inside = new Map();
  for (const seat of picture.participants.values()) {
    if (seat.presence === "left") continue;
    if (!inside.has(seat.room)) inside.set(seat.room, []);
    inside.get(seat.room).push(seat);
  }
  for (const seats of inside.values()) seats.sort(inOrder);
  const yours = yourRoom(picture);
  const hosting = youHost(picture);
  const rooms = [{ room: "main" }, ...(picture.breakouts.rooms ?? [])];
  return rooms.map((room) => {
    const seats = (inside.get(room.room) ?? []).map((seat) => [seat.person, displayName(seat), seat.presence]);
    const item = { ...room, key: room.room, seats, hosting, yours: room.room === yours };
    item.name = roomName(picture, room.room);
    item.mayEnter = !item.yours && (hosting || mayChoose(picture, room.room));
    item.last = rooms.length === 2;
    if (hosting && room.room !== "main") Object.assign(item, pulseOf(picture, room.room));
    item.stamp = JSON.stringify(item);
    return item;
  });
}

/** How a room is getting on, as the newest pulse says. */
function pulseOf(picture, id) {
  const room = picture.pulse?.rooms?.find((known) => known.room === id);
  if (room === undefined) return {};
  const facts = [
    room.writing > 0 ? `${room.writing} writing` : "",
    room.done > 0 ? `${room.done} done` : "",
    room.moreTime > 0 ? `${room.moreTime} ${room.moreTime === 1 ? "wants" : "want"} more time` : "",
  ];
  const alone = room.alone ? `${nameOf(picture, room.alone)} is alone.` : "";
  const visit = room.visitedBy ? { name: nameOf(picture, room.visitedBy), at: room.visitedAt } : null;
  return { here: room.present, facts: facts.filter(Boolean).join(" · "), alone, visit };
}

/** Who is here comes first: only so many are shown. */
const inOrder = (a, b) =>
  (a.presence === "here" ? 0 : 1) - (b.presence === "here" ? 0 : 1) || byName(a, b);

/** Where people choose, they may enter any room until the rooms are closing, and always go back. */
function mayChoose({ breakouts, participants, you }, room) {
  if (breakouts.mode !== "choose" || participants.get(you)?.role === "observer") return false;
  return room === "main" || breakouts.phase === "open";
}

function createCard(live, { key }, open) {
  const line = refusalLine();
  const enter = element("button", { type: "button", class: "enter" });
  enter.addEventListener("click", () => askFor(enter, live, { do: "room.enter", room: key }, line));
  const inside = element("ul", { class: "inside" });
  const p = (name) => element("p", { class: name, dir: "auto" });
  const card = element(
    "li",
    { class: "card" },
    element("div", { class: "card-top" }, element("h3", { dir: "auto" }), element("span", { class: "size" })),
    p("room-task"),
    p("room-place"),
    inside,
    p("more"),
    p("pulse"),
    p("alone"),
    p("visit"),
    enter,
    line,
  );
  card.names = keyedList(inside, (item) => createName(item, open), updateName);
  if (key !== "main") card.tools = roomTools(live, key, card);
  return card;
}

function updateCard(card, item) {
  const part = (name) => card.querySelector(name);
  setText(part("h3"), item.name);
  const here = item.here === undefined || item.here === item.seats.length ? "" : `, ${item.here} here`;
  const size = `${people(item.seats.length)}${here}`;
  setText(part(".size"), item.yours ? `You are here · ${size}` : size);
  setText(part(".room-task"), item.task ?? "");
  setPlace(part(".room-place"), item.place);
  card.names(item.seats.slice(0, namesShown).map(([key, name, presence]) => {
    return { key, name, presence, stamp: `${name}/${presence}` };
  }));
  const rest = item.seats.length - namesShown;
  setText(part(".more"), rest > 0 ? `and ${people(rest)} more` : "");
  setText(part(".pulse"), item.facts ?? "");
  setText(part(".alone"), item.alone ?? "");
  card.visit = item.visit ?? null;
  setText(part(".enter"), item.key === "main" ? "Go back to the main room" : `Enter ${item.name}`);
  show(part(".enter"), item.mayEnter);
  setAttribute(card, "data-yours", item.yours ? "yes" : null);
  card.tools?.(item);
}

function createName({ key }, open) {
  return element("li", {}, element("button", { type: "button", class: "person", dir: "auto", click: () => open(key) }));
}

function updateName(row, { name, presence }) {
  setText(row.firstElementChild, presence === "here" ? name : `${name} (${presence})`);
  setAttribute(row, "data-presence", presence);
}
