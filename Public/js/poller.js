import { Backoff } from "./backoff.js";
import { browser } from "./browser.js";
import { HoldSlots } from "./hold-slots.js";
import { isNewer, newest } from "./ids.js";
import { Pause } from "./pause.js";
import { NoAnswer, ask } from "./server.js";
import { Tabs } from "./tabs.js";

const ANSWER_GRACE_MS = 10_000;
const WITHOUT_SLOT_PAUSE_MS = 2_000;

/**
 * Follows a room, and never gives up but where the application itself says there is no more.
 *
 * Of the tabs that one browser has of the room one holds a request, the newest; the others take what it passes on. Each
 * has its own cursor, the number up to which it knows all that is new in the room: one that hears of news beyond the next
 * asks for what is between, so nothing is lost when another tab takes over.
 */
export class Poller {
  #url;
  #viewerId;
  #cursor;
  #heard;
  #holdSeconds;
  #listener;
  #tabs;
  #slots;
  #backoff;
  #pause;
  #world;
  #round = null;
  #isWoken = false;
  /** Why there is no connection; null when there is one. */
  #trouble = null;
  #isEnded = false;

  /** `listener` has `news(html, members)`, `lost(trouble)`, `found()` and `ended(ending)`. */
  constructor({ roomId, viewerId, cursor, holdSeconds }, listener, world = browser) {
    this.#url = `/room/${roomId}/messages`;
    this.#viewerId = viewerId;
    this.#cursor = cursor;
    this.#heard = cursor;
    this.#holdSeconds = Number(holdSeconds);
    this.#listener = listener;
    this.#world = world;
    this.#slots = new HoldSlots(world);
    this.#backoff = new Backoff(world);
    this.#pause = new Pause(world);
    const listening = { heard: (message) => this.#hear(message), needed: () => this.#lead() };
    // Longer than it takes until a request that is held is answered or given up.
    const silenceMs = this.#holdSeconds * 1000 + 2 * ANSWER_GRACE_MS;
    this.#tabs = new Tabs(viewerId, roomId, silenceMs, listening, world);
  }

  async run() {
    if (this.#world.isHidden()) this.#tabs.seek();
    else this.#tabs.claim(this.#cursor);
    while (!this.#isEnded) {
      this.#isWoken = false;
      this.#round = new AbortController();
      const isBehind = isNewer(this.#heard, this.#cursor);
      const pause = this.#tabs.leads || isBehind ? await this.#ask() : Infinity;
      if (pause > 0 && !this.#isWoken && !this.#isEnded) await this.#pause.for(pause);
    }
  }

  /** Asks again at once: what is held may hang on a connection that died unseen. The tab that is seen leads. */
  wake() {
    if (this.#isEnded) return;
    if (!this.#world.isHidden()) this.#lead();
    else if (!this.#tabs.hasLeader) this.#tabs.seek();
    else if (this.#tabs.leads) this.#stir();
  }

  /** Lets another tab lead while this one may not run. */
  rest() {
    this.#tabs.leave();
    this.#stir();
  }

  stop() {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#tabs.close();
    this.#stir();
  }

  #lead() {
    this.#tabs.claim(this.#cursor);
    this.#stir();
  }

  /** Ends what is under way, to begin anew. */
  #stir() {
    this.#isWoken = true;
    this.#round?.abort();
    this.#pause.end();
  }

  /** What the leading tab tells. */
  #hear({ kind, after, cursor, members, html, trouble, ending }) {
    if (kind === "lost") return this.#lose(trouble);
    if (kind === "ended") return this.#end(ending);
    this.#heard = newest(this.#heard, cursor);
    if (kind === "news" && !isNewer(after, this.#cursor)) this.#take(cursor, members, html);
    else this.#stir();
  }

  /** One request; the answer is how long to pause after it, in milliseconds. */
  async #ask() {
    const after = this.#cursor;
    try {
      const { answer, held } = await this.#fetch(after);
      if (this.#isEnded) return 0;
      if (answer.ending) return this.#end(answer.ending);
      const cursor = answer.field("Obrolan-Cursor");
      if (!answer.isOk || cursor === null) return this.#fail(answer);
      const recovered = this.#trouble !== null;
      const members = answer.field("Obrolan-Members");
      this.#backoff.succeeded();
      this.#take(cursor, members, answer.text);
      this.#tabs.tell({ kind: "news", after, cursor, members, html: answer.text });
      const hasMore = answer.field("Obrolan-Has-More") === "true";
      const caughtUp = !this.#tabs.leads && cursor !== after;
      return held || recovered || hasMore || caughtUp ? 0 : WITHOUT_SLOT_PAUSE_MS;
    } catch (error) {
      if (this.#isWoken || this.#isEnded) return 0;
      if (error instanceof NoAnswer) return this.#fail(error);
      console.error(error);
      return this.#fail({ trouble: "unavailable", retryAfterMs: 0 });
    }
  }

  #fetch(after) {
    return this.#tabs.leads ? this.#slots.use((mayHold) => this.#get(after, mayHold)) : this.#get(after, false);
  }

  async #get(after, mayHold) {
    // After a failure the first answer shall come at once, to say that the connection is back.
    const wait = mayHold && this.#trouble === null ? this.#holdSeconds : 0;
    const question = {
      viewerId: this.#viewerId,
      accept: "text/html",
      query: { after, wait },
      limitMs: wait * 1000 + ANSWER_GRACE_MS,
      controller: this.#round,
    };
    return { answer: await ask(this.#url, question, this.#world), held: wait > 0 };
  }

  #take(cursor, members, html) {
    if (this.#trouble !== null) this.#listener.found();
    this.#trouble = null;
    this.#listener.news(html, members);
    this.#cursor = newest(this.#cursor, cursor);
  }

  #lose(trouble) {
    if (this.#trouble !== trouble) this.#listener.lost(trouble);
    this.#trouble = trouble;
  }

  /** `trouble` says what kind of failure it was, `retryAfterMs` how long the other side wants to be left alone. */
  #fail({ trouble, retryAfterMs }) {
    this.#lose(trouble);
    const pauseMs = this.#backoff.failed(retryAfterMs);
    this.#tabs.tell({ kind: "lost", trouble, pauseMs });
    return pauseMs;
  }

  #end(ending) {
    this.#tabs.tell({ kind: "ended", ending });
    this.stop();
    this.#listener.ended(ending);
    return 0;
  }
}
