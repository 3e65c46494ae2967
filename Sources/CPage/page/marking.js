// One person's attendance for hosts, in a dialog: what it rests on, claims to accept, and marks with a reason.
import { accountOf } from "./account.js";
import { askFor, refusalLine } from "./ask.js";
import { cleaned } from "./composer.js";
import { byId, element, setText, show } from "./dom.js";
import { fieldTime, inMinutes, minutes, moments } from "./minutes.js";
import { displayName } from "./picture.js";
import { refusal } from "./words.js";

/** The dialog, with `open(person, marks)`; `marks` begins with the form. */
export function markingView(live) {
  const dialog = byId("marking");
  const title = element("h2", { id: "marking-title", dir: "auto" });
  const sums = element("p", { class: "muted" });
  const line = refusalLine();
  const account = accountOf("they");
  const accept = element("button", { type: "button", class: "primary" }, "Accept what they said");
  const form = markForm();
  const close = element("button", { type: "button", click: () => dialog.close() }, "Close");
  dialog.append(title, sums, account.node, accept, form.node, line, close);
  let shown = null;
  let report = null;
  const fetch = async () => {
    const person = shown;
    const { ok, error } = await live.ask({ do: "attendance.report", person });
    if (shown !== person) return;
    if (error) return setText(line, refusal(error));
    report = ok;
    render();
  };
  const render = () => {
    const row = report?.people[0];
    for (const node of [sums, account.node, form.node]) show(node, row !== undefined);
    show(accept, row?.openClaims > 0);
    if (row === undefined) return;
    setText(sums, sumsOf(row, report.live));
    account.update(live.picture, report);
  };
  const ask = async (button, command) => {
    if ((await askFor(button, live, { ...command, person: shown }, line)) === null) return false;
    await Promise.all([fetch(), live.attendance.fetch()]);
    return true;
  };
  accept.addEventListener("click", () => ask(accept, { do: "attendance.accept" }));
  form.node.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { problem, ...mark } = form.read(report.live);
    if (problem !== undefined) return setText(line, problem);
    if (await ask(form.go, { do: "attendance.mark", ...mark })) form.node.reset();
  });
  dialog.addEventListener("close", () => (shown = null));
  const open = async (person, marks = false) => {
    [shown, report] = [person, null];
    setText(line, "");
    setText(title, displayName(rowOf(live, person)));
    form.node.reset();
    render();
    dialog.showModal();
    await fetch();
    if (report === null) return;
    form.suggest(report.live);
    if (marks) form.focus();
  };
  return { open, render() {} };
}

const rowOf = (live, person) =>
  live.attendance.report?.people.find((row) => row.person === person) ?? { person };

function sumsOf(row, live) {
  const whole = inMinutes(live.to - live.from);
  return `Credited with ${minutes(row.credited)} of ${whole}: ${row.attended ? "attended" : "not attended"}.`;
}

/** From when to when somebody was there or not, and why a host says so. */
function markForm() {
  const from = element("input", { type: "time" });
  const to = element("input", { type: "time" });
  const present = element("select", {}, element("option", { value: "yes" }, "Present"), element("option", { value: "no" }, "Absent"));
  const reason = element("input", { type: "text", autocomplete: "off" });
  const go = element("button", { type: "submit" }, "Mark");
  const field = (label, input) => element("p", {}, element("label", {}, label, input));
  const node = element(
    "form",
    { class: "move mark-form", novalidate: true },
    element("h3", {}, "Mark"),
    field("From ", from),
    field("to ", to),
    field("They were ", present),
    element("p", { class: "wide" }, element("label", {}, "Reason, which the person sees ", reason)),
    go,
  );
  return {
    node,
    go,
    focus: () => from.focus(),
    suggest(live) {
      from.value = fieldTime(live.from);
      to.value = fieldTime(live.to, true);
    },
    read(live) {
      const times = moments(live, from.value, to.value);
      if (times.problem !== undefined) return times;
      const words = cleaned(reason.value);
      if (words === "") return { problem: "Say why: the reason stands beside the mark." };
      return { ...times, present: present.value === "yes", reason: words };
    },
  };
}
