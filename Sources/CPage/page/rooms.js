// The rooms of the round: who is in which, what they are for, and the way in. The host's controls for a round are in
// round.js.
import { askFor, refusalLine } from "./ask.js";
import { byId, element, keyedList, setAttribute, setText, show } from "./dom.js";
import { setPlace } from "./header.js";
import { byName, nameOf, roomName, youHost, yourRoom } from "./picture.js";
import { people } from "./words.js";

/** So many names stand on a card; the rest is counted. */
const namesShown = 16;

/** The rooms' view; `open(person)` shows what a host can do for somebody. */
export function roomsView(live, open) {
  const cards = keyedList(byId("room-cards"), (item) => createCard(live, item, open), updateCard);
  let drawn = {};
  return {
    render() {
      const { picture } = live;
      if (picture === null) return;
      const { participants, breakouts, confirmed, session } = picture;
      const none = "No rooms are open. Everybody is in the main room.";
      show(byId("no-rooms"), breakouts === null);
      setText(byId("no-rooms"), session.phase === "live" ? none : "Rooms can be opened while the session is live.");
      const same = drawn.participants === participants && drawn.breakouts === breakouts;
      if (same && drawn.confirmed === confirmed) return;
      drawn = { participants, breakouts, confirmed };
      cards(breakouts === null ? [] : cardItems(picture));
      setText(byId("confirmed"), breakouts === null ? "" : confirmedSentence(picture));
    },
  };
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
    const seats = (inside.get(room.room) ?? []).map((seat) => [seat.person, seat.name ?? seat.person, seat.presence]);
    const item = { ...room, key: room.room, seats, hosting, yours: room.room === yours };
    item.name = roomName(picture, room.room);
    item.mayEnter = !item.yours && (hosting || mayChoose(picture, room.room));
    item.stamp = JSON.stringify(item);
    return item;
  });
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
  const card = element(
    "li",
    { class: "card" },
    element("div", { class: "card-top" }, element("h3", { dir: "auto" }), element("span", { class: "size" })),
    element("p", { class: "room-task", dir: "auto" }),
    element("p", { class: "room-place", dir: "auto" }),
    inside,
    element("p", { class: "more" }),
    enter,
    line,
  );
  card.names = keyedList(inside, (item) => createName(item, open), updateName);
  return card;
}

function updateCard(card, item) {
  const part = (name) => card.querySelector(name);
  setText(part("h3"), item.name);
  setText(part(".size"), item.yours ? `You are here · ${people(item.seats.length)}` : people(item.seats.length));
  setText(part(".room-task"), item.task ?? "");
  setPlace(part(".room-place"), item.place);
  card.names(
    item.seats.slice(0, namesShown).map(([key, name, presence]) => {
      return { key, name, presence, hosting: item.hosting, stamp: `${name}/${presence}/${item.hosting}` };
    }),
  );
  const rest = item.seats.length - namesShown;
  setText(part(".more"), rest > 0 ? `and ${people(rest)} more` : "");
  setText(part(".enter"), item.key === "main" ? "Go back to the main room" : `Enter ${item.name}`);
  show(part(".enter"), item.mayEnter);
  setAttribute(card, "data-yours", item.yours ? "yes" : null);
}

function createName({ key }, open) {
  const button = element("button", { type: "button", class: "person", click: () => open(key) });
  return element("li", {}, element("bdi"), button);
}

function updateName(row, { name, presence, hosting }) {
  const label = presence === "here" ? name : `${name} (${presence})`;
  setText(row.firstElementChild, label);
  setText(row.lastElementChild, label);
  show(row.firstElementChild, !hosting);
  show(row.lastElementChild, hosting);
  setAttribute(row, "data-presence", presence);
}

function confirmedSentence(picture) {
  const { confirmed } = picture;
  if (confirmed === null || !youHost(picture)) return "";
  const missing = (confirmed.missing ?? []).map((person) => nameOf(picture, person?.person ?? person));
  const there = `${confirmed.confirmed} of ${people(confirmed.of)} have arrived in their rooms`;
  if (missing.length === 0) return `${there}.`;
  const rest = missing.length > namesShown ? ` and ${missing.length - namesShown} more` : "";
  return `${there}. Not there yet: ${missing.slice(0, namesShown).join(", ")}${rest}.`;
}
