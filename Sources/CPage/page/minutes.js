// Attendance in plain words: minutes, times of day, and what a report says about one person. Pure.
//
// Minutes are rounded down and the bound of the rule up, so that whoever is shown to have reached it has reached it.
import { count } from "./words.js";

export const minute = 60_000;
const clockTime = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

/** Whole minutes of milliseconds; of a loss, as of a gain, what is not whole does not count. */
export const minutes = (milliseconds) => Math.trunc(milliseconds / minute);

/** The same as text, with a true minus sign. */
export const signed = (milliseconds) => (minutes(milliseconds) < 0 ? `−${minutes(-milliseconds)}` : `${minutes(milliseconds)}`);

/** "1 minute", "26 minutes". */
export const inMinutes = (milliseconds) => count(minutes(milliseconds), "minute");

/** The time of day on this device's calendar, as people here write it. */
export const timeOfDay = (time) => clockTime.format(time);

/** "4:02 PM–4:30 PM". */
export const span = ({ from, to }) => `${timeOfDay(from)}–${timeOfDay(to)}`;

/** The reason behind a mark; one whose words are not kept any more has none. */
export const because = (reason) => (reason ? `: ${reason}` : "");

const liveTime = ({ live }) => live.to - live.from;

/** From how many minutes on somebody has attended. */
export const bound = (report) => Math.ceil((liveTime(report) * report.rule.percent) / 100 / minute);

/** The rule with its version. */
export function ruleSentence({ rule }) {
  return (
    `Rule ${rule.version}: whoever has at least ${rule.percent} % of the time from the start to the end has attended. What ` +
    "counts is the time on this page on any of your devices, short gaps included, and what a host has accepted or marked." +
    " When the server itself was away, that counts against nobody."
  );
}

/** One's own figure: the main sentence, where the sum comes from if it is another, and what it comes to. */
export function ownSentences(report, isOver) {
  const [row] = report.people;
  if (row === undefined) return ["You are not counted here, as an observer."];
  if (liveTime(report) < minute) return ["Counting has just begun."];
  const been = isOver ? "You were here" : "You have been here";
  const from = `counted as attended from ${bound(report)} on`;
  const sentences = [`${been} ${minutes(row.present)} of ${inMinutes(liveTime(report))}; ${from}.`];
  if (minutes(row.credited) !== minutes(row.present)) sentences.push(sum(row));
  if (row.attended) sentences.push("That counts as attended.");
  else sentences.push(isOver ? "That does not count as attended." : "That does not count as attended yet.");
  return sentences;
}

/** What is credited, part by part. */
function sum({ present, counted, accepted, marked, credited }) {
  const parts = [
    [present, "on this page"],
    [counted - present, "in gaps that were filled"],
    [accepted, "accepted by a host"],
    [marked, "marked by a host"],
  ];
  const told = parts.filter(([time]) => Math.abs(time) >= minute).map(([time, what]) => `${signed(time)} ${what}`);
  return `${inMinutes(credited)} count: ${told.join(", ")}.`;
}

/**
 * The times of day that somebody gave ("16:02"), as times within the live time; a problem if they are none. A session may
 * go on past midnight, and what was begun or ended within a minute is meant to be within the session.
 */
export function moments(live, fromText, toText) {
  if (fromText === "" || toText === "") return { problem: "Say from when to when." };
  const days = [0, 1].map((day) => ({ from: onDay(live.from, day, fromText), to: onDay(live.from, day, toText) }));
  const starts = days.map((day) => day.from).filter((time) => time < live.to && time + minute > live.from);
  for (const start of starts) {
    const end = days.map((day) => day.to).find((time) => time > start && time - minute < live.to);
    if (end === undefined) continue;
    const [from, to] = [Math.max(start, live.from), Math.min(end, live.to)];
    if (from < to) return { from, to };
  }
  const sorry = `The session went from ${timeOfDay(live.from)} to ${timeOfDay(live.to)}`;
  return { problem: `${sorry}; say times within it, the earlier one first.` };
}

function onDay(start, day, text) {
  const [hours, minutesOfHour] = text.split(":").map(Number);
  const date = new Date(start);
  date.setDate(date.getDate() + day);
  return date.setHours(hours, minutesOfHour, 0, 0);
}

/** A time for a field of the type "time": the minute it is in, or the one after for an end. */
export function fieldTime(time, isEnd = false) {
  const date = new Date(isEnd ? Math.ceil(time / minute) * minute : time);
  return [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
}
