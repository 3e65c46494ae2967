// What a host can do for one person: move them, hand the session over, make them co-host. One dialog for everybody.
import { askFor } from "./ask.js";
import { byId, setOptions, setText, show } from "./dom.js";
import { roomName, youLead } from "./picture.js";
import { roomOptions } from "./round.js";
import { presenceName, roleName } from "./words.js";

/** The dialog's view, with `open(person)`. */
export function personView(live) {
  const dialog = byId("person");
  let shown = null;
  const line = byId("person-refusal");
  const onClick = (id, command) => {
    const button = byId(id);
    button.addEventListener("click", async () => {
      if (await askFor(button, live, command(), line)) dialog.close();
    });
  };
  onClick("give", () => ({ do: "handoff.give", to: shown }));
  onClick("add-cohost", () => ({ do: "cohost.add", person: shown }));
  onClick("remove-cohost", () => ({ do: "cohost.remove", person: shown }));
  onClick("person-move", () => ({ do: "breakouts.move", person: shown, room: byId("person-room").value }));
  byId("person-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => (shown = null));
  const render = () => {
    if (shown === null || live.picture === null) return;
    const { picture } = live;
    const seat = picture.participants.get(shown);
    if (seat === undefined) return dialog.close();
    setText(byId("person-name"), seat.name ?? seat.person);
    const facts = [seat.school, roleName(seat.role), roomName(picture, seat.room), presenceName(seat.presence)];
    setText(byId("person-facts"), facts.filter(Boolean).join(" · "));
    const other = shown !== picture.you;
    const lead = youLead(picture) && other;
    show(byId("give"), lead && seat.role !== "observer");
    show(byId("add-cohost"), lead && seat.role === "participant");
    show(byId("remove-cohost"), lead && seat.role === "cohost");
    show(byId("person-moving"), picture.breakouts !== null);
    setOptions(byId("person-room"), roomOptions(picture).filter(([room]) => room !== seat.room));
  };
  const open = (person) => {
    shown = person;
    setText(line, "");
    render();
    dialog.showModal();
  };
  return { open, render };
}
