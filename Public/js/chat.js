import { Composer } from "./composer.js";
import { ConnectionLine } from "./connection-line.js";
import { Draft } from "./draft.js";
import { MessageChanges } from "./message-changes.js";
import { MessageLog } from "./message-log.js";
import { MessageMenu } from "./message-menu.js";
import { OlderMessages } from "./older-messages.js";
import { Outbox } from "./outbox.js";
import { OutboxList } from "./outbox-list.js";
import { Poller } from "./poller.js";
import { Quotes } from "./quotes.js";
import { Reading } from "./reading.js";
import { SideRooms } from "./side-rooms.js";
import { wireCopyButtons } from "./copy.js";
import { followKeyboard } from "./keyboard.js";
import { whenLeft, whenWoken } from "./waking.js";

/** The room page: wires its parts to each other. */
class Room {
  #viewerId;
  #facts;
  #empty;
  #connection;
  #log;
  #reading;
  #composer;
  #menu;
  #editMs;
  #outbox;
  #poller;
  #side;
  #isEnded = false;

  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    const { roomId, viewerId, maxContent, groupMs, editMs } = root.dataset;
    this.#viewerId = viewerId;
    this.#editMs = Number(editMs);
    this.#facts = find(".room-facts a");
    this.#empty = find(".empty");
    this.#connection = new ConnectionLine(find(".connection"));
    this.#log = new MessageLog(find(".messages"), Number(groupMs));
    this.#reading = new Reading(find(".log-scroller"), find(".to-end"), this.#log);
    const draft = new Draft(viewerId, roomId);
    const changes = new MessageChanges(root.dataset, (ending) => this.#end(ending));
    this.#composer = new Composer(find(".composer"), Number(maxContent), draft, {
      sent: (content, replyTo) => this.#outbox.send(content, replyTo),
      edited: (id, content) => changes.edit(id, content),
      lastOwn: () => this.#lastOwn(),
    });
    this.#menu = new MessageMenu(document.querySelector(".menu"), find(".messages"), {
      isOwn: (message) => this.#isOwn(message),
      canEdit: (message) => this.#canEdit(message),
      replied: (message) => this.#composer.reply(read(message)),
      edited: (message) => this.#composer.edit(read(message)),
      deleted: (message) => changes.delete(message.dataset.id),
    });
    new Quotes(find(".messages"), this.#log);
    const pending = new OutboxList(find(".outbox"), document.getElementById("pending"), {
      continues: (date) => this.#log.continues(viewerId, date),
      retried: (key) => this.#outbox.retry(key),
      discarded: (key) => this.#outbox.discard(key),
    });
    this.#outbox = new Outbox(pending, root.dataset, {
      isInLog: ({ clientId, storedId }) =>
        this.#log.hasOwn(clientId) || (storedId !== null && this.#log.covers(storedId)),
      added: () => this.#wrote(),
      rejected: (content, reason) => this.#composer.giveBack(content, reason),
      failed: (trouble) => this.#connection.troubleSending(trouble),
      delivered: () => this.#connection.troubleSending(null),
      ended: (ending) => this.#end(ending),
    });
    this.#poller = new Poller(root.dataset, {
      news: (html, members) => this.#receive(html, members),
      lost: (trouble) => this.#connection.lost(trouble),
      found: () => this.#found(),
      ended: (ending) => this.#end(ending),
    });
    const older = find(".older a");
    if (older) new OlderMessages(older, root.dataset, find(".log-scroller"), this.#log, this.#reading);
    this.#side = new SideRooms(document.querySelector(".side-rooms"), root.dataset);
  }

  start() {
    whenWoken(() => {
      this.#poller.wake();
      this.#outbox.wake();
    });
    whenLeft(() => this.#poller.rest());
    this.#outbox.start();
    this.#poller.run();
  }

  #receive(html, members) {
    // "… | Members: 5": the number at the end of the line.
    if (members) this.#facts.textContent = this.#facts.textContent.replace(/\d+$/, members);
    const wasAtEnd = this.#reading.atEnd;
    let fresh = [];
    this.#reading.keepPlace(() => {
      fresh = this.#log.merge(html, (id) => this.#composer.forget(id));
      this.#outbox.settle();
      if (fresh.length > 0) this.#empty?.remove();
    });
    if (fresh.length === 0) return;
    this.#reading.received(fresh.filter((message) => !this.#isOwn(message)), wasAtEnd);
    this.#side.refreshSoon();
  }

  #found() {
    this.#connection.found();
    this.#outbox.wake();
    this.#side.refreshSoon();
  }

  #isOwn(message) {
    return message.dataset.senderId === this.#viewerId;
  }

  /** As far as the reader's clock tells; the server has the last word. */
  #canEdit(message) {
    if (!this.#isOwn(message) || message.matches(".deleted")) return false;
    return Date.now() - Date.parse(message.querySelector("time").dateTime) < this.#editMs;
  }

  #lastOwn() {
    const message = this.#log.messages.reverse().find((each) => this.#canEdit(each));
    return message ? read(message) : null;
  }

  #wrote() {
    this.#empty?.remove();
    this.#log.clearUnread();
    this.#reading.toEnd();
  }

  #end(ending) {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#poller.stop();
    this.#outbox.end(ending);
    this.#composer.close();
    this.#menu.close();
    this.#side.stop();
    this.#connection.ended(ending);
  }
}

/** What a message says, and who has said it. */
function read(message) {
  const text = (selector) => message.querySelector(selector).textContent;
  return { id: message.dataset.id, sender: text(".sender"), content: text(".content") };
}

wireCopyButtons(document);
followKeyboard();
new Room(document.querySelector("main")).start();
