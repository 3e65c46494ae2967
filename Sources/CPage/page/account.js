// What a report tells about one person in particular: gaps that were filled, claims and who accepted them, marks with their
// reasons, and on request breakout rooms with who else was there. The same for oneself and for a host who looks.
import { element, show } from "./dom.js";
import { because, inMinutes, ruleSentence, span } from "./minutes.js";
import { nameOf, roomName } from "./picture.js";

/** An account's place, with `update(picture, report)` for a report of one person. */
export function accountOf(word) {
  const claims = part("claims", `What ${word} said`);
  const marks = part("marks", "Marked by hosts");
  const filled = folded("Gaps that were filled");
  const rooms = folded("Breakout rooms, and with whom");
  const rule = folded("How this is counted");
  const node = element("div", { class: "account" }, claims.node, marks.node, filled.node, rooms.node, rule.node);
  const update = (picture, report) => {
    const [row] = report.people;
    const name = (person) => nameOf(picture, person);
    claims.fill((row?.claims ?? []).map((claim) => claimSentence(claim, name)));
    marks.fill((row?.marks ?? []).map((mark) => markSentence(mark, name)));
    filled.fill((row?.filled ?? []).map((gap) => span(gap)));
    rooms.fill((row?.rooms ?? []).map((room) => roomSentence(room, room.name || roomName(picture, room.room), name)));
    rule.fill([ruleSentence(report), ...report.outages.map((outage) => `The server was away: ${span(outage)}.`)]);
  };
  return { node, update };
}

/** A list under a heading; nothing without a line in it. */
function part(name, title) {
  const list = element("ul", { class: `points ${name}` });
  return filler(element("div", {}, element("h3", {}, title), list), list);
}

/** The same, unfolded on request. */
function folded(title) {
  const list = element("ul", { class: "points" });
  return filler(element("details", {}, element("summary", {}, title), list), list);
}

function filler(node, list) {
  let stamp = null;
  const fill = (lines) => {
    show(node, lines.length > 0);
    if (stamp === lines.join("\n")) return;
    stamp = lines.join("\n");
    list.replaceChildren(...lines.map((line) => element("li", { dir: "auto" }, line)));
  };
  return { node, fill };
}

const claimSentence = (claim, name) =>
  `In the video ${span(claim)}: ${claim.by === null ? "waits for a host" : `accepted by ${name(claim.by)}`}`;

const markSentence = ({ present, reason, by, ...time }, name) =>
  `${present ? "Present" : "Absent"} ${span(time)}, by ${name(by)}${because(reason)}`;

function roomSentence({ round, time, with: company, others = 0 }, title, name) {
  const whom = company.map((other) => `${name(other.person)} (${inMinutes(other.time)})`);
  if (others > 0) whom.push(`${others} more`);
  return `Round ${round}, ${title}: ${inMinutes(time)}${whom.length === 0 ? "" : ` with ${whom.join(", ")}`}`;
}
