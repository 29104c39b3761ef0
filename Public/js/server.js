import { browser } from "./browser.js";

/** The field by which the application marks every answer of its own; a proxy's or a captive portal's has none. */
const MARK = "Obrolan";
const ANSWER_LIMIT_MS = 20_000;
const LONGEST_PAUSE_MS = 60_000;
/** After these there is no more for this page; by status for answers other than problem documents with a `code`. */
const ENDINGS = new Map([
  [401, "not_logged_in"],
  [403, "not_a_member"],
  [404, "no_such_room"],
  [409, "other_viewer"],
]);

/** There is no answer of the application's: none at all (`trouble` is "lost"), or somebody else's ("foreign"). */
export class NoAnswer extends Error {
  constructor(trouble, reason, retryAfterMs = 0) {
    super(`${trouble}: ${reason}`);
    this.trouble = trouble;
    this.retryAfterMs = retryAfterMs;
  }
}

/** An answer of the application. */
class Answer {
  #fields;
  #problem;

  constructor(response, text) {
    this.isOk = response.ok;
    this.status = response.status;
    this.text = text;
    this.retryAfterMs = retryAfterMs(response);
    this.#fields = response.headers;
    this.#problem = problemFrom(response, text);
  }

  field(name) {
    return this.#fields.get(name);
  }

  /** Why it was refused, in words for the reader; null where none are given. */
  get detail() {
    return this.#problem?.detail ?? null;
  }

  /** One of `ENDINGS` when there is no more for this page, else null. */
  get ending() {
    const { code } = this;
    return [...ENDINGS.values()].includes(code) ? code : null;
  }

  /** What to say of a refusal that passes: "cross_site", "busy" or "unavailable". */
  get trouble() {
    const { code } = this;
    if (this.status === 429) return "busy";
    return code === "cross_site" || code === "busy" ? code : "unavailable";
  }

  get code() {
    if (this.isOk) return null;
    return this.#problem ? (this.#problem.code ?? null) : (ENDINGS.get(this.status) ?? null);
  }
}

/**
 * Asks the application: the one way in which the page does. Every request says for whom the page was made, as `viewer`.
 *
 * With a `form` it is sent by POST; `query` goes into the target. It is given up after `limitMs`, or when `controller`
 * aborts. Throws `NoAnswer` when what comes is not the application's, whatever its status says.
 */
export async function ask(
  path,
  { viewerId, accept, query = {}, form = null, limitMs = ANSWER_LIMIT_MS, controller = new AbortController() },
  world = browser,
) {
  const timer = world.setTimer(() => controller.abort(), limitMs);
  const options = {
    headers: { Accept: accept },
    cache: "no-store",
    // The application sends a script nowhere else.
    redirect: "error",
    signal: controller.signal,
  };
  const target = form ? path : `${path}?${new URLSearchParams({ ...query, viewer: viewerId })}`;
  if (form) Object.assign(options, { method: "POST", body: new URLSearchParams({ ...form, viewer: viewerId }) });
  try {
    const response = await world.fetch(target, options);
    if (!response.headers.has(MARK)) throw new NoAnswer("foreign", response.status, retryAfterMs(response));
    return new Answer(response, await response.text());
  } catch (error) {
    if (error instanceof TypeError || error?.name === "AbortError") throw new NoAnswer("lost", error.message);
    throw error;
  } finally {
    world.clearTimer(timer);
  }
}

function problemFrom(response, text) {
  if (!(response.headers.get("Content-Type") ?? "").startsWith("application/problem+json")) return null;
  try {
    return Object(JSON.parse(text));
  } catch {
    // Not the document it should be: the status alone says that it was refused.
    return null;
  }
}

/**
 * What the answer asks to wait, in milliseconds, a minute at most: `Retry-After` is seconds or a date (RFC 9110,
 * section 10.2.3), which is held against the answer's own `Date`, for the reader's clock may be wrong.
 */
function retryAfterMs({ headers }) {
  const value = headers.get("Retry-After")?.trim() ?? "";
  const milliseconds = /^\d+$/.test(value)
    ? Number(value) * 1000
    : Date.parse(value) - Date.parse(headers.get("Date") ?? "");
  return Number.isNaN(milliseconds) ? 0 : Math.min(Math.max(0, milliseconds), LONGEST_PAUSE_MS);
}
