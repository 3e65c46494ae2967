// The signs that can be put on a message, and what they are called.

/** "Same here" is told as a number without names; the others show whose they are. */
export const offered = ["same", "👍", "❤️", "😄", "🎉", "🙏"];

const names = {
  same: "Same here",
  "👍": "Thumbs up",
  "❤️": "Heart",
  "😄": "Laughing",
  "🎉": "Hooray",
  "🙏": "Thank you",
};

/** What a sign is called; one that this page does not offer is called by itself. */
export const emojiName = (emoji) => (Object.hasOwn(names, emoji) ? names[emoji] : emoji);
