import { isOnlyEmoji } from "./emoji.js";
import { isNewer } from "./ids.js";
import { dayLabel, localiseDay, localiseTime } from "./times.js";

/** Code points, as the server quotes. */
const QUOTED_LENGTH = 100;

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

  /** The message with that id; null when it is not here. */
  find(id) {
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
   * were not there yet; what has changed before the first that is here is not needed. `onDeleted(id)` is told of those that
   * are traces now.
   */
  merge(html, onDeleted) {
    const messages = this.#parse(html);
    for (const message of messages) {
      this.#requote(message);
      if (message.matches(".deleted")) onDeleted(message.dataset.id);
      const former = this.find(message.dataset.id);
      if (!former || this.#sources.get(former) === this.#sources.get(message)) continue;
      const hadFocus = former.contains(document.activeElement);
      former.replaceWith(message);
      const next = message.nextElementSibling;
      // The name that was above a trace is wanted below it.
      this.#decorate(next?.matches(".message") ? [message, next] : [message]);
      if (hadFocus) (message.querySelector(".more") ?? this.#list.closest("[tabindex]")).focus({ preventScroll: true });
    }
    const fresh = messages.filter((message) => !this.covers(message.dataset.id));
    this.#list.append(...fresh);
    this.#decorate(fresh);
    for (const day of this.#list.querySelectorAll(".day time")) localiseDay(day);
    return fresh;
  }

  /** Replies show what they answer as it is now: they are not sent again for that. */
  #requote(message) {
    const quotes = this.#list.querySelectorAll(`[data-quoted="${CSS.escape(message.dataset.id)}"]`);
    if (quotes.length === 0) return;
    const words = firstCodePoints(message.querySelector(".content").textContent, QUOTED_LENGTH);
    for (const quote of quotes) quote.querySelector(".quote-content").textContent = words;
  }

  /** Adds older messages at the beginning, without having them read aloud. */
  prepend(html) {
    const seam = this.#list.querySelector(".message");
    const older = this.#parse(html).filter((message) => !this.find(message.dataset.id));
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
    const canFollow = !newDay && line === message && !message.matches(".deleted");
    const grouped = canFollow && this.#belongTogether(before, message.dataset.senderId, date);
    message.classList.toggle("grouped", grouped);
  }

  #belongTogether(previous, senderId, date) {
    if (!previous || previous.dataset.senderId !== senderId || senderId === "0") return false;
    if (previous.matches(".deleted")) return false;
    return date.getTime() - Date.parse(previous.querySelector("time").dateTime) < this.#groupMs;
  }
}

function firstCodePoints(text, count) {
  let words = "";
  for (const character of text) {
    if (count === 0) break;
    words += character;
    count -= 1;
  }
  return words;
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
