// The server's time. Deadlines are absolute times of the server, so what is left is counted by its clock, not by this
// device's, which may be minutes off.

/** Estimates the server's clock from the times in its messages. */
export class ServerClock {
  #local;
  #offset = null;

  /** `local` gives milliseconds that never jump: the device's wall clock may be set while a session runs. */
  constructor(local = () => performance.now()) {
    this.#local = local;
  }

  /** A fresh start (a join): forgets older estimates, which a sleeping device may have made wrong. */
  reset(serverNow) {
    this.#offset = serverNow - this.#local();
  }

  /** A time the server just sent. It was underway for a while, so it is never ahead: the highest estimate is best. */
  hear(serverNow) {
    const offset = serverNow - this.#local();
    if (this.#offset === null || offset > this.#offset) this.#offset = offset;
  }

  /** An answer to `time.sync` asked at `askedAt` (of `local`): the middle of the round trip is the best guess. */
  measure(serverNow, askedAt) {
    const answeredAt = this.#local();
    this.#offset = serverNow - (askedAt + answeredAt) / 2;
  }

  /** This device's steady milliseconds, to be handed back to `measure`. */
  local() {
    return this.#local();
  }

  /** Milliseconds since 1970 as the server counts them. */
  now() {
    return this.#offset === null ? Date.now() : this.#local() + this.#offset;
  }
}

/** "2:05", "1:00:00"; what is over is "0:00". Rounded up, so that a countdown starts with its whole length. */
export function duration(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** How long something has lasted: "just now", "4 min", "2 h". */
export function since(milliseconds) {
  const minutes = Math.floor(milliseconds / 60_000);
  if (milliseconds < 10_000) return "just now";
  if (minutes < 1) return `${Math.floor(milliseconds / 10_000) * 10} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}
