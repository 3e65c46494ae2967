// Whose chat to show: the rooms of now, the people one writes with, and behind a list everything else one may read.
import { byId, element, keyedList, setAttribute, setOptions, setText, show } from "./dom.js";
import { channelName, openRoom, youHost, yourRoom } from "./picture.js";
import { personIn } from "./talks.js";

/** So many conversations with single people have a button; further ones are in the list. */
const conversationsShown = 4;

/** The channels' view. */
export function channelsView(live) {
  const tabs = keyedList(byId("channels"), (item) => createTab(live, item), updateTab);
  byId("earlier").addEventListener("change", (event) => event.target.value && live.show(event.target.value));
  return {
    render() {
      if (live.picture === null) return;
      const { now, others } = channels(live);
      tabs(now.map((channel) => tabItem(live, channel)));
      renderOthers(live, others);
    },
  };
}

/** The channels with a button, and those in the list. */
function channels(live) {
  const { picture, channel } = live;
  const rooms = ["main"];
  if (yourRoom(picture) !== "main") rooms.push(yourRoom(picture));
  if (youHost(picture)) rooms.push("hosts");
  const typed = [...live.drafts.channels(), ...live.outbox.channels()];
  const people = new Set([...picture.chat.keys(), ...typed, channel].filter((known) => personIn(known) !== null));
  const latest = (known) => picture.chat.get(known)?.messages.at(-1)?.message ?? Infinity;
  const conversations = [...people].sort((a, b) => latest(b) - latest(a));
  // Whatever is shown has its button.
  const first = conversations.filter((known, index) => index < conversationsShown || known === channel);
  const now = [...rooms, ...first];
  const readable = picture.readable.toReversed().map((known) => known.room);
  const others = [...conversations, ...readable, ...typed].filter((known) => !now.includes(known));
  return { now, others: [...new Set(others)] };
}

function tabItem(live, channel) {
  const unread = live.unread.get(channel) ?? 0;
  const name = channelName(live.picture, channel);
  const chosen = channel === live.channel;
  return { key: channel, stamp: `${name}/${unread}/${chosen}`, name, unread, chosen };
}

function createTab(live, { key }) {
  const label = element("span", { dir: "auto" });
  const count = element("span", { class: "unread" });
  const tab = element("button", { type: "button", class: "tab", click: () => live.show(key) }, label, count);
  if (personIn(key) !== null) tab.classList.add("of-person");
  return tab;
}

function updateTab(node, { name, unread, chosen }) {
  setText(node.firstElementChild, name);
  setText(node.lastElementChild, unread > 0 ? `${unread} new` : "");
  show(node.lastElementChild, unread > 0);
  setAttribute(node, "aria-pressed", String(chosen));
}

function renderOthers(live, others) {
  const { picture } = live;
  const select = byId("earlier");
  show(byId("earlier-rooms"), others.length > 0);
  const label = (channel) => {
    const unread = live.unread.get(channel) ?? 0;
    const known = picture.readable.find((readable) => readable.room === channel);
    const round = known === undefined || openRoom(picture, channel) !== null ? "" : `, round ${known.round}`;
    return `${channelName(picture, channel)}${round}${unread > 0 ? ` (${unread} new)` : ""}`;
  };
  setOptions(select, [["", "Others…"], ...others.map((channel) => [channel, label(channel)])]);
  select.value = others.includes(live.channel) ? live.channel : "";
}
