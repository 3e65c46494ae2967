// Short sentences about what just happened, read out by screen readers and gone after a while.
import { byId, element, setText } from "./dom.js";

const shownMilliseconds = 8000;
const atOnce = 4;

/** Shows a sentence, which is read out as well. */
export function tell(sentence) {
  const list = byId("notices");
  const notice = element("p", { class: "notice", dir: "auto" }, sentence);
  list.append(notice);
  while (list.childElementCount > atOnce) list.firstElementChild.remove();
  setTimeout(() => notice.remove(), shownMilliseconds);
}

/** Only reads a sentence out: what it tells stands somewhere for the eye, and stays there. */
export function say(sentence) {
  const line = byId("aloud");
  // The same sentence twice is news twice.
  setText(line, line.textContent === sentence ? `${sentence} ` : sentence);
}
