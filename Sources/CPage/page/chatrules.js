// What hosts lay down for the chat: closed, or slow. Everybody is told.
import { askFor } from "./ask.js";
import { byId, setText, show } from "./dom.js";
import { youHost } from "./picture.js";
import { slowSentence } from "./sentences.js";

/** The rules' view: a form for hosts, a line for everybody while a rule holds. */
export function chatRulesView(live) {
  const form = byId("chat-rules");
  let drawn = null;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const locked = byId("chat-locked").checked;
    const slowSeconds = Number(byId("chat-slow").value);
    askFor(byId("chat-rules-set"), live, { do: "chat.settings", locked, slowSeconds }, byId("chat-rules-refusal"));
  });
  return {
    render() {
      const { picture } = live;
      if (picture === null) return;
      show(byId("chat-rules-row"), youHost(picture) && picture.session.phase !== "ended");
      const { locked, slowSeconds } = picture.chatSettings;
      const rules = [locked ? "The chat is closed: only hosts write." : "", slowSeconds > 0 ? slowSentence(slowSeconds) : ""];
      setText(byId("chat-rules-now"), rules.filter(Boolean).join(" "));
      // Another host's change shows in the form; what one is about to change oneself stays.
      if (drawn === picture.chatSettings) return;
      drawn = picture.chatSettings;
      byId("chat-locked").checked = locked;
      const isOffered = [...byId("chat-slow").options].some((option) => option.value === String(slowSeconds));
      if (!isOffered) byId("chat-slow").add(new Option(`${slowSeconds} s`, String(slowSeconds)));
      byId("chat-slow").value = String(slowSeconds);
    },
  };
}
