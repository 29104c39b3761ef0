const NEAR_END_PX = 48;

/** Where the reader is in the log, and what came that was not seen yet. */
export class Reading {
  #scroller;
  #button;
  #log;
  #title = document.title;
  #unread = 0;
  #following = true;

  constructor(scroller, button, log) {
    this.#scroller = scroller;
    this.#button = button;
    this.#log = log;
    // Until here the scroller was a reversed one, which starts at its end without a script.
    scroller.classList.add("forward");
    scroller.scrollTop = scroller.scrollHeight;
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    const resized = new ResizeObserver(() => this.#following && this.toEnd());
    resized.observe(scroller);
    resized.observe(scroller.firstElementChild);
    document.addEventListener("visibilitychange", () => this.#update());
    button.addEventListener("click", () => {
      this.toEnd();
      scroller.focus({ preventScroll: true });
    });
    this.#update();
  }

  get atEnd() {
    const { scrollHeight, clientHeight, scrollTop } = this.#scroller;
    return scrollHeight - clientHeight - scrollTop < NEAR_END_PX;
  }

  toEnd() {
    this.#following = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#update();
  }

  /**
   * Lets `change` alter the log; who is at the end stays there, who has scrolled up keeps what
   * is before their eyes.
   */
  keepPlace(change) {
    if (this.#following) {
      change();
      this.#scroller.scrollTop = this.#scroller.scrollHeight;
      return;
    }
    const anchor = this.#topmostVisible();
    const before = anchor?.getBoundingClientRect().top;
    change();
    if (anchor) this.#scroller.scrollTop += anchor.getBoundingClientRect().top - before;
  }

  /** Counts messages of others as unread when they come unseen. */
  received(messages, wasAtEnd) {
    if (messages.length > 0 && !(wasAtEnd && !document.hidden)) {
      if (this.#unread === 0) this.keepPlace(() => this.#log.markUnread(messages[0]));
      this.#unread += messages.length;
    }
    this.#update();
  }

  #scrolled() {
    this.#following = this.atEnd;
    this.#update();
  }

  #topmostVisible() {
    const top = this.#scroller.getBoundingClientRect().top;
    return this.#log.messages.find((message) => message.getBoundingClientRect().bottom > top);
  }

  #update() {
    if (this.atEnd && !document.hidden) this.#unread = 0;
    const words = this.#unread > 0 ? `↓ ${this.#unread} pesan baru` : "↓ Ke pesan terbaru";
    if (this.#button.textContent !== words) this.#button.textContent = words;
    this.#button.hidden = this.atEnd;
    this.#button.classList.toggle("counting", this.#unread > 0);
    document.title = document.hidden && this.#unread > 0 ? `(${this.#unread}) ${this.#title}` : this.#title;
  }
}
