// What a host can do with one open room: give it another name, or remove it.
import { askFor, askTwice, refusalLine, watchBasis } from "./ask.js";
import { cleaned } from "./composer.js";
import { element, show } from "./dom.js";
import { people } from "./words.js";

/** Adds the tools to a room's card; the result is given the card's item at each change. */
export function roomTools(live, room, card) {
  const line = refusalLine();
  const name = element("input", { type: "text", autocomplete: "off" });
  const save = element("button", { type: "submit", class: "small" }, "Rename");
  const form = element("form", { class: "move" }, element("label", {}, "Name of the room ", name), save);
  const remove = element("button", { type: "button", class: "small" }, "Remove this room");
  const summary = element("summary", {});
  const tools = element("details", { class: "room-tools", hidden: true }, summary, form, element("div", {}, remove), line);
  card.append(tools);
  watchBasis(tools, live);
  let shown = { seats: [], name: "" };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = cleaned(name.value);
    if (text === "") return;
    const command = { do: "breakouts.renameRoom", room, name: text };
    if ((await askFor(save, live, command, line)) !== null) tools.open = false;
  });
  askTwice(remove, {
    question: () => (shown.seats.length === 0 ? "Remove it?" : `${people(shown.seats.length)} will be back in the main room.`),
    yes: "Remove",
    act: async (button) => (await askFor(button, live, { do: "breakouts.removeRoom", room }, line)) !== null,
  });
  // While it is closed, and not on opening: that is told a moment late, when somebody may be typing already.
  const begin = () => tools.open || (name.value = shown.name);
  tools.addEventListener("toggle", begin);
  return (item) => {
    shown = item;
    begin();
    summary.textContent = `Change ${item.name}`;
    show(tools, item.hosting);
    // A round keeps one room at least.
    show(remove.parentElement, !item.last);
  };
}
