// Asking the server on a click: the button waits for the answer, and a refusal is written beside it.
import { element, setText, show } from "./dom.js";
import { editKind, staleSentence } from "./edits.js";
import { refusal } from "./words.js";

/** A line for refusals, empty until there is one. */
export const refusalLine = () => element("p", { class: "refusal", role: "alert" });

/**
 * Sends `command` for `button` and writes a refusal into `line`. Returns the answer's `ok`, or null if it was refused. A
 * second click while the first is underway does nothing; the button stays focusable, so that the keyboard does not lose
 * its place.
 *
 * An edit of hosting or rooms says on which state it rests: what stood there when the person began with the form or
 * dialog around the button (`watchBasis`). A stale one is told, and the next press rests on what was told.
 */
export async function askFor(button, live, command, line) {
  if (button.getAttribute("aria-busy") === "true") return null;
  button.setAttribute("aria-busy", "true");
  setText(line, "");
  const group = editKind(command.do) === null ? null : button.closest("[data-basis]");
  const basis = group === null || group.dataset.basis === "" ? null : Number(group.dataset.basis);
  const answer = editKind(command.do) === null ? await live.ask(command) : await live.edit(command, basis);
  button.removeAttribute("aria-busy");
  const { ok, error } = answer;
  if (error?.code === "stale") setText(line, staleSentence(live.picture, live.edits, error.changed));
  else if (error) setText(line, refusal(error));
  if (group !== null && !answer.lost && (ok || error.code === "stale")) group.dataset.basis = "";
  return error === undefined ? (ok ?? {}) : null;
}

/** A form or dialog whose edits rest on what stood there when the person began with it. */
export function watchBasis(group, live) {
  group.dataset.basis = "";
  const begin = () => {
    if (group.dataset.basis === "" && live.picture !== null) restOn(group, live);
  };
  for (const event of ["focusin", "pointerdown", "input"]) group.addEventListener(event, begin);
}

/** What stands there now is what the person sees and acts on. */
export function restOn(group, live) {
  group.dataset.basis = String(live.picture.seq);
}

/**
 * A button that asks once more before it acts: the question with two buttons takes its place. `question()` may differ
 * each time; `act(button)` does it and resolves to whether it is done.
 */
export function askTwice(button, { question, yes, no = "Keep", act }) {
  const text = element("span", { dir: "auto" });
  const sure = element("button", { type: "button", class: "small danger" }, yes);
  const back = element("button", { type: "button", class: "small" }, no);
  const box = element("span", { class: "sure", role: "group", hidden: true }, text, sure, back);
  button.after(box);
  const open = (isOpen) => {
    show(box, isOpen);
    show(button, !isOpen);
  };
  const close = () => {
    const hadFocus = box.contains(document.activeElement);
    open(false);
    if (hadFocus) button.focus();
  };
  button.addEventListener("click", () => {
    setText(text, question());
    box.setAttribute("aria-label", text.textContent);
    open(true);
    sure.focus();
  });
  back.addEventListener("click", close);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault(); // the dialog around it stays open
    event.stopPropagation();
    close();
  });
  sure.addEventListener("click", async () => {
    if (await act(sure)) close();
  });
  return close;
}
