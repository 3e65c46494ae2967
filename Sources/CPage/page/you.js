// What one does for oneself with one press: raise a hand, ask for help, say how far one's room is, sit rooms out.
import { askFor } from "./ask.js";
import { byId, setAttribute, setText, show } from "./dom.js";
import { cleaned } from "./composer.js";
import { openRoom, youHost, youLead, youObserve, yourRoom, yourSeat } from "./picture.js";
import { kept, keep } from "./storage.js";

/** The buttons of the header, the dialog to ask for help, and sitting out. */
export function youView(live) {
  const line = byId("you-refusal");
  const onClick = (id, act) => byId(id).addEventListener("click", () => act(byId(id)));
  onClick("hand", (button) => {
    const isUp = Number.isInteger(yourSeat(live.picture).hand);
    askFor(button, live, { do: isUp ? "hand.lower" : "hand.raise" }, line);
  });
  for (const [id, signal] of [["signal-done", "done"], ["signal-more", "moreTime"]]) {
    onClick(id, async (button) => {
      const next = live.signal === signal ? null : signal;
      if (await askFor(button, live, { do: "room.signal", signal: next }, line)) live.signal = next;
    });
  }
  onClick("pass", (button) =>
    askFor(button, live, { do: "room.pass", pass: !yourSeat(live.picture).pass }, byId("pass-refusal")),
  );
  helpDialog(live);
  return { render: () => render(live) };
}

function render(live) {
  const { picture } = live;
  if (picture === null) return;
  const seat = yourSeat(picture);
  const isLive = picture.session.phase === "live" && !youObserve(picture);
  const isUp = Number.isInteger(seat.hand);
  show(byId("hand"), isLive && (isUp || !youLead(picture)));
  setText(byId("hand-text"), isUp ? "Lower hand" : "Raise hand");
  setAttribute(byId("hand"), "aria-pressed", String(isUp));
  const asked = picture.help.some((request) => request.person === picture.you);
  show(byId("ask-help"), isLive && !youHost(picture) && !asked);
  const inRoom = isLive && openRoom(picture, yourRoom(picture)) !== null;
  show(byId("signal-done"), inRoom);
  show(byId("signal-more"), inRoom);
  setAttribute(byId("signal-done"), "aria-pressed", String(live.signal === "done"));
  setAttribute(byId("signal-more"), "aria-pressed", String(live.signal === "moreTime"));
  renderPass(picture, seat);
}

function renderPass(picture, seat) {
  const passes = seat.pass === true;
  const may = picture.session.phase !== "ended" && !youObserve(picture);
  show(byId("passing"), may && (passes || !youHost(picture)));
  setText(byId("pass"), passes ? "Join in" : "Sit out");
  const inRooms = picture.breakouts !== null;
  const out = inRooms ? "You sit these rooms out." : "You sit rooms out: when some are opened, you stay here.";
  setText(byId("pass-text"), passes ? out : "Rather not be in a room? You need no reason.");
}

/** A text of one's own, which stays in the form until the server has taken it. */
function helpDialog(live) {
  const dialog = byId("help-dialog");
  const text = byId("help-text");
  text.value = kept(`help.${live.seat}`) ?? "";
  text.addEventListener("input", () => keep(`help.${live.seat}`, text.value === "" ? null : text.value));
  byId("ask-help").addEventListener("click", () => {
    setText(byId("help-refusal"), "");
    dialog.showModal();
    text.focus();
  });
  byId("help-cancel").addEventListener("click", () => dialog.close());
  byId("help-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const words = cleaned(text.value);
    const command = { do: "help.ask", ...(words === "" ? {} : { text: words }) };
    if (byId("help-unnamed").checked) command.unnamed = true;
    if ((await askFor(byId("help-send"), live, command, byId("help-refusal"))) === null) return;
    text.value = "";
    keep(`help.${live.seat}`, null);
    byId("help-unnamed").checked = false;
    dialog.close();
  });
}
