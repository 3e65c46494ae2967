// The page's beginning: takes the link, greets, joins on a click (or by itself after a reload), and lets the views draw
// when something changed.
import { attendanceView } from "./attendancepanel.js";
import { callsView } from "./calls.js";
import { channelsView } from "./channels.js";
import { chatView } from "./chat.js";
import { chatRulesView } from "./chatrules.js";
import { composerView } from "./composer.js";
import { byId, setText, show } from "./dom.js";
import { headerView } from "./header.js";
import { helpView } from "./help.js";
import { hostingView } from "./hosting.js";
import { keepingView } from "./keeping.js";
import { readTicket, takeLink } from "./link.js";
import { LiveSession } from "./live.js";
import { say, tell } from "./notices.js";
import { openingView } from "./opening.js";
import { personView } from "./person.js";
import { rosterView } from "./roster.js";
import { roomsView } from "./rooms.js";
import { roundView } from "./round.js";
import { keep, kept } from "./storage.js";
import { roleName } from "./words.js";
import { youView } from "./you.js";

const ticksPerSecond = 4;

function begin() {
  const link = takeLink();
  // A new link pasted into this tab changes only the fragment; the page starts over with it.
  addEventListener("hashchange", () => takeLink() !== null && location.reload());
  show(byId("loading"), false);
  show(byId("uninvited"), link === null);
  show(byId("invited"), link !== null);
  show(byId("entry"), true);
  if (link !== null) greet(link, readTicket(link.ticket));
}

function greet(link, claims) {
  const name = text(claims.name) || text(claims.sub) || "a guest";
  const title = text(claims.title) || link.session;
  setText(byId("entry-title"), title);
  show(byId("entry-rehearsal"), claims.rehearsal === true);
  setText(byId("entry-name"), name);
  setText(byId("entry-role"), roleName(claims.role));
  setText(byId("entry-school"), text(claims.school));
  document.title = `${title} – Plenary`;
  const live = enter(link, claims);
  byId("join").addEventListener("click", () => live.connection.start());
  if (kept("joined") === true) live.connection.start();
  else byId("join").focus();
}

const text = (value) => (typeof value === "string" ? value : "");

/** Builds the session and its views; nothing is sent before `connection.start`. */
function enter(link, claims) {
  let views = [];
  let composer = null;
  const draw = once(() => {
    render(live);
    for (const view of views) view.render();
  });
  const live = new LiveSession(link, text(claims.sub), {
    changed: draw,
    told: tell,
    said: say,
    joined: () => keep("joined", true),
    stopped: () => keep("joined", null),
    isTyping: () => composer.isTyping(),
  });
  const choose = sections((name) => {
    live.attendance.show(name === "attendance");
    draw();
  });
  const write = (channel) => {
    choose("talk");
    live.show(channel);
    byId("message").focus();
  };
  composer = composerView(live);
  const person = personView(live, write);
  const lists = [rosterView(live, person.open), roomsView(live, person.open), helpView(live)];
  const leading = [openingView(live), roundView(live), hostingView(live, claims.role === "host")];
  const talking = [channelsView(live), chatView(live), chatRulesView(live), composer];
  const counting = [attendanceView(live), keepingView(live)];
  views = [headerView(live), callsView(live), youView(live), ...lists, ...talking, ...leading, ...counting, person];
  setInterval(() => {
    for (const view of views) view.tick?.();
  }, 1000 / ticksPerSecond);
  byId("leave").addEventListener("click", () => live.leave());
  return live;
}

/** The greeting stays until the first join has succeeded; then the session, also while the connection is lost. */
function render(live) {
  const inside = live.picture !== null;
  const waiting = ["connecting", "waiting"].includes(live.connection.status.phase);
  if (inside && byId("session").hidden) {
    show(byId("session"), true);
    show(byId("entry"), false);
    byId("talk").focus();
  }
  byId("join").disabled = waiting;
  setText(byId("join"), waiting ? "Joining…" : "Join");
}

/**
 * On a narrow screen one section is shown at a time, on a wide one all but the attendance, which takes the place of two; the
 * keyboard may skip to any. Tells `shown(name)`; returns how to show one.
 */
function sections(shown) {
  const buttons = [...document.querySelectorAll("#sections button")];
  const top = byId("attendance-open");
  const choose = (name) => {
    byId("columns").dataset.shown = name;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.section === name));
    top.setAttribute("aria-pressed", String(name === "attendance"));
    shown(name);
  };
  top.addEventListener("click", () => {
    const isShown = byId("columns").dataset.shown === "attendance";
    choose(isShown ? "talk" : "attendance");
    if (!isShown) byId("attendance").focus();
  });
  for (const button of buttons) button.addEventListener("click", () => choose(button.dataset.section));
  for (const button of document.querySelectorAll(".skip")) {
    button.addEventListener("click", () => {
      choose(button.dataset.skip);
      byId(button.dataset.skip).focus();
    });
  }
  choose("talk");
  return choose;
}

/** Many changes, one drawing: with the next frame, or soon in a hidden page, which gets no frames. */
function once(draw) {
  let planned = false;
  return () => {
    if (planned) return;
    planned = true;
    const go = () => {
      planned = false;
      draw();
    };
    if (document.visibilityState === "visible") requestAnimationFrame(go);
    else setTimeout(go, 200);
  };
}

begin();
