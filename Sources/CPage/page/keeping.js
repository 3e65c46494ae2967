// "What is kept": for how long, for whose eyes, and whom to ask. The days are the server's own, as the join told them.
import { byId, element } from "./dom.js";

/** The button in the header and its dialog. */
export function keepingView(live) {
  const dialog = byId("kept-dialog");
  byId("kept-open").addEventListener("click", () => {
    byId("kept-text").replaceChildren(...paragraphs(live.picture));
    dialog.showModal();
  });
  byId("kept-close").addEventListener("click", () => dialog.close());
  return { render() {} };
}

function paragraphs({ kept, session }) {
  return [
    list(session.rehearsal === true ? [
      "This is a rehearsal. All of it, words and minutes, is erased when it is over, at the latest when it can be read no more.",
    ] : [
      `Messages and whatever else is written here, such as labels, tasks and reasons, are kept ${howLong(kept, "textDays")}.`,
      `Who was here, from when to when and in which rooms, is kept ${howLong(kept, "attendanceDays")}.`,
      "A message that is deleted is shown to nobody any more. Its words leave the server's disk when the session is put" +
        " away, some time after its end.",
    ]),
    element("h3", {}, "Who sees it"),
    list([
      "Everybody in the session sees your name, your school, whether you are here and in which room.",
      "What you write in the main room is for everybody. What you write in another room is for those who were in it in" +
        " that round, for hosts who came in, and for all hosts if the room says so. What you write to one person is" +
        " for the two of you.",
      "Your minutes, and what you say about them, are for you and the hosts. Hosts can save them as a file.",
    ]),
    element("h3", {}, "Whom to ask"),
    element("p", {}, "You can have a copy of all that is kept about you, or have your name and your words erased; minutes" +
      " then stay without a name. Ask the people who invited you to this session."),
  ];
}

const list = (sentences) => element("ul", { class: "points" }, ...sentences.map((sentence) => element("li", {}, sentence)));

/** For how long, as this server is set up; one that does not say so is not spoken for. */
function howLong(kept, part) {
  if (kept === null || kept[part] === undefined) return "for as long as the people who run this server decide";
  if (kept[part] === null) return "until the people who run this server delete it";
  return kept[part] === 1 ? "for a day after the session's end" : `for ${kept[part]} days after the session's end`;
}
