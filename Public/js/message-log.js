import { isOnlyEmoji } from "./emoji.js";
import { isNewer } from "./ids.js";
import { dayLabel, localiseDay, localiseTime } from "./times.js";

/** The stored messages of a room, as the server rendered them, each once, in order of id. */
export class MessageLog {
  #list;
  #region;
  #groupMs;
  /** What each message was like before its times were put into the reader's words. */
  #sources = new WeakMap();

  /** Messages of one sender are a group when less than `groupMs` lies between them. */
  constructor(list, groupMs) {
    this.#list = list;
    this.#groupMs = groupMs;
    this.#region = list.closest('[role="log"]');
    for (const message of this.messages) this.#remember(message);
    this.#decorate(this.messages);
  }

  get messages() {
    return [...this.#list.querySelectorAll(".message")];
  }

  get firstId() {
    return this.#list.querySelector(".message")?.dataset.id;
  }

  get last() {
    return this.messages.at(-1);
  }

  #find(id) {
    return this.#list.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  /** Whether one's own message is here that was sent under this id. */
  hasOwn(clientId) {
    return this.#list.querySelector(`[data-client-id="${CSS.escape(clientId)}"]`) !== null;
  }

  /** Whether the message is here, or would be among those before the first. */
  covers(id) {
    return this.last !== undefined && !isNewer(id, this.last.dataset.id);
  }

  /**
   * Takes in what is new: newer messages come at the end, and those that have changed to their places. Returns those that
   * were not there yet; what has changed before the first that is here is not needed.
   */
  merge(html) {
    const messages = this.#parse(html);
    for (const message of messages) {
      const former = this.#find(message.dataset.id);
      if (!former || this.#sources.get(former) === this.#sources.get(message)) continue;
      former.replaceWith(message);
      this.#decorate([message]);
    }
    const fresh = messages.filter((message) => !this.covers(message.dataset.id));
    this.#list.append(...fresh);
    this.#decorate(fresh);
    for (const day of this.#list.querySelectorAll(".day time")) localiseDay(day);
    return fresh;
  }

  /** Adds older messages at the beginning, without having them read aloud. */
  prepend(html) {
    const seam = this.#list.querySelector(".message");
    const older = this.#parse(html).filter((message) => !this.#find(message.dataset.id));
    this.#region.setAttribute("aria-live", "off");
    this.#list.prepend(...older);
    this.#decorate(seam ? [...older, seam] : older);
    setTimeout(() => this.#region.setAttribute("aria-live", "polite"));
    return older;
  }

  /** Puts the line "pesan baru" before a message, and takes it away from where it was. */
  markUnread(message) {
    this.clearUnread();
    const line = document.createElement("li");
    line.className = "unread";
    line.textContent = "pesan baru";
    message.before(line);
    this.#decorate([message]);
  }

  clearUnread() {
    const line = this.#list.querySelector(".unread");
    const following = line?.nextElementSibling;
    line?.remove();
    if (following?.matches(".message")) this.#decorate([following]);
  }

  /** Whether a message of this sender at this moment would continue the group at the end. */
  continues(senderId, date) {
    return this.#belongTogether(this.last, senderId, date);
  }

  #parse(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    /** @type {NodeListOf<HTMLElement>} */
    const messages = template.content.querySelectorAll(".message[data-id]");
    for (const message of messages) this.#remember(message);
    return [...messages];
  }

  #remember(message) {
    this.#sources.set(message, message.querySelector(".bubble").innerHTML);
  }

  #decorate(messages) {
    for (const message of messages) {
      const time = message.querySelector("time");
      localiseTime(time);
      message.classList.toggle("emoji", isOnlyEmoji(message.querySelector(".content").textContent));
      this.#separate(message, time);
    }
  }

  /** Draws the date line before a message, or groups it with the one before. */
  #separate(message, time) {
    let before = message.previousElementSibling;
    const line = before?.matches(".unread") ? before : message;
    before = line.previousElementSibling;
    if (before?.matches(".day")) {
      const obsolete = before;
      before = before.previousElementSibling;
      obsolete.remove();
    }
    const date = new Date(time.dateTime);
    const previous = before?.matches(".message") ? new Date(before.querySelector("time").dateTime) : null;
    const newDay = previous === null || dayLabel(previous) !== dayLabel(date);
    if (newDay) line.before(makeDayLine(time.dateTime));
    const grouped = !newDay && line === message && this.#belongTogether(before, message.dataset.senderId, date);
    message.classList.toggle("grouped", grouped);
  }

  #belongTogether(previous, senderId, date) {
    if (!previous || previous.dataset.senderId !== senderId || senderId === "0") return false;
    return date.getTime() - Date.parse(previous.querySelector("time").dateTime) < this.#groupMs;
  }
}

function makeDayLine(iso) {
  const line = document.createElement("li");
  line.className = "day";
  const time = document.createElement("time");
  time.dateTime = iso;
  localiseDay(time);
  line.append(time);
  return line;
}
