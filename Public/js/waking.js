const TICK_MS = 5_000;
const LATE_MS = 5_000;
// The timers of a hidden tab go off once a minute at times.
const LATE_HIDDEN_MS = 90_000;

/**
 * Calls `action` when what is held or paused may be out of date: the network went or came, the tab was brought to the
 * front, the page came back from the browser's cache, or the machine from sleep, in which connections die unseen.
 */
export function whenWoken(action) {
  addEventListener("online", action);
  // What is held then hangs; asking anew fails at once and says so.
  addEventListener("offline", action);
  addEventListener("pageshow", (event) => event.persisted && action());
  document.addEventListener("visibilitychange", () => document.hidden || action());
  // Of a page that the browser had frozen (Page Lifecycle).
  document.addEventListener("resume", action);

  let due = Date.now() + TICK_MS;
  setInterval(() => {
    const late = Date.now() - due;
    due = Date.now() + TICK_MS;
    if (late > (document.hidden ? LATE_HIDDEN_MS : LATE_MS)) action();
  }, TICK_MS);
}

/** Calls `action` when the page may not run on: it is left, or frozen. */
export function whenLeft(action) {
  addEventListener("pagehide", action);
  document.addEventListener("freeze", action);
}
