// What calls for the person's attention, beneath the header: being asked to lead, somebody who has stepped in, one's own
// request for help, an announcement. Each stays until it is settled; notices.js has read it out when it came.
import { askFor, refusalLine, restOn } from "./ask.js";
import { duration } from "./clock.js";
import { byId, element, keyedList, setText, show } from "./dom.js";
import { nameOf, youHost, youLead } from "./picture.js";

/** The calls' view; `tick` counts the time of whoever has stepped in. */
export function callsView(live) {
  const rows = keyedList(byId("calls"), (item) => createCall(live, item), updateCall);
  const render = () => {
    if (live.picture === null) return;
    const calls = live.picture.session.phase === "ended" ? [] : callsOf(live);
    rows(calls.map((call) => ({ ...call, stamp: JSON.stringify(call) })));
    show(byId("calls-box"), calls.length > 0);
  };
  // The time that is left stands in a call's text, so that only text that changed is touched.
  return { render, tick: render };
}

function callsOf(live) {
  const { picture } = live;
  return [leaderless(picture), offer(picture), floor(live), announcement(live), help(picture)].filter(
    (call) => call !== null,
  );
}

function leaderless(picture) {
  if (picture.host !== null) return null;
  return { key: "nobody", text: "Nobody leads at the moment. The first host or co-host to arrive will.", choices: [] };
}

function offer(picture) {
  if (picture.handoff === null) return null;
  const { from, to } = picture.handoff;
  const key = `offer ${from} ${to}`;
  if (to === picture.you) {
    const text = `${nameOf(picture, from)} asks you to lead the session.`;
    return { key, text, urgent: true, choices: [["Accept", "handoff.accept"], ["Decline", "handoff.decline"]] };
  }
  const who = from === picture.you ? "You have" : `${nameOf(picture, from)} has`;
  const text = `${who} asked ${nameOf(picture, to)} to lead.`;
  return { key, text, choices: youLead(picture) ? [["Withdraw the offer", "handoff.withdraw"]] : [] };
}

function floor(live) {
  const { picture } = live;
  if (picture.floor === null) return null;
  const { person, until } = picture.floor;
  const mine = person === picture.you;
  const left = duration(until - live.clock.now());
  const text = mine
    ? `You have stepped in: ${left} left.`
    : `${nameOf(picture, person)} has stepped in: ${left} left.`;
  const end = mine ? "Step back" : "End it";
  return { key: `floor ${person}`, text, choices: mine || youLead(picture) ? [[end, "floor.yield"]] : [] };
}

function announcement(live) {
  const last = live.announcement;
  if (last === null) return null;
  const text = `${nameOf(live.picture, last.by)} to all rooms: ${last.text}`;
  return { key: `announcement ${last.at}`, text, choices: [["Put away", null]] };
}

/** One's own request; hosts see all of them in the queue. */
function help(picture) {
  const mine = picture.help.find((request) => request.person === picture.you);
  if (mine === undefined || youHost(picture)) return null;
  const coming = mine.claimedBy === null ? "The hosts see it." : `${nameOf(picture, mine.claimedBy)} is coming.`;
  const text = `You have asked for help. ${coming}`;
  return { key: `help ${mine.help}`, text, choices: [["Not needed", "help.withdraw", mine.help]] };
}

function createCall(live, { key }) {
  const line = refusalLine();
  const buttons = element("div", { class: "buttons" });
  const row = element("li", { class: "call" }, element("p", { dir: "auto" }), buttons, line);
  // Being asked is what the person answers to: the offer itself is nothing that came in between.
  if (key.startsWith("offer")) restOn(row, live);
  row.choose = (button, command, id) => {
    if (command === null) return live.putAway();
    askFor(button, live, id === undefined ? { do: command } : { do: command, help: id }, line);
  };
  return row;
}

function updateCall(row, { text, urgent, choices }) {
  setText(row.firstElementChild, text);
  row.classList.toggle("urgent", urgent === true);
  const buttons = row.querySelector(".buttons");
  const stamp = JSON.stringify(choices);
  if (buttons.dataset.stamp === stamp) return;
  buttons.dataset.stamp = stamp;
  buttons.replaceChildren(
    ...choices.map(([label, command, id], index) => {
      const primary = urgent && index === 0 ? "small primary" : "small";
      const button = element("button", { type: "button", class: primary }, label);
      button.addEventListener("click", () => row.choose(button, command, id));
      return button;
    }),
  );
}
