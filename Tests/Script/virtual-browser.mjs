import { Chance } from "./chance.mjs";
import { Storage } from "./storage.mjs";

/** Time that passes when a test says so. */
class VirtualTime {
  now = 1_000_000;
  #timers = new Map();
  #count = 0;

  setTimer(action, milliseconds) {
    this.#count += 1;
    this.#timers.set(this.#count, { action, at: this.now + milliseconds });
    return this.#count;
  }

  clearTimer(timer) {
    this.#timers.delete(timer);
  }

  /** How many timers are set. */
  get pending() {
    return this.#timers.size;
  }

  /** Lets so many milliseconds pass, and all that is due meanwhile be done, with all that follows from it at once. */
  async pass(milliseconds) {
    const end = this.now + milliseconds;
    await settled();
    for (;;) {
      const [timer, next] = [...this.#timers].sort(([, one], [, other]) => one.at - other.at)[0] ?? [];
      if (next === undefined || next.at > end) break;
      this.now = Math.max(this.now, next.at);
      this.#timers.delete(timer);
      next.action();
      await settled();
    }
    this.now = end;
  }
}

/** All that follows at once from what was done: promises' reactions come before what the event loop does next. */
export function settled() {
  return new Promise((resolve) => setImmediate(resolve));
}

function givenUp() {
  return new DOMException("given up", "AbortError");
}

/** Web Locks, of all tabs. */
class Locks {
  #held = new Map();

  async request(name, { ifAvailable = false, signal = null }, action) {
    const aborted = new Promise((_, reject) => signal?.addEventListener("abort", () => reject(givenUp())));
    // Who has the lock does not care.
    aborted.catch(() => {});
    while (this.#held.has(name)) {
      if (ifAvailable) return action(null);
      await Promise.race([this.#held.get(name), aborted]);
    }
    let free;
    this.#held.set(name, new Promise((resolve) => (free = resolve)));
    try {
      return await action({ name });
    } finally {
      this.#held.delete(name);
      free();
    }
  }
}

/**
 * A browser with tabs, in virtual time: `tab()` gives what `browser.js` gives to the modules of one. What is asked is
 * in `requests`, and answered when a test says so.
 */
export class VirtualBrowser {
  time = new VirtualTime();
  requests = [];
  /** What tabs have told each other, each with its `kind`. */
  told = [];
  #chance;
  #channels = new Map();
  #storage = new Storage();
  #locks;

  /** `fraction` is what chance always gives; without it it is by that seed. */
  constructor({ seed = 1, fraction = null, hasLocks = true, hasChannels = true } = {}) {
    this.#chance = new Chance(seed);
    this.random = () => fraction ?? this.#chance.fraction();
    this.#locks = hasLocks ? new Locks() : null;
    this.hasChannels = hasChannels;
  }

  tab() {
    const tab = {
      hidden: false,
      /** Has it crash: nothing of it runs any more, and nobody is told. */
      isDead: false,
      now: () => this.time.now,
      random: () => this.random(),
      newUUID: () => this.#chance.uuid(),
      setTimer: (action, milliseconds) => this.time.setTimer(() => tab.isDead || action(), milliseconds),
      clearTimer: (timer) => this.time.clearTimer(timer),
      isHidden: () => tab.hidden,
      storage: () => this.#storage,
      locks: () => this.#locks,
      openChannel: (name) => (this.hasChannels ? this.#open(tab, name) : null),
      fetch: (target, options) => this.#fetch(tab, target, options),
      whenStored: (action) => (tab.stored = action),
      beforeLeaving: (isNeeded) => (tab.asksBeforeLeaving = isNeeded),
    };
    return tab;
  }

  pass(milliseconds) {
    return this.time.pass(milliseconds);
  }

  /** What this tab holds or asks at the moment; of all tabs without one. */
  asked(tab = null) {
    return this.requests.filter((request) => !request.isDone && (tab === null || request.tab === tab));
  }

  #open(tab, name) {
    const others = this.#channels.get(name) ?? new Set();
    this.#channels.set(name, others);
    const channel = {
      addEventListener: (_, listener) => (channel.listener = listener),
      postMessage: (data) => {
        this.told.push(data);
        for (const other of others) {
          if (other !== channel) this.time.setTimer(() => other.hear(data), 1);
        }
      },
      close: () => others.delete(channel),
      hear: (data) => others.has(channel) && !tab.isDead && channel.listener({ data }),
    };
    others.add(channel);
    return channel;
  }

  #fetch(tab, target, { signal, body = [], redirect, cache }) {
    const { pathname, searchParams } = new URL(target, "http://localhost");
    return new Promise((resolve, reject) => {
      const [query, form] = [Object.fromEntries(searchParams), Object.fromEntries(body)];
      const request = { tab, path: pathname, query, form, redirect, cache, at: this.time.now, isDone: false };
      const end = (action) => (value) => {
        if (!request.isDone && !tab.isDead) action(value);
        request.isDone = true;
      };
      request.fail = end(() => reject(new TypeError("no network")));
      request.answer = end(({ status = 200, text = "", fields = {}, isForeign = false } = {}) => {
        const headers = new Headers({ ...(isForeign ? {} : { Obrolan: "1" }), ...fields });
        resolve({ ok: status === 200, status, headers, text: async () => text });
      });
      signal.addEventListener("abort", end(() => reject(givenUp())));
      if (signal.aborted) return reject(givenUp());
      this.requests.push(request);
    });
  }
}
