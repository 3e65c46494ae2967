// The top of the page: what session this is, and whether it is a rehearsal, who leads, how many are here, where you are, how long it still goes; and
// the line that says that the connection is lost.
import { duration } from "./clock.js";
import { byId, element, setAttribute, setCount, setText, show } from "./dom.js";
import { nameOf, openRoom, roomName, youLead, yourRoom } from "./picture.js";
import { people } from "./words.js";

const phases = { lobby: "Not started yet", live: "Live", ended: "Ended" };

/** The header; `render` after a change, `tick` a few times a second. */
export function headerView(live) {
  byId("line-try").addEventListener("click", () => live.connection.tryNow());
  return { render: () => render(live), tick: () => tick(live) };
}

function render(live) {
  renderLine(live.connection.status, live.picture !== null);
  const { picture } = live;
  if (picture === null) return;
  const { session } = picture;
  setText(byId("title"), session.title || session.id || "Session");
  setText(byId("phase"), phases[session.phase] ?? "");
  setAttribute(byId("phase"), "data-phase", session.phase ?? "");
  setText(byId("locked"), session.locked ? "Locked" : "");
  show(byId("rehearsal"), session.rehearsal === true);
  setText(byId("here"), `${people(here(picture))} here`);
  setText(byId("leads"), leads(picture));
  const room = yourRoom(picture);
  setText(byId("your-room"), roomName(picture, room));
  renderTask(openRoom(picture, room));
  setPlace(byId("place"), session.place);
  const unread = [...live.unread.values()].reduce((sum, count) => sum + count, 0);
  setCount(byId("talk-unread"), unread, "new");
  const kind = session.rehearsal === true ? "Rehearsal: " : "";
  document.title = `${unread > 0 ? `(${unread}) ` : ""}${kind}${session.title || "Session"} – Plenary`;
}

/** The server's count, which leaves observers out; the roster's until the first notice. */
function here(picture) {
  if (picture.attendance?.here !== undefined) return picture.attendance.here;
  return [...picture.participants.values()].filter((seat) => seat.presence === "here").length;
}

function leads(picture) {
  if (picture.host === null) return "Nobody leads at the moment";
  return youLead(picture) ? "You lead" : `${nameOf(picture, picture.host)} leads`;
}

function renderTask(room) {
  show(byId("task"), Boolean(room?.task || room?.place || room?.hostsRead));
  setText(byId("task-text"), room?.task ?? "");
  setPlace(byId("task-place"), room?.place);
  setText(byId("task-read"), room?.hostsRead ? "Hosts can read what is written in this room." : "");
}

/** A place is a link only if it is plain https; anything else stays text. */
export function setPlace(node, place) {
  if (node.dataset.place === (place ?? "")) return;
  node.dataset.place = place ?? "";
  const link = httpsLink(place);
  node.replaceChildren(
    link === null
      ? (place ?? "")
      : element("a", { href: link.href, target: "_blank", rel: "noopener noreferrer" }, `Open ${link.host}`),
  );
}

function httpsLink(place) {
  if (!/^https:\/\/\S+$/.test(place ?? "")) return null;
  try {
    const link = new URL(place);
    return link.protocol === "https:" && link.username === "" && link.password === "" ? link : null;
  } catch {
    return null;
  }
}

function renderLine(status, wasHere) {
  const lost = status.phase === "waiting" || (status.phase === "connecting" && status.text !== "");
  show(byId("line"), status.phase !== "joined");
  setAttribute(byId("line"), "data-phase", status.phase);
  const opening = wasHere ? "Connection lost, coming back…" : "No connection yet, trying again…";
  if (lost) setText(byId("line-text"), `${opening} ${status.text}`);
  else if (status.phase === "connecting") setText(byId("line-text"), "Connecting…");
  else setText(byId("line-text"), status.text);
  show(byId("line-try"), status.phase === "waiting" || Boolean(status.offer));
  setText(byId("line-try"), status.offer ?? "Try now");
}

/** Countdowns; only the text that changed is touched. */
function tick(live) {
  const { status } = live.connection;
  const seconds = Math.max(0, Math.ceil(((status.retryAt ?? 0) - Date.now()) / 1000));
  setText(byId("line-wait"), status.phase === "waiting" ? `Next try in ${seconds} s.` : "");
  const { picture } = live;
  if (picture === null) return;
  const now = live.clock.now();
  const { breakouts, session } = picture;
  const ends = session.endsAt ? `Session ends in ${duration(session.endsAt - now)}` : "";
  const closes = breakouts?.closesAt ? `Rooms close in ${duration(breakouts.closesAt - now)}` : "";
  setText(byId("time-left"), ends || closes);
  const soon = Boolean(ends) || (breakouts?.closesAt ? breakouts.closesAt - now <= 60_000 : false);
  setAttribute(byId("time-left"), "data-soon", soon ? "yes" : null);
}
