// What can be done with one person: write to them alone; as a host, move them, hand the session over, make them
// co-host, label, mute or remove them. One dialog for everybody.
import { askFor, askTwice, restOn } from "./ask.js";
import { cleaned } from "./composer.js";
import { byId, setOptions, setText, show } from "./dom.js";
import { displayName, roomName, youHost, youLead, youObserve } from "./picture.js";
import { roomOptions } from "./round.js";
import { directWith } from "./talks.js";
import { presenceName, roleName } from "./words.js";

/** The dialog's view, with `open(person)`; `write(channel)` leads to the chat. */
export function personView(live, write) {
  const dialog = byId("person");
  const line = byId("person-refusal");
  let shown = null;
  const ask = async (button, command) => {
    if ((await askFor(button, live, command, line)) === null) return false;
    dialog.close();
    return true;
  };
  const onClick = (id, command) => byId(id).addEventListener("click", () => ask(byId(id), command()));
  onClick("offer", () => ({ do: "handoff.offer", to: shown }));
  onClick("add-cohost", () => ({ do: "cohost.add", person: shown }));
  onClick("remove-cohost", () => ({ do: "cohost.remove", person: shown }));
  onClick("person-move", () => ({ do: "breakouts.move", person: shown, room: byId("person-room").value }));
  onClick("person-lower", () => ({ do: "hand.lower", person: shown }));
  onClick("mute", () => ({ do: "participant.mute", person: shown, muted: !seatOf(live, shown).muted }));
  const name = () => displayName(seatOf(live, shown));
  const doubts = [
    askTwice(byId("give"), {
      question: () => `${name()} leads at once, and you are a co-host.`,
      yes: "Hand over",
      act: (button) => ask(button, { do: "handoff.give", to: shown }),
    }),
    askTwice(byId("remove"), {
      question: () => `Send ${name()} away? They cannot come back into this session.`,
      yes: "Remove",
      act: (button) => ask(button, { do: "participant.remove", person: shown }),
    }),
  ];
  byId("write").addEventListener("click", () => {
    const channel = directWith(shown);
    dialog.close();
    write(channel);
  });
  byId("label-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const person = shown === live.picture.you ? {} : { person: shown };
    ask(byId("label-set"), { do: "participant.label", ...person, text: cleaned(byId("label-text").value) });
  });
  byId("person-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => (shown = null));
  const render = () => {
    if (shown === null || live.picture === null) return;
    if (seatOf(live, shown) === undefined) return dialog.close();
    renderPerson(live.picture, seatOf(live, shown));
  };
  const open = (person) => {
    shown = person;
    setText(line, "");
    doubts.forEach((close) => close());
    byId("label-text").value = seatOf(live, person)?.label ?? "";
    // Whatever is done here rests on what stands here now.
    restOn(dialog, live);
    render();
    dialog.showModal();
  };
  return { open, render };
}

const seatOf = (live, person) => live.picture.participants.get(person);

function renderPerson(picture, seat) {
  const isYou = seat.person === picture.you;
  setText(byId("person-name"), isYou ? `${displayName(seat)} (you)` : displayName(seat));
  const facts = [
    seat.school,
    roleName(seat.role),
    roomName(picture, seat.room),
    presenceName(seat.presence),
    seat.muted ? "muted" : "",
    seat.pass ? "sits rooms out" : "",
  ];
  setText(byId("person-facts"), facts.filter(Boolean).join(" · "));
  const isOver = picture.session.phase === "ended";
  const hosting = youHost(picture) && !isOver;
  const lead = youLead(picture) && !isOver && !isYou;
  const isHere = seat.presence !== "left";
  show(byId("write"), !isYou && seat.role !== "observer" && !youObserve(picture));
  show(byId("offer"), lead && isHere && seat.role !== "observer" && picture.handoff?.to !== seat.person);
  // A question that has taken a button's place goes with it.
  hide("give", !(lead && isHere && seat.role !== "observer"));
  show(byId("add-cohost"), lead && seat.role === "participant");
  show(byId("remove-cohost"), lead && seat.role === "cohost");
  show(byId("person-moving"), hosting && isHere && picture.breakouts !== null && seat.role !== "observer");
  setOptions(byId("person-room"), roomOptions(picture).filter(([room]) => room !== seat.room));
  show(byId("person-lower"), hosting && Number.isInteger(seat.hand));
  // Over a co-host only the host decides, over the host nobody.
  const governs = hosting && !isYou && isHere && seat.role !== "host" && (seat.role !== "cohost" || lead);
  // Whoever was muted and leads now lifts it alone: there is nobody else who could.
  show(byId("mute"), governs || (isYou && youLead(picture) && seat.muted));
  setText(byId("mute"), seat.muted ? (isYou ? "Let me write again" : "Let them write again") : "Mute");
  hide("remove", !governs);
  show(byId("label-form"), !isOver && !youObserve(picture) && (isYou || hosting));
}

/** A button that asks twice is itself hidden while it asks; its frame is what is shown or not. */
const hide = (id, isHidden) => show(byId(id).parentElement, !isHidden);
