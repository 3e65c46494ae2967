// The log of the channel that is shown: what was said, what is on its way, who is writing.
import { messageItems, createMessage, updateMessage } from "./messages.js";
import { byId, keyedList, setAttribute, setText, show } from "./dom.js";
import { channelName, nameOf } from "./picture.js";
import { toolsFor } from "./tools.js";
import { refusal } from "./words.js";

/** The log's view. */
export function chatView(live) {
  const tools = toolsFor(live, byId("messages"));
  const create = (item) => createMessage(live, item, tools);
  const messages = keyedList(byId("messages"), create, (row, item) => updateMessage(live, row, item));
  let drawn = { channel: null, stamp: null };
  byId("older").addEventListener("click", () => live.older(live.channel));
  byId("newest").addEventListener("click", () => toEnd());
  byId("log").addEventListener("scroll", () => show(byId("newest"), !atEnd()));
  return {
    render() {
      if (live.picture === null) return;
      drawn = renderMessages(live, messages, tools, drawn);
      setText(byId("typing"), live.typing.sentence(live.channel, (person) => nameOf(live.picture, person)));
    },
  };
}

function renderMessages(live, list, tools, drawn) {
  const { picture, channel } = live;
  const known = picture.chat.get(channel);
  const pending = live.outbox.of(channel);
  const problem = live.problems.get(channel);
  setText(byId("chat-title"), `Chat: ${channelName(picture, channel)}`);
  show(byId("older"), known !== undefined && !known.whole && known.messages.length > 0);
  setText(byId("history-refusal"), problem ? refusal(problem) : "");
  const empty = (known?.messages.length ?? 0) === 0 && pending.length === 0;
  show(byId("quiet"), empty && !problem);
  // Names and labels stand beside what was said.
  const rules = [live.connection.status.phase, picture.chatSettings];
  const stamp = [known?.messages, JSON.stringify(pending), picture.participants, ...rules];
  const sameChannel = drawn.channel === channel;
  if (sameChannel && drawn.stamp?.every((part, index) => part === stamp[index])) return drawn;

  const log = byId("log");
  const follow = !sameChannel || atEnd();
  const fromEnd = log.scrollHeight - log.scrollTop;
  const first = known?.messages[0]?.message;
  const olderCame = sameChannel && drawn.first !== undefined && first !== drawn.first;
  // What was said long ago is not news: a screen reader should not read it all out.
  setAttribute(log, "aria-live", sameChannel && !olderCame ? "polite" : "off");
  if (!sameChannel) list([]);
  list(messageItems(live, known?.messages ?? [], pending));
  tools.settle();
  if (follow && !olderCame) toEnd();
  else if (olderCame) log.scrollTop = log.scrollHeight - fromEnd;
  show(byId("newest"), !atEnd());
  return { channel, stamp, first };
}

function atEnd() {
  const log = byId("log");
  return log.scrollHeight - log.scrollTop - log.clientHeight < 48;
}

/** To the newest message. */
export function toEnd() {
  const log = byId("log");
  log.scrollTop = log.scrollHeight;
}
