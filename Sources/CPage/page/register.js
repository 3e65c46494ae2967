// The table of everybody for hosts: minutes and what the rule makes of them, sorted by any column, claims to accept, a
// file for a spreadsheet. Until a column is chosen, whose claims wait stand first.
import { askFor, refusalLine } from "./ask.js";
import { attendanceCSV, save } from "./csv.js";
import { element, keyedList, setAttribute, setText, show } from "./dom.js";
import { bound, inMinutes, signed } from "./minutes.js";
import { byName, displayName } from "./picture.js";
import { count, people, roleName } from "./words.js";

const columns = [
  ["name", "Name"],
  ["school", "School"],
  ["role", "Role"],
  ["present", "Present"],
  ["counted", "Counted"],
  ["accepted", "Accepted"],
  ["marked", "Marked"],
  ["credited", "Credited"],
  ["attended", "Attended"],
];
const texts = ["name", "school", "role"];
const times = ["present", "counted", "accepted", "marked", "credited"];
const collator = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });

/** The hosts' part of the panel; `open(person)` shows one person's account. */
export function registerView(live, open) {
  let order = null; // {column, direction}
  let drawn = {};
  const line = refusalLine();
  const heads = columns.map(([column, label]) => head(column, label, () => sortBy(column)));
  const body = element("tbody");
  const caption = element("span", { id: "register-caption" });
  const table = element(
    "table",
    { class: "register" },
    element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...heads, element("th", { scope: "col" }, "Claims and marks"))),
    body,
  );
  const scroller = element("div", { class: "scroller", role: "region", "aria-labelledby": "register-caption", tabindex: "0" }, table);
  const node = element("div", { id: "register" }, scroller, line);
  const rows = keyedList(body, (item) => createRow(live, item, open, line), updateRow);
  const sortBy = (column) => {
    const first = texts.includes(column) ? 1 : -1; // names from A on, minutes from the most on
    order = { column, direction: order?.column === column ? -order.direction : first };
    drawn = {};
    render();
  };
  const render = () => {
    const { picture, attendance } = live;
    const { report } = attendance;
    show(node, report !== null);
    if (report === null) {
      drawn = {};
      return rows([]);
    }
    if (drawn.report === report && drawn.you === picture.you) return;
    drawn = { report, you: picture.you };
    setText(caption, captionOf(report));
    heads.forEach((cell, index) => setAttribute(cell, "aria-sort", sortOf(order, columns[index][0])));
    rows(sorted(report.people, order).map((row) => rowItem(picture, row)));
  };
  return { node, render };
}

/** Saves the table as a file, with what was fetched last. */
export function saveButton(live) {
  const button = element("button", { type: "button", class: "small" }, "Save as a file (CSV)");
  button.addEventListener("click", () => {
    const { session } = live.picture;
    save(`attendance-${session.id}.csv`, attendanceCSV(session, live.attendance.report));
  });
  return button;
}

function head(column, label, sort) {
  const button = element("button", { type: "button", click: sort }, label);
  return element("th", { scope: "col", class: column }, button);
}

const sortOf = (order, column) =>
  order?.column === column ? (order.direction > 0 ? "ascending" : "descending") : "none";

function captionOf(report) {
  const attended = report.people.filter((row) => row.attended).length;
  const whole = inMinutes(report.live.to - report.live.from);
  return (
    `${people(report.people.length)}, ${whole} since the start. ${attended} attended: ${bound(report)} or more credited ` +
    `(${report.rule.percent} %, rule ${report.rule.version}).`
  );
}

function sorted(rows, order) {
  const byColumn = (a, b) => {
    const [x, y] = [a, b].map((row) => valueOf(row, order.column));
    return order.direction * (typeof x === "string" ? collator.compare(x, y) : x - y);
  };
  const waiting = (row) => (row.openClaims > 0 ? 0 : 1);
  const byWaiting = (a, b) => waiting(a) - waiting(b);
  return [...rows].sort((a, b) => (order === null ? byWaiting(a, b) : byColumn(a, b)) || byName(a, b));
}

function valueOf(row, column) {
  if (column === "name") return displayName(row);
  if (column === "role") return roleName(row.role);
  return column === "school" ? (row.school ?? "") : Number(row[column]);
}

function rowItem(picture, row) {
  const item = {
    key: row.person,
    name: row.person === picture.you ? `${displayName(row)} (you)` : displayName(row),
    cells: [row.school ?? "", roleName(row.role), ...times.map((part) => signed(row[part])), row.attended ? "yes" : "no"],
    claims: row.openClaims,
    claimed: inMinutes(row.claimed),
  };
  item.stamp = JSON.stringify(item);
  return item;
}

function createRow(live, { key }, open, line) {
  const accept = element("button", { type: "button", class: "small primary accept" }, "Accept");
  accept.addEventListener("click", async () => {
    if ((await askFor(accept, live, { do: "attendance.accept", person: key }, line)) !== null) live.attendance.fetch();
  });
  const name = element("button", { type: "button", class: "person", dir: "auto", click: () => open(key) });
  const mark = element("button", { type: "button", class: "small mark", click: () => open(key, true) }, "Mark");
  const [, ...others] = columns;
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, name, element("span", { class: "waits" })),
    ...others.map(([column]) => element("td", { class: column, dir: "auto" })),
    element("td", { class: "acts" }, accept, mark),
  );
}

function updateRow(row, { name, cells, claims, claimed }) {
  const part = (selector) => row.querySelector(selector);
  setText(part(".person"), name);
  [...row.querySelectorAll("td")].slice(0, cells.length).forEach((cell, index) => setText(cell, cells[index]));
  setAttribute(row, "data-waits", claims > 0 ? "yes" : null);
  setText(part(".waits"), claims > 0 ? `${count(claims, "claim")} ${claims === 1 ? "waits" : "wait"}` : "");
  show(part(".accept"), claims > 0);
  part(".accept").setAttribute("aria-label", `Accept what ${name} said: in the video for ${claimed} more`);
  part(".mark").setAttribute("aria-label", `Mark ${name}`);
}
