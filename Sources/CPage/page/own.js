// One's own attendance: the figure in plain words, what it rests on, and a way to say "I was in the video while this page was
// asleep".
import { accountOf } from "./account.js";
import { askFor, refusalLine } from "./ask.js";
import { element, setAttribute, setText, show } from "./dom.js";
import { fieldTime, moments, ownSentences } from "./minutes.js";
import { youObserve } from "./picture.js";

/** One's own part of the panel: its node and `render`. */
export function ownView(live) {
  const figure = element("p", { class: "figure", id: "own-figure" });
  const meter = element("meter", { "aria-label": "The share of the time that counts", min: "0" });
  const more = element("p", { class: "figure-more" });
  const account = accountOf("you");
  const form = claimForm(live);
  const node = element("div", { class: "own", id: "own-attendance" }, figure, meter, more, form.node, account.node);
  let drawn = null;
  const render = () => {
    const { picture, attendance } = live;
    const report = attendance.mine;
    show(node, report !== null);
    if (report === null || drawn === report) return;
    drawn = report;
    const [first, ...rest] = ownSentences(report, picture.session.phase === "ended");
    setText(figure, first);
    setText(more, rest.join(" "));
    drawMeter(meter, report);
    account.update(picture, report);
    form.update(report);
  };
  return { node, render };
}

/** The credited share as a bar, by the browser's own means. */
function drawMeter(meter, { people: [row], live, rule }) {
  const whole = live.to - live.from;
  show(meter, row !== undefined && whole > 0);
  if (meter.hidden) return;
  for (const [name, value] of Object.entries({ max: whole, low: (whole * rule.percent) / 100, optimum: whole, value: row.credited })) {
    setAttribute(meter, name, String(value));
  }
}

/** From when to when one was in the video; opened, it suggests the last time in which this tab heard nothing. */
function claimForm(live) {
  const from = element("input", { type: "time", required: true });
  const to = element("input", { type: "time", required: true });
  const go = element("button", { type: "submit" }, "Send to the hosts");
  const line = refusalLine();
  const done = element("p", { class: "muted", role: "status" });
  const form = element(
    "form",
    { class: "move", novalidate: true },
    element("p", {}, element("label", {}, "From ", from)),
    element("p", {}, element("label", {}, "to ", to)),
    go,
  );
  const why = "If you were in the meeting, but your phone or this page was asleep, say from when to when. A host then accepts it.";
  const summary = element("summary", {}, "I was in the video while this page was asleep");
  const node = element(
    "details",
    { class: "claim-form" },
    summary,
    element("p", { class: "muted" }, why),
    form,
    line,
    done,
  );
  let isReady = false;
  const prepare = () => {
    isReady = true;
    setText(line, "");
    setText(done, "");
    suggest(live, from, to);
  };
  // "toggle" is told a moment late, when somebody may be typing already or was answered; but a search opens it, too.
  summary.addEventListener("click", () => node.open || prepare());
  node.addEventListener("toggle", () => {
    if (!node.open) isReady = false;
    else if (!isReady) prepare();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    setText(done, "");
    const times = moments(live.attendance.mine.live, from.value, to.value);
    if (times.problem !== undefined) return setText(line, times.problem);
    if ((await askFor(go, live, { do: "attendance.claim", ...times }, line)) === null) return;
    live.sleep.settle();
    form.reset();
    setText(done, "The hosts see it now.");
    live.attendance.fetch();
  });
  return { node, update: (report) => show(node, !youObserve(live.picture) && report.people.length > 0) };
}

function suggest(live, from, to) {
  const { gap } = live.sleep;
  const whole = live.attendance.mine.live;
  if (gap === null || from.value !== "" || to.value !== "") return;
  const known = { from: Math.max(gap.from, whole.from), to: Math.min(gap.to, whole.to) };
  if (known.from >= known.to) return;
  from.value = fieldTime(known.from);
  to.value = fieldTime(known.to, true);
}
