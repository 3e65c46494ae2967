// The host's controls for a round of rooms: opening one; while it is open, moving people, more time, closing, undo.
import { askFor } from "./ask.js";
import { byId, setOptions, setText, show } from "./dom.js";
import { byName, roomName, youHost } from "./picture.js";
import { keep, kept } from "./storage.js";

/** The server takes an opening back for so long (DESIGN 5). */
const undoMilliseconds = 15_000;
const keptFields = ["room-count", "room-names", "room-task", "room-minutes"];

/** The round's controls; `tick` hides the undo when its time is over. */
export function roundView(live) {
  const form = byId("open-rooms");
  const named = () => new FormData(form).get("by") === "names";
  const shape = () => {
    show(byId("by-count"), !named());
    show(byId("by-names"), named());
    byId("room-count").disabled = named(); // what is not shown must not keep the form from being sent
  };
  form.addEventListener("change", shape);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    openRooms(live, named());
  });
  for (const id of keptFields) {
    const before = kept(`form.${id}`);
    if (before !== null) byId(id).value = before;
    byId(id).addEventListener("input", () => keep(`form.${id}`, byId(id).value));
  }
  const onClick = (id, command) => {
    byId(id).addEventListener("click", () => askFor(byId(id), live, command, byId("round-refusal")));
  };
  onClick("extend-1", { do: "breakouts.extend", seconds: 60 });
  onClick("extend-5", { do: "breakouts.extend", seconds: 300 });
  onClick("close-soon", { do: "breakouts.close", seconds: 60 });
  onClick("close-now", { do: "breakouts.close", seconds: 0 });
  onClick("undo", { do: "breakouts.undo" });
  byId("move").addEventListener("submit", (event) => {
    event.preventDefault();
    move(live);
  });
  shape();
  return { render: () => render(live), tick: () => tick(live) };
}

/** What the choices of people and rooms were last drawn from. */
let drawn = {};

function render(live) {
  const { picture } = live;
  if (picture === null) return;
  const hosting = youHost(picture);
  const { breakouts, session } = picture;
  show(byId("open-rooms"), hosting && breakouts === null && session.phase === "live");
  show(byId("round"), hosting && breakouts !== null);
  if (!hosting || breakouts === null) return;
  show(byId("extend"), Boolean(breakouts.closesAt));
  if (drawn.participants === picture.participants && drawn.breakouts === breakouts) return;
  drawn = { participants: picture.participants, breakouts };
  const seats = [...picture.participants.values()].filter((seat) => seat.presence !== "left");
  seats.sort(byName);
  const label = (seat) => `${seat.name ?? seat.person} (${roomName(picture, seat.room)})`;
  setOptions(byId("move-person"), [["", "Choose a person"], ...seats.map((seat) => [seat.person, label(seat)])]);
  setOptions(byId("move-room"), roomOptions(picture));
}

/** The rooms that somebody can be moved to, for a select. */
export function roomOptions(picture) {
  const rooms = (picture.breakouts?.rooms ?? []).map((room) => [room.room, roomName(picture, room.room)]);
  return [...rooms, ["main", "Main room"]];
}

function tick(live) {
  const breakouts = live.picture?.breakouts;
  const age = breakouts?.openedAt === undefined ? Infinity : live.clock.now() - breakouts.openedAt;
  const left = Math.ceil((undoMilliseconds - age) / 1000);
  show(byId("undo"), Boolean(breakouts) && left > 0);
  if (left > 0) setText(byId("undo-left"), `(${left} s)`);
}

function openRooms(live, named) {
  const minutes = Number(byId("room-minutes").value);
  const task = byId("room-task").value.trim();
  const command = { do: "breakouts.open", mode: byId("room-mode").value };
  if (named) command.rooms = roomsByName(byId("room-names").value);
  else command.count = Number(byId("room-count").value);
  if (named && command.rooms.length === 0) {
    return setText(byId("open-refusal"), "Write the name of at least one room.");
  }
  if (minutes > 0) command.seconds = Math.round(minutes * 60);
  if (task !== "") command.task = task;
  if (byId("hosts-read").checked) command.hostsRead = true;
  askFor(byId("open"), live, command, byId("open-refusal"));
}

/** One room a line; an https link at the end of a line is where the room meets. */
function roomsByName(text) {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return lines.map((line) => {
    const match = /^(.*?)\s+(https:\/\/\S+)$/.exec(line);
    return match === null ? { name: line } : { name: match[1], place: match[2] };
  });
}

async function move(live) {
  const person = byId("move-person").value;
  if (person === "") return setText(byId("move-refusal"), "Choose a person first.");
  const command = { do: "breakouts.move", person, room: byId("move-room").value };
  const moved = await askFor(byId("move-go"), live, command, byId("move-refusal"));
  if (moved) byId("move-person").value = "";
}
