import { ask } from "./server.js";
import { localiseBriefTimes } from "./times.js";

const wide = matchMedia("(min-width: 900px)");
const REFRESH_MS = 60_000;
const AFTER_NEWS_MS = 1_500;

/** My rooms beside the room, where the window is wide: the list of the page /my-rooms. */
export class SideRooms {
  #place;
  #roomId;
  #viewerId;
  #source = "";
  #timer = null;
  #isStopped = false;

  constructor(place, { roomId, viewerId }) {
    this.#place = place;
    this.#roomId = roomId;
    this.#viewerId = viewerId;
    wide.addEventListener("change", () => this.refresh());
    document.addEventListener("visibilitychange", () => this.refresh());
    this.refresh();
  }

  /** Something was said here, or may have been, so the list is old; several calls in a row count once. */
  refreshSoon() {
    this.#schedule(AFTER_NEWS_MS);
  }

  /** The list would be that of somebody else, or of nobody. */
  stop() {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async refresh() {
    if (this.#isStopped) return;
    this.#schedule(REFRESH_MS);
    if (!wide.matches || document.hidden) return;
    try {
      const answer = await ask("/my-rooms", { viewerId: this.#viewerId, accept: "text/html" });
      if (!answer.isOk) throw new TypeError(`status ${answer.status}`);
      if (this.#isStopped) return;
      this.#show(new DOMParser().parseFromString(answer.text, "text/html").querySelector(".rooms"));
    } catch {
      // An old list is better than none; only an empty place needs words.
      if (this.#source === "") this.#place.firstElementChild.textContent = "Daftar ruang gagal dimuat.";
    }
  }

  #schedule(milliseconds) {
    if (this.#isStopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.refresh(), milliseconds);
  }

  #show(list) {
    if (!list || list.outerHTML === this.#source) return;
    this.#source = list.outerHTML;
    localiseBriefTimes(list);
    list.querySelector(`[data-room-id="${this.#roomId}"]`)?.setAttribute("aria-current", "page");
    const focused = this.#place.querySelector(":focus")?.dataset.roomId;
    this.#place.replaceChildren(list);
    if (focused) this.#place.querySelector(`[data-room-id="${focused}"]`)?.focus({ preventScroll: true });
  }
}
