// The panel of attendance: how many are here and have come, one's own figure, and for hosts the table of everybody.
import { byId, element, setCount, setText, show } from "./dom.js";
import { markingView } from "./marking.js";
import { timeOfDay } from "./minutes.js";
import { ownView } from "./own.js";
import { youHost } from "./picture.js";
import { registerView, saveButton } from "./register.js";
import { people, refusal } from "./words.js";

/** The panel's view; `tick` has old reports fetched anew. */
export function attendanceView(live) {
  const marking = markingView(live);
  const own = ownView(live);
  const register = registerView(live, marking.open);
  const state = element("p", { class: "muted", role: "status" });
  const problem = element("p", { class: "refusal", role: "alert" });
  const anew = element("button", { type: "button", class: "small" }, "Refresh");
  anew.addEventListener("click", () => live.attendance.fetch());
  const keep = saveButton(live);
  const fetching = element("div", { class: "fetching" }, state, anew, keep, problem);
  byId("attendance").append(fetching, register.node, own.node);
  const render = () => {
    const { picture, attendance } = live;
    if (picture === null) return;
    const waiting = youHost(picture) ? attendance.waiting : 0;
    for (const id of ["attendance-waiting", "attendance-waits-tab", "attendance-waits-top"]) {
      setCount(byId(id), waiting, waiting === 1 ? "claim waits" : "claims wait");
    }
    if (!attendance.isShown) return;
    setText(byId("attendance-count"), countSentence(picture));
    show(fetching, attendance.hasBegun);
    show(keep, attendance.report !== null);
    own.render();
    register.render();
    setText(state, stateSentence(attendance));
    setText(problem, attendance.problem === null ? "" : refusal(attendance.problem));
  };
  return { render, tick: () => live.attendance.tick() };
}

function countSentence({ attendance, session }) {
  const before = session.phase === "lobby" ? " Counting begins when the session starts." : "";
  if (attendance === null) return before.trim();
  const { here, unique, peak } = attendance;
  return `${people(here)} here now; ${unique} ${unique === 1 ? "has" : "have"} come, ${peak} at once at most.${before}`;
}

/** How old the figures are, and that newer ones let wait. */
function stateSentence({ mine, report, isLate }) {
  const at = (report ?? mine)?.at;
  const known = at === undefined ? "" : `Figures of ${timeOfDay(at)}.`;
  if (!isLate) return known;
  return `${at === undefined ? "The report" : "A newer report"} has not arrived yet. ${known}`.trim();
}
