// The join link: `/#session=…&ticket=…`. The ticket is a key, so it goes to sessionStorage at once and leaves the
// address bar, the history and every screenshot. A second tab needs its own link.
import { keep, kept } from "./storage.js";

/** The link in the address bar, else the one this tab was opened with; null without either. */
export function takeLink() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const session = fragment.get("session");
  const ticket = fragment.get("ticket");
  if (ticket !== null) history.replaceState(null, "", location.pathname + location.search);
  if (session && ticket) {
    const before = kept("link");
    if (before?.session !== session || before?.ticket !== ticket) keep("joined", null);
    keep("link", { session, ticket });
  }
  const link = kept("link");
  return link?.session && link?.ticket ? link : null;
}

/** What the ticket says about its bearer, unverified: only for greeting; the server checks the real thing. */
export function readTicket(ticket) {
  try {
    const base64 = ticket.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes));
    return claims !== null && typeof claims === "object" ? claims : {};
  } catch {
    return {};
  }
}
