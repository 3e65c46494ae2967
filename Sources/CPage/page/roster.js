// Who is in the session: name, label, school, role, room, a raised hand, and whether they are here. At 200 people only
// the rows that changed are touched.
import { byId, element, keyedList, setAttribute, setText, show } from "./dom.js";
import { byName, displayName, raisedHands, roomName } from "./picture.js";
import { presenceName, roleName } from "./words.js";

const rank = { host: 0, cohost: 1 };
const absence = { here: 0, away: 0, gone: 1, left: 2 };
/** From so many people on a search field is worth its place. */
const many = 12;

/** The roster's view; `open(person)` shows what can be done for them. */
export function rosterView(live, open) {
  const rows = keyedList(byId("roster"), (item) => createRow(item, open), updateRow);
  const search = byId("search");
  let drawn = {};
  const render = () => {
    const { picture } = live;
    if (picture === null) return;
    const wanted = search.value.trim().toLowerCase();
    const { participants, breakouts, host, floor } = picture;
    const same = drawn.participants === participants && drawn.breakouts === breakouts && drawn.host === host;
    if (same && drawn.wanted === wanted && drawn.floor === floor) return;
    drawn = { participants, breakouts, host, wanted, floor };
    const hands = new Map(raisedHands(picture).map((seat, index) => [seat.person, index + 1]));
    const seats = [...participants.values()].filter((seat) => matches(seat, wanted)).sort(inOrder);
    rows(seats.map((seat) => rowItem(picture, seat, hands.get(seat.person))));
    show(byId("search-row"), participants.size > many || wanted !== "");
    show(byId("nobody"), seats.length === 0);
  };
  search.addEventListener("input", render);
  return { render };
}

const matches = (seat, wanted) =>
  wanted === "" || `${seat.name ?? ""} ${seat.school ?? ""} ${seat.label ?? ""}`.toLowerCase().includes(wanted);

function inOrder(a, b) {
  const far = (absence[a.presence] ?? 0) - (absence[b.presence] ?? 0);
  return far || (rank[a.role] ?? 2) - (rank[b.role] ?? 2) || byName(a, b);
}

function rowItem(picture, seat, hand) {
  const item = {
    key: seat.person,
    name: displayName(seat),
    label: seat.label ?? "",
    school: seat.school ?? "",
    role: seat.role === "participant" ? "" : roleName(seat.role),
    presence: seat.presence ?? "here",
    room: seat.room === "main" ? "" : roomName(picture, seat.room),
    you: seat.person === picture.you,
    signs: [
      picture.floor?.person === seat.person ? "has stepped in" : "",
      hand === undefined ? "" : `hand up (${hand})`,
      seat.pass ? "sits rooms out" : "",
      seat.muted ? "muted" : "",
    ].filter(Boolean),
  };
  item.stamp = JSON.stringify(item);
  return item;
}

const parts = ["role", "room", "signs", "presence"];

function createRow({ key }, open) {
  const button = element("button", { type: "button", class: "person", dir: "auto", click: () => open(key) });
  const label = element("span", { class: "label", dir: "auto" });
  return element(
    "li",
    { class: "seat" },
    element("span", { class: "dot", "aria-hidden": "true" }),
    element(
      "div",
      { class: "who" },
      element("span", {}, button, label),
      element("span", { class: "school", dir: "auto" }),
    ),
    element("div", { class: "where" }, ...parts.map((part) => element("span", { class: part }))),
  );
}

function updateRow(row, item) {
  const part = (name) => row.querySelector(`.${name}`);
  // A click on a name opens what can be done for that person.
  setText(part("person"), item.you ? `${item.name} (you)` : item.name);
  setText(part("label"), item.label);
  show(part("label"), item.label !== "");
  setText(part("school"), item.school);
  setText(part("role"), item.role);
  setText(part("room"), item.room);
  setText(part("signs"), item.signs.join(", "));
  setText(part("presence"), item.presence === "here" ? "" : presenceName(item.presence));
  setAttribute(row, "data-presence", item.presence);
}
