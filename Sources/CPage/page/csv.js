// A report of attendance as a CSV file for a spreadsheet; its columns are fixed in Protocol/attendance.md. Pure.
import { minute } from "./minutes.js";

const columns = [
  "session", "title", "date", "person", "name", "school", "role", "present_minutes", "counted_minutes", "accepted_minutes",
  "marked_minutes", "credited_minutes", "attended", "rule",
];

/** Whole minutes to the nearest, halves away from zero: as the server's own tables have them, not as a line of text. */
const nearest = (milliseconds) => Math.sign(milliseconds) * Math.round(Math.abs(milliseconds) / minute);

/** Signs with which a spreadsheet lets a formula begin, full-width and small ones too. */
const sign = "[=+\\-@\uFF1D\uFF0B\uFF0D\uFF20\uFE62\uFE63\uFE66\uFE6B\u2212]";
/** At the beginning, behind blanks as well, and where a spreadsheet that cuts at other signs would begin a cell. */
const formula = new RegExp(`^\\s*${sign}|[\t\r\n]|;\\s*${sign}`, "u");

/** Says "UTF-8" to spreadsheets that would take the letters of names for others. */
const mark = "\uFEFF";

/** The report's rows under a header, in UTF-8 with CRLF (RFC 4180). */
export function attendanceCSV(session, report) {
  const date = new Date(report.live.from).toISOString().slice(0, 10);
  const rows = report.people.map((row) => [
    ...[session.id, session.title, date, row.person, row.name, row.school, row.role].map(harmless),
    ...[row.present, row.counted, row.accepted, row.marked, row.credited].map(nearest),
    row.attended ? "yes" : "no",
    report.rule.version,
  ]);
  return mark + [columns, ...rows].map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
}

/** What begins like a formula is text to a spreadsheet only with an apostrophe before it. */
const harmless = (text) => (formula.test(text ?? "") ? `'${text}` : (text ?? ""));

const quoted = (value) => (/[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));

/** Hands the browser a file to save. */
export function save(name, text) {
  const link = document.createElement("a");
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
