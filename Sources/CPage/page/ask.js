// Asking the server on a click: the button waits for the answer, and a refusal is written beside it.
import { element, setText } from "./dom.js";
import { refusal } from "./words.js";

/** A line for refusals, empty until there is one. */
export const refusalLine = () => element("p", { class: "refusal", role: "alert" });

/**
 * Sends `command` for `button` and writes a refusal into `line`. Returns whether it was accepted. A second click while
 * the first is underway does nothing; the button stays focusable, so that the keyboard does not lose its place.
 */
export async function askFor(button, live, command, line) {
  if (button.getAttribute("aria-busy") === "true") return false;
  button.setAttribute("aria-busy", "true");
  setText(line, "");
  const answer = await live.ask(command);
  button.removeAttribute("aria-busy");
  if (answer.error) setText(line, refusal(answer.error));
  return answer.error === undefined;
}
