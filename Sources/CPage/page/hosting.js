// Leading the session: start, end, lock, lead again, step in, its title and place, and who leads next if the host drops.
import { askFor, watchBasis } from "./ask.js";
import { cleaned } from "./composer.js";
import { byId, setText, show } from "./dom.js";
import { nameOf, peopleOptions, youHost, youLead, youMayLead } from "./picture.js";
import { peopleList } from "./peoplelist.js";

const endSeconds = 30;

/** The session's controls; `owner` says whether this person's ticket made them host. */
export function hostingView(live, owner) {
  const line = byId("hosting-refusal");
  const onClick = (id, command) => {
    const button = byId(id);
    button.addEventListener("click", () => askFor(button, live, command(), line));
  };
  onClick("start", () => ({ do: "session.start" }));
  onClick("end", () => ({ do: "session.end", seconds: endSeconds }));
  onClick("keep", () => ({ do: "session.keep" }));
  onClick("lock", () => ({ do: "session.lock", locked: !live.picture.session.locked }));
  onClick("reclaim", () => ({ do: "host.reclaim" }));
  byId("step-in").addEventListener("submit", (event) => {
    event.preventDefault();
    const seconds = Number(byId("step-in-minutes").value) * 60;
    askFor(byId("step-in-go"), live, { do: "floor.take", seconds }, line);
  });
  const order = succession(live);
  const facts = sessionFacts(live);
  return {
    render() {
      render(live, owner);
      order();
      facts();
    },
  };
}

function render(live, owner) {
  const { picture } = live;
  if (picture === null) return;
  const { session, succession, floor } = picture;
  const hosting = youHost(picture);
  const isOwner = picture.owner ?? owner;
  const isOver = session.phase === "ended";
  show(byId("hosting"), !isOver && (youMayLead(picture) || isOwner || succession.length > 0));
  show(byId("start"), youMayLead(picture) && session.phase === "lobby");
  show(byId("end"), hosting && session.phase === "live" && !session.endsAt);
  show(byId("keep"), hosting && Boolean(session.endsAt));
  show(byId("lock"), hosting);
  setText(byId("lock"), session.locked ? "Let new people in" : "Keep new people out");
  show(byId("reclaim"), isOwner && !youLead(picture));
  show(byId("step-in"), hosting && !youLead(picture) && floor?.person !== picture.you);
  show(byId("session-facts"), hosting);
}

/** Everybody sees who leads next; the host says so. */
function succession(live) {
  const set = (order, button) => askFor(button, live, { do: "succession.set", order }, byId("succession-refusal"));
  const rows = peopleList("succession", set);
  watchBasis(byId("who-next"), live);
  let drawn = {};
  return () => {
    const { picture } = live;
    if (picture === null) return;
    const { participants, succession: order, host } = picture;
    if (drawn.participants === participants && drawn.order === order && drawn.host === host) return;
    drawn = { participants, order, host };
    const names = order.map((person, index) => `${index + 1}. ${nameOf(picture, person)}`).join(", ");
    setText(byId("next-hosts"), `If the host drops: ${names === "" ? "a co-host leads" : names}`);
    const may = (seat) => seat.person !== host && seat.role !== "observer";
    rows(picture, order, peopleOptions(picture, may), youLead(picture));
  };
}

/** What the session is called, and where its video is. */
function sessionFacts(live) {
  const [title, place] = [byId("session-title"), byId("session-place")];
  let drawn = null;
  byId("session-facts-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const command = { do: "session.set", title: cleaned(title.value), place: cleaned(place.value) };
    askFor(byId("session-facts-set"), live, command, byId("session-facts-refusal"));
  });
  return () => {
    const { session } = live.picture ?? {};
    const stamp = session === undefined ? null : JSON.stringify([session.title, session.place]);
    if (stamp === drawn) return;
    drawn = stamp;
    title.value = session.title ?? "";
    place.value = session.place ?? "";
  };
}
