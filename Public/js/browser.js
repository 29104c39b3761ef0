import { newUUID } from "./uuid.js";

/**
 * What the modules that have states ask of the browser, in one place: a test gives them another one, in which time
 * passes as it says.
 */
export const browser = {
  /** Milliseconds since 1970. */
  now: () => Date.now(),
  /** By chance, from 0 to 1, without 1. */
  random: () => Math.random(),
  newUUID: () => newUUID(),
  /** Calls `action` after so many milliseconds, unless `clearTimer` is called before with what this returns. */
  setTimer: (action, milliseconds) => setTimeout(action, milliseconds),
  clearTimer: (timer) => clearTimeout(timer),
  isHidden: () => document.hidden,
  /** Throws where it is forbidden. */
  storage: () => localStorage,
  /** Null outside of secure contexts. */
  locks: () => navigator.locks ?? null,
  /** To the other tabs; null where there is none. */
  openChannel: (name) => ("BroadcastChannel" in globalThis ? new BroadcastChannel(name) : null),
  fetch: (target, options) => fetch(target, options),
  /** Calls `action` with the key when another tab has changed what is stored; with null when it may be any. */
  whenStored: (action) => addEventListener("storage", ({ key }) => action(key)),
  /** Has the reader asked before the page is left, whenever `isNeeded()` then. */
  beforeLeaving: (isNeeded) => addEventListener("beforeunload", (event) => isNeeded() && event.preventDefault()),
};
