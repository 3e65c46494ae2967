// Leading the session: start, end, lock, reclaim, and who leads next if the host drops.
import { askFor } from "./ask.js";
import { byId, element, keyedList, setOptions, setText, show } from "./dom.js";
import { byName, nameOf, youHost, youLead, yourSeat } from "./picture.js";

const endSeconds = 30;

/** The session's controls; `owner` says whether this person's ticket made them host. */
export function hostingView(live, owner) {
  const onClick = (id, command) => {
    const button = byId(id);
    button.addEventListener("click", () => askFor(button, live, command(), byId("hosting-refusal")));
  };
  onClick("start", () => ({ do: "session.start" }));
  onClick("end", () => ({ do: "session.end", seconds: endSeconds }));
  onClick("keep", () => ({ do: "session.keep" }));
  onClick("lock", () => ({ do: "session.lock", locked: !live.picture.session.locked }));
  onClick("reclaim", () => ({ do: "host.reclaim" }));
  const rows = keyedList(byId("succession"), (item) => createHeir(live, item), updateHeir);
  byId("add-heir").addEventListener("submit", (event) => {
    event.preventDefault();
    const person = byId("heir").value;
    if (person !== "") setOrder(live, byId("heir-add"), [...live.picture.succession, person]);
  });
  return { render: () => render(live, owner, rows) };
}

/** What the order of succession was last drawn from. */
let drawn = {};

function render(live, owner, rows) {
  const { picture } = live;
  if (picture === null) return;
  const { session, succession } = picture;
  const lead = youLead(picture);
  const hosting = youHost(picture);
  const eligible = hosting || succession.includes(picture.you);
  const isOwner = picture.owner ?? owner;
  show(byId("hosting"), eligible || succession.length > 0);
  show(byId("start"), eligible && session.phase === "lobby");
  show(byId("end"), hosting && session.phase === "live" && !session.endsAt);
  show(byId("keep"), hosting && Boolean(session.endsAt));
  show(byId("lock"), hosting && session.phase !== "ended");
  setText(byId("lock"), session.locked ? "Let new people in" : "Keep new people out");
  show(byId("reclaim"), isOwner && !lead && session.phase !== "ended");
  show(byId("edit-succession"), lead);
  const next = succession.map((person) => nameOf(picture, person)).join(", ");
  setText(byId("next-hosts"), `If the host drops, ${next === "" ? "a co-host leads" : `the next to lead: ${next}`}.`);
  if (!lead || (drawn.participants === picture.participants && drawn.succession === succession)) return;
  drawn = { participants: picture.participants, succession };
  rows(succession.map((person, index) => heirItem(picture, person, index)));
  const others = [...picture.participants.values()].filter((seat) => mayInherit(picture, seat));
  others.sort(byName);
  setOptions(byId("heir"), [["", "Choose a person"], ...others.map((seat) => [seat.person, seat.name ?? seat.person])]);
}

const mayInherit = (picture, seat) =>
  seat.person !== yourSeat(picture).person && seat.role !== "observer" && !picture.succession.includes(seat.person);

function heirItem(picture, person, index) {
  const last = index === picture.succession.length - 1;
  const name = nameOf(picture, person);
  return { key: person, name, index, last, stamp: `${name}/${index}/${last}` };
}

function createHeir(live, { key }) {
  const to = (order) => order.filter((person, index) => order.indexOf(person) === index);
  const button = (text, change) => {
    const node = element("button", { type: "button", class: "small" }, text);
    node.addEventListener("click", () => setOrder(live, node, to(change(live.picture.succession))));
    return node;
  };
  const up = button("Earlier", (order) => {
    const index = order.indexOf(key);
    return order.toSpliced(index, 1).toSpliced(Math.max(0, index - 1), 0, key);
  });
  const out = button("Remove", (order) => order.filter((person) => person !== key));
  return element("li", {}, element("bdi"), up, out);
}

function updateHeir(row, { name, index }) {
  const [label, up, out] = row.children;
  setText(label, name);
  show(up, index > 0);
  up.setAttribute("aria-label", `${name} earlier`);
  out.setAttribute("aria-label", `Remove ${name} from the order`);
}

function setOrder(live, button, order) {
  return askFor(button, live, { do: "succession.set", order }, byId("hosting-refusal"));
}
