// What can be done with a message: answer, put a sign on it, change or delete it. One "…" a message opens a row of
// buttons beneath it, one such row at a time.
//
// Of all the "…" only one is a stop for the Tab key; the arrow keys lead from message to message (a roving tabindex), so
// that a long chat is not a long way for the keyboard.
import { askFor, askTwice, refusalLine } from "./ask.js";
import { byId, element, setAttribute } from "./dom.js";
import { emojiName, offered } from "./emoji.js";
import { nameOf, silenced, youHost } from "./picture.js";
import { findMessage } from "./talks.js";

/** The tools of a list of messages. */
export function toolsFor(live, list) {
  let open = null; // the row of buttons that is open, with its "…"

  const close = (focus) => {
    if (open === null) return;
    open.tools.remove();
    open.button.setAttribute("aria-expanded", "false");
    if (focus) open.button.focus();
    open = null;
  };
  const toggle = (row, button, id) => {
    const wasOpen = open?.button === button;
    close(false);
    if (wasOpen) return;
    const tools = toolsOf(live, id, (focus = true) => close(focus));
    if (tools === null) return;
    row.append(tools);
    button.setAttribute("aria-expanded", "true");
    open = { tools, button };
    tools.scrollIntoView({ block: "nearest" });
    tools.querySelector("button")?.focus();
  };
  list.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && open !== null) return close(true);
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step === undefined || !event.target.classList.contains("more-about")) return;
    event.preventDefault();
    const buttons = moreButtons(list);
    buttons[buttons.indexOf(event.target) + step]?.focus();
  });
  list.addEventListener("focusin", (event) => {
    if (event.target.classList.contains("more-about")) rove(list, event.target);
  });
  return {
    addTo(row, by, id) {
      const name = row.querySelector(".author").textContent;
      const button = element(
        "button",
        { type: "button", class: "more-about", tabindex: "-1", "aria-expanded": "false" },
        element("span", { "aria-hidden": "true" }, "…"),
        element("span", { class: "unseen" }, `What to do with the message of ${name}`),
      );
      button.addEventListener("click", () => toggle(row, button, id));
      by.append(button);
    },
    /** After a drawing: one stop for the Tab key, the newest message unless another had it. */
    settle() {
      if (open !== null && !open.tools.isConnected) open = null;
      const buttons = moreButtons(list);
      if (!buttons.some((button) => button.tabIndex === 0)) rove(list, buttons.at(-1));
    },
  };
}

const moreButtons = (list) => [...list.querySelectorAll("li:not([data-deleted]) > .by > .more-about")];

function rove(list, stop) {
  for (const button of moreButtons(list)) setAttribute(button, "tabindex", button === stop ? "0" : "-1");
}

/** The buttons for one message as it is now; null if there is nothing that could be done with it. */
function toolsOf(live, id, close) {
  const found = findMessage(live.picture, id);
  if (found === null || found.message.deleted) return null;
  const { message, channel } = found;
  const mine = message.from === live.picture.you;
  const mayWrite = silenced(live.picture, channel, live.justLeft) === null;
  const line = refusalLine();
  const label = `Message of ${nameOf(live.picture, message.from)}`;
  const tools = element("div", { class: "tools", role: "group", "aria-label": label });
  const add = (text, act, attributes = {}) => {
    const button = element("button", { type: "button", class: "small", ...attributes }, text);
    if (act !== null) button.addEventListener("click", () => act(button));
    tools.append(button);
    return button;
  };
  const write = (change) => {
    change();
    close(false);
    live.show(channel);
    byId("message").focus();
  };
  if (mayWrite) {
    add("Reply", () => write(() => live.drafts.reply(channel, id)));
    for (const emoji of offered) addSign(live, message, emoji, add, line, close);
    if (mine) add("Edit", () => write(() => live.drafts.edit(channel, id, message.text)));
  }
  if ((mine && mayWrite) || youHost(live.picture)) {
    askTwice(add("Delete", null), {
      question: () => "Delete this for everybody?",
      yes: "Delete",
      act: (button) => askFor(button, live, { do: "chat.delete", message: id }, line),
    });
  }
  if (tools.childElementCount === 0) tools.append(element("span", { class: "muted" }, "You can only read here."));
  tools.append(line);
  return tools;
}

function addSign(live, message, emoji, add, line, close) {
  const people = message.reactions?.find((reaction) => reaction.emoji === emoji)?.people ?? [];
  const on = emoji === "same" ? live.feelsSame(message.message) : people.includes(live.picture.you);
  const name = emojiName(emoji);
  const attributes = { "aria-pressed": String(on), title: name, ...(emoji === "same" ? {} : { "aria-label": name }) };
  const react = async (button) => {
    const command = { do: "chat.react", message: message.message, emoji, on: !on };
    if ((await askFor(button, live, command, line)) === null) return;
    if (emoji === "same") live.setFeelsSame(message.message, !on);
    close();
  };
  add(emoji === "same" ? name : emoji, react, attributes);
}
