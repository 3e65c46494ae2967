// Opening rooms: a form, a preview of who would be where with what a host may want to know before, and the opening that
// carries out just that (the preview's seed).
import { askFor, restOn, watchBasis } from "./ask.js";
import { cleaned } from "./composer.js";
import { byId, element, setText, show } from "./dom.js";
import { nameOf, peopleOptions, youHost } from "./picture.js";
import { peopleList } from "./peoplelist.js";
import { roomPlan } from "./plan.js";
import { keepTyped } from "./round.js";
import { people } from "./words.js";

const keptFields = ["room-count", "room-size", "room-task", "room-minutes"];
const ways = ["count", "size", "rooms"];
const mixNote = "People from one school are kept apart, and nobody meets twice, as far as that can be.";

/** The form's view. */
export function openingView(live) {
  const form = byId("open-rooms");
  let preview = null; // what the server answered for the form as it is
  let facilitators = [];
  const forget = () => {
    preview = null;
    show(byId("preview-plan"), false);
    byId("preview-rooms").replaceChildren();
    byId("preview-warnings").replaceChildren();
  };
  const planned = roomPlan(forget);
  const choose = peopleList("facilitators", (order) => {
    facilitators = order;
    forget();
    drawFacilitators(live, choose, facilitators);
  });
  keptFields.forEach(keepTyped);
  watchBasis(form, live);
  form.addEventListener("change", shape);
  form.addEventListener("input", forget);
  const line = byId("open-refusal");
  byId("preview").addEventListener("click", async () => {
    if (!form.reportValidity()) return;
    const plan = planOf(planned, facilitators);
    const answer = await askFor(byId("preview"), live, { do: "breakouts.preview", ...plan }, line);
    if (answer === null) return;
    preview = answer;
    restOn(form, live);
    drawPreview(live.picture, answer);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const command = { do: "breakouts.open", ...planOf(planned, facilitators) };
    if (preview?.seed !== undefined) command.seed = preview.seed;
    if ((await askFor(byId("open"), live, command, line)) !== null) forget();
  });
  shape();
  return { render: () => render(live, choose, facilitators, forget) };
}

const way = () => new FormData(byId("open-rooms")).get("by");

/** What is not shown must not keep the form from being sent. */
function shape() {
  for (const name of ways) show(byId(`by-${name}`), way() === name);
  byId("room-count").disabled = way() !== "count";
  byId("room-size").disabled = way() !== "size";
  setText(byId("room-mode-note"), byId("room-mode").value === "mix" ? mixNote : "");
}

let drawn = null;
let epoch = null;

function render(live, choose, facilitators, forget) {
  const { picture } = live;
  if (picture === null) return;
  const isShown = youHost(picture) && picture.breakouts === null && picture.session.phase === "live";
  show(byId("open-rooms"), isShown);
  // A new numbering: somebody may have been forgotten, and must not stand in what is not shown either.
  const isNew = epoch !== picture.epoch;
  if (isNew) forget();
  epoch = picture.epoch;
  if (!isNew && (!isShown || drawn === picture.participants)) return;
  drawn = picture.participants;
  drawFacilitators(live, choose, facilitators);
}

function drawFacilitators(live, choose, facilitators) {
  choose(live.picture, facilitators, peopleOptions(live.picture, (seat) => seat.role !== "observer"), true);
}

/** The fields of `breakouts.preview` and `breakouts.open`. */
function planOf(planned, facilitators) {
  const plan = { mode: byId("room-mode").value };
  if (way() === "rooms") plan.rooms = planned();
  else plan[way()] = Number(byId(`room-${way()}`).value);
  const minutes = Number(byId("room-minutes").value);
  const task = cleaned(byId("room-task").value);
  if (minutes > 0) plan.seconds = Math.round(minutes * 60);
  if (task !== "") plan.task = task;
  if (byId("late-main").checked) plan.late = "main";
  if (byId("hosts-read").checked) plan.hostsRead = true;
  if (facilitators.length > 0) plan.facilitators = facilitators;
  return plan;
}

function drawPreview(picture, { rooms, placements, warnings, mode }) {
  show(byId("preview-plan"), true);
  const name = (person) => nameOf(picture, person?.person ?? person);
  const roomNamed = (id) => rooms.find((room) => room.room === id)?.name ?? id;
  byId("preview-rooms").replaceChildren(
    ...rooms.map((room) => {
      const inside = placements.filter((placement) => placement.room === room.room).map(({ person }) => name(person));
      const who = inside.length === 0 ? "nobody yet" : `${people(inside.length)}: ${inside.join(", ")}`;
      return element("li", { dir: "auto" }, element("strong", {}, room.name), ` – ${who}`);
    }),
  );
  byId("preview-warnings").replaceChildren(
    ...(warnings ?? []).map((warning) => element("li", { dir: "auto" }, warningSentence(warning, name, roomNamed))),
  );
  const isChosen = { manual: "You move people yourself.", choose: "Everybody chooses a room." }[mode];
  const sure = "If you open the rooms now, it will be just so, unless somebody comes or goes meanwhile.";
  setText(byId("preview-note"), isChosen !== undefined && placements.length === 0 ? isChosen : sure);
  byId("preview-plan").focus();
}

/** Each warning of the server in plain words. */
function warningSentence(warning, name, roomNamed) {
  if (warning.kind === "sameSchool") return sameSchool(warning);
  if (warning.kind === "metBefore") return metBefore(warning);
  const { kind, people: persons = [], room } = warning;
  const names = persons.map(name).join(", ");
  const one = persons.length === 1;
  if (kind === "away") return `${names} ${one ? "is" : "are"} placed but not here right now.`;
  if (kind === "alone") return `${names} would be alone in ${roomNamed(room)}.`;
  if (kind === "colleagues") return `${names} are from one school and would share ${roomNamed(room)}.`;
  return `${names} (${kind})`;
}

const pairsOf = (count) => (count === 1 ? "1 pair" : `${count} pairs`);

/** Colleagues whom `mix` could not keep apart: either nobody could, or it ran out of what it may try. */
function sameSchool({ pairs, fewest, people: from, of, school }) {
  if (pairs <= fewest) return `${pairsOf(pairs)} from ${school} must share a room: ${from} of ${of} people are from there.`;
  const least = fewest === 0 ? "Nobody would have to" : `${pairsOf(fewest)} would have to`;
  return `${pairsOf(pairs)} from ${school} would share a room. ${least}, but no better plan was found in the time given.`;
}

/** People who would meet again. */
function metBefore({ pairs, budgetUsed }) {
  const sentence = `${pairsOf(pairs)} ${pairs === 1 ? "has" : "have"} met before`;
  return budgetUsed ? `${sentence}; this could not be avoided in the time given.` : `${sentence}.`;
}
