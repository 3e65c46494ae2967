// A report of attendance as a CSV file for a spreadsheet; its columns are fixed in Protocol/attendance.md. Pure.
import { minutes } from "./minutes.js";

const columns = [
  "session", "title", "date", "person", "name", "school", "role", "present_minutes", "counted_minutes", "accepted_minutes",
  "marked_minutes", "credited_minutes", "attended", "rule",
];

/** Says "UTF-8" to spreadsheets that would take the letters of names for others. */
const mark = "\uFEFF";

/** The report's rows under a header, in UTF-8 with CRLF (RFC 4180). */
export function attendanceCSV(session, report) {
  const date = new Date(report.live.from).toISOString().slice(0, 10);
  const rows = report.people.map((row) => [
    ...[session.id, session.title, date, row.person, row.name, row.school, row.role].map(harmless),
    ...[row.present, row.counted, row.accepted, row.marked, row.credited].map(minutes),
    row.attended ? "yes" : "no",
    report.rule.version,
  ]);
  return mark + [columns, ...rows].map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
}

/** What begins like a formula is text to a spreadsheet only with an apostrophe before it. */
const harmless = (text) => (/^[=+\-@\t\r]/.test(text ?? "") ? `'${text}` : (text ?? ""));

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
