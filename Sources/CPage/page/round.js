// The host's controls for the open round: who has arrived, moving people, more and less time, an announcement, another
// room, closing, undo.
import { askFor, watchBasis } from "./ask.js";
import { cleaned } from "./composer.js";
import { byId, setOptions, setText, show } from "./dom.js";
import { byName, displayName, nameOf, roomName, youHost } from "./picture.js";
import { say } from "./notices.js";
import { keep, kept } from "./storage.js";

/** The server takes an opening back for so long (DESIGN 5). */
const undoMilliseconds = 15_000;
/** So many of those who are missing are named. */
const namesShown = 16;

/** The round's controls; `tick` hides the undo when its time is over. */
export function roundView(live) {
  const line = byId("round-refusal");
  const onClick = (id, command) => {
    byId(id).addEventListener("click", () => askFor(byId(id), live, command, line));
  };
  onClick("extend-1", { do: "breakouts.extend", seconds: 60 });
  onClick("extend-5", { do: "breakouts.extend", seconds: 300 });
  onClick("shorten-1", { do: "breakouts.extend", seconds: -60 });
  onClick("close-soon", { do: "breakouts.close", seconds: 60 });
  onClick("close-now", { do: "breakouts.close", seconds: 0 });
  onClick("undo", { do: "breakouts.undo" });
  onSubmit(live, "move", () => {
    if (byId("move-person").value === "") return setText(byId("move-refusal"), "Choose a person first.");
    return { do: "breakouts.move", person: byId("move-person").value, room: byId("move-room").value };
  });
  keepTyped("announce-text");
  onSubmit(live, "announce", () => {
    const text = cleaned(byId("announce-text").value);
    return text === "" ? setText(byId("announce-refusal"), "Write what all rooms should know.") : { do: "breakouts.announce", text };
  });
  onSubmit(live, "add-room", () => {
    const command = { do: "breakouts.addRoom" };
    for (const part of ["name", "task", "place"]) {
      const text = cleaned(byId(`add-room-${part}`).value);
      if (text !== "") command[part] = text;
    }
    return command;
  });
  return { render: () => render(live), tick: () => tick(live) };
}

/** A form whose fields stay filled until the server has taken what they say. */
function onSubmit(live, id, commandOf) {
  const form = byId(id);
  watchBasis(form, live);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const command = commandOf();
    if (command === undefined) return;
    if ((await askFor(byId(`${id}-go`), live, command, byId(`${id}-refusal`))) === null) return;
    form.reset();
    for (const field of form.querySelectorAll("[data-keep]")) keep(`form.${field.id}`, null);
  });
}

/** What is typed into a field outlives a reload. */
export function keepTyped(id) {
  const field = byId(id);
  field.dataset.keep = "";
  const before = kept(`form.${id}`);
  if (before !== null) field.value = before;
  field.addEventListener("input", () => keep(`form.${id}`, field.value));
}

/** What the choices of people and rooms were last drawn from. */
let drawn = {};

function render(live) {
  const { picture } = live;
  if (picture === null) return;
  const { breakouts, confirmed } = picture;
  const isShown = youHost(picture) && breakouts !== null;
  show(byId("round"), isShown);
  if (!isShown) return;
  show(byId("extend"), Boolean(breakouts.closesAt));
  tick(live);
  if (drawn.confirmed !== confirmed) renderConfirmed(picture, drawn.confirmed);
  const same = drawn.participants === picture.participants && drawn.breakouts === breakouts;
  drawn = { participants: picture.participants, breakouts, confirmed };
  if (same) return;
  const seats = [...picture.participants.values()].filter((seat) => seat.presence !== "left" && seat.role !== "observer");
  seats.sort(byName);
  const label = (seat) => `${displayName(seat)} (${roomName(picture, seat.room)})`;
  setOptions(byId("move-person"), [["", "Choose a person"], ...seats.map((seat) => [seat.person, label(seat)])]);
  setOptions(byId("move-room"), roomOptions(picture));
}

/** The rooms that somebody can be moved to, for a select. */
export function roomOptions(picture) {
  const rooms = (picture.breakouts?.rooms ?? []).map((room) => [room.room, roomName(picture, room.room)]);
  return [...rooms, ["main", "Main room"]];
}

/** Who has arrived; it changes many times a second, so only that nobody is missing any more is read out. */
function renderConfirmed(picture, before) {
  const { confirmed } = picture;
  setText(byId("confirmed"), confirmed === null ? "" : confirmedSentence(picture, confirmed));
  const isComplete = (counts) => counts?.of > 0 && counts.confirmed === counts.of;
  if (isComplete(confirmed) && !isComplete(before)) say("Everybody has reached their room.");
}

function confirmedSentence(picture, { confirmed, seen, of, missing = [] }) {
  const reached = `Reached ${confirmed} of ${of}, seen by ${seen}.`;
  if (missing.length === 0) return reached;
  const names = missing.slice(0, namesShown).map((person) => nameOf(picture, person?.person ?? person));
  const rest = missing.length > namesShown ? ` and ${missing.length - namesShown} more` : "";
  return `${reached} Not there yet: ${names.join(", ")}${rest}.`;
}

function tick(live) {
  const breakouts = live.picture?.breakouts;
  const age = breakouts?.openedAt === undefined ? Infinity : live.clock.now() - breakouts.openedAt;
  const left = Math.ceil((undoMilliseconds - age) / 1000);
  show(byId("undo"), Boolean(breakouts) && left > 0);
  if (left > 0) setText(byId("undo-left"), `(${left} s)`);
}
