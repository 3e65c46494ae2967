// Short sentences about what just happened, read out by screen readers and gone after a while.
import { byId, element } from "./dom.js";

const shownMilliseconds = 8000;
const atOnce = 4;

/** Shows a sentence. */
export function tell(sentence) {
  const list = byId("notices");
  const notice = element("p", { class: "notice" }, sentence);
  list.append(notice);
  while (list.childElementCount > atOnce) list.firstElementChild.remove();
  setTimeout(() => notice.remove(), shownMilliseconds);
}
