// The rooms as a host plans them, one by one: a name, a task, a place. Whatever is typed outlives a reload; a pasted list
// of names makes a room of each line.
import { byId, element, keyedList, setText, show } from "./dom.js";
import { keep, kept } from "./storage.js";

const fields = [
  ["name", "Name", 1],
  ["task", "Task (optional)", 2],
  ["place", "Place: a link or a short text (optional)", 1],
];
/** With fewer there is nothing to choose between, but a single room is allowed. */
const roomsAtFirst = 2;

/** The list of planned rooms; `changed()` is told of every change. */
export function roomPlan(changed) {
  let next = 1;
  const blank = (name = "") => ({ key: (next += 1), name, task: "", place: "" });
  const filled = (room) => ({ ...blank(), ...Object.fromEntries(fields.map(([part]) => [part, String(room?.[part] ?? "")])) });
  const before = kept("form.rooms");
  let rooms = Array.isArray(before) && before.length > 0
    ? before.map(filled)
    : Array.from({ length: roomsAtFirst }, () => blank());
  const save = () => {
    keep("form.rooms", rooms.map(({ name, task, place }) => ({ name, task, place })));
    changed();
  };
  const set = (key, part, text) => {
    rooms = rooms.map((room) => (room.key === key ? { ...room, [part]: text } : room));
    save();
  };
  const paste = (key, lines) => {
    const index = rooms.findIndex((room) => room.key === key);
    rooms = rooms.toSpliced(index, 1, { ...rooms[index], name: lines[0] }, ...lines.slice(1).map(blank));
    save();
    draw();
    byId("plan-rooms").querySelector(`[data-room="${key}"] .name`).value = lines[0];
  };
  const remove = (key) => {
    rooms = rooms.filter((room) => room.key !== key);
    save();
    draw();
  };
  const list = keyedList(byId("plan-rooms"), (item) => createRoom(item, { set, paste, remove }), updateRoom);
  const draw = () =>
    list(rooms.map((room, index) => ({ ...room, index, only: rooms.length === 1, stamp: `${index}/${rooms.length === 1}` })));
  byId("plan-add").addEventListener("click", () => {
    rooms = [...rooms, blank()];
    save();
    draw();
    byId("plan-rooms").lastElementChild.querySelector(".name").focus();
  });
  draw();
  /** The rooms for the command; empty parts are left out, nameless rooms get a name from the server. */
  return () =>
    rooms.map((room) => {
      const parts = fields.map(([part]) => [part, room[part].trim()]);
      return Object.fromEntries(parts.filter(([, text]) => text !== ""));
    });
}

function createRoom(room, { set, paste, remove }) {
  const labels = fields.map(([part, label, rows]) => {
    const field = element(rows > 1 ? "textarea" : "input", { class: part, autocomplete: "off", ...(rows > 1 ? { rows } : {}) });
    field.value = room[part];
    field.addEventListener("input", () => set(room.key, part, field.value));
    if (part === "name") field.addEventListener("paste", (event) => pasteNames(event, room.key, paste));
    return element("label", {}, `${label} `, field);
  });
  const out = element("button", { type: "button", class: "small", click: () => remove(room.key) }, "Remove");
  return element("li", { "data-room": room.key }, element("fieldset", {}, element("legend", {}), ...labels, out));
}

function pasteNames(event, key, paste) {
  const lines = event.clipboardData.getData("text").split(/[\r\n]+/).map((line) => line.trim()).filter(Boolean);
  if (lines.length < 2) return;
  event.preventDefault();
  paste(key, lines);
}

function updateRoom(row, { index, only }) {
  const out = row.querySelector("button");
  setText(row.querySelector("legend"), `Room ${index + 1}`);
  out.setAttribute("aria-label", `Remove room ${index + 1}`);
  show(out, !only);
}
