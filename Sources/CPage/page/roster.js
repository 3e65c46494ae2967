// Who is in the session: name, school, role, room, and whether they are here. At 200 people only the rows that changed
// are touched.
import { byId, element, keyedList, setAttribute, setText, show } from "./dom.js";
import { byName, roomName, youHost } from "./picture.js";
import { presenceName, roleName } from "./words.js";

const rank = { host: 0, cohost: 1 };
const absence = { here: 0, away: 0, gone: 1, left: 2 };
/** From so many people on a search field is worth its place. */
const many = 12;

/** The roster's view; `open(person)` shows what a host can do for them. */
export function rosterView(live, open) {
  const rows = keyedList(byId("roster"), (item) => createRow(item, open), updateRow);
  const search = byId("search");
  let drawn = {};
  const render = () => {
    const { picture } = live;
    if (picture === null) return;
    const wanted = search.value.trim().toLowerCase();
    const { participants, breakouts, host } = picture;
    const hosting = youHost(picture);
    const same = drawn.participants === participants && drawn.breakouts === breakouts && drawn.host === host;
    if (same && drawn.wanted === wanted && drawn.hosting === hosting) return;
    drawn = { participants, breakouts, host, wanted, hosting };
    const seats = [...participants.values()].filter((seat) => matches(seat, wanted)).sort(inOrder);
    rows(seats.map((seat) => rowItem(picture, seat, hosting)));
    show(byId("search-row"), participants.size > many || wanted !== "");
    show(byId("nobody"), seats.length === 0);
  };
  search.addEventListener("input", render);
  return { render };
}

const matches = (seat, wanted) =>
  wanted === "" || `${seat.name ?? ""} ${seat.school ?? ""}`.toLowerCase().includes(wanted);

function inOrder(a, b) {
  const far = (absence[a.presence] ?? 0) - (absence[b.presence] ?? 0);
  return far || (rank[a.role] ?? 2) - (rank[b.role] ?? 2) || byName(a, b);
}

function rowItem(picture, seat, hosting) {
  const item = {
    key: seat.person,
    name: seat.name ?? seat.person,
    school: seat.school ?? "",
    role: seat.role === "participant" ? "" : roleName(seat.role),
    presence: seat.presence ?? "here",
    room: seat.room === "main" ? "" : roomName(picture, seat.room),
    you: seat.person === picture.you,
    hosting,
  };
  item.stamp = JSON.stringify(item);
  return item;
}

function createRow({ key }, open) {
  const name = element("bdi", { class: "name" });
  const button = element("button", { type: "button", class: "person", click: () => open(key) });
  return element(
    "li",
    { class: "seat" },
    element("span", { class: "dot", "aria-hidden": "true" }),
    element("div", { class: "who" }, name, button, element("span", { class: "school", dir: "auto" })),
    element("div", { class: "where" }, ...["role", "room", "presence"].map((part) => element("span", { class: part }))),
  );
}

function updateRow(row, item) {
  const part = (name) => row.querySelector(`.${name}`);
  const label = item.you ? `${item.name} (you)` : item.name;
  setText(part("name"), label);
  setText(part("person"), label);
  // A host's click on a name opens what can be done for that person; for everybody else a name is just a name.
  show(part("name"), !item.hosting);
  show(part("person"), item.hosting);
  setText(part("school"), item.school);
  setText(part("role"), item.role);
  setText(part("room"), item.room);
  setText(part("presence"), item.presence === "here" ? "" : presenceName(item.presence));
  setAttribute(row, "data-presence", item.presence);
}
