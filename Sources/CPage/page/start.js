// The first file that runs: fetches all others. On a poor line, or when a whole school opens its links in one second,
// one of them may not arrive; without it nothing works, so the page is loaded again a little later.
const name = "plenary.loads";
const tries = 5;
const longestWait = 6000;

try {
  const { takeLink } = await import("/link.js");
  takeLink(); // out of the address bar first, whatever becomes of the rest
  await import("/app.js");
  remember(0);
} catch (error) {
  const before = remembered();
  remember(before + 1);
  const again = before < tries;
  document.getElementById("loading").textContent = again
    ? "A part of this page did not arrive. Trying again…"
    : "This page could not be loaded. Reload it, or try it with a newer browser.";
  if (again) setTimeout(() => location.reload(), 1000 + Math.random() * longestWait);
  throw error;
}

function remembered() {
  try {
    return Number(sessionStorage.getItem(name) ?? 0);
  } catch {
    return tries; // without storage there is no counting, and a page that reloads for ever is worse
  }
}

function remember(count) {
  try {
    if (count === 0) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, String(count));
  } catch {
    // see above
  }
}
