// sessionStorage as JSON values; a browser that forbids it (private modes do) gets plain memory instead.
const memory = new Map();
const prefix = "plenary.";

/** Keeps `value` under `name` for this tab; null forgets it. */
export function keep(name, value) {
  if (value === null) memory.delete(name);
  else memory.set(name, value);
  try {
    if (value === null) sessionStorage.removeItem(prefix + name);
    else sessionStorage.setItem(prefix + name, JSON.stringify(value));
  } catch {
    // forbidden or full: memory has it until the tab is reloaded
  }
}

/** What was kept under `name`, or null. */
export function kept(name) {
  try {
    const text = sessionStorage.getItem(prefix + name);
    if (text !== null) return JSON.parse(text);
  } catch {
    // forbidden or not ours
  }
  return memory.get(name) ?? null;
}
