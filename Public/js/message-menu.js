/** What can be done with a message, in a dialog: opened by the link that leads to the same without a script. */
export class MessageMenu {
  #dialog;
  #heading;
  #error;
  #scroller;
  #listener;
  #message = null;

  /**
   * `listener` has `canEdit(message)` and `isOwn(message)`; `replied(message)`, `edited(message)`, and
   * `deleted(message)`, which resolves with null when it is done, else with the reason.
   */
  constructor(dialog, list, listener) {
    this.#dialog = dialog;
    this.#heading = dialog.querySelector("h2");
    this.#error = dialog.querySelector(".field-error");
    this.#scroller = list.closest("[tabindex]");
    this.#listener = listener;
    list.addEventListener("click", (event) => {
      const link = event.target.closest("a.more");
      // Whoever opens it in another tab means the page.
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.#open(link.closest(".message"));
    });
    dialog.addEventListener("click", (event) => this.#clicked(event.target));
  }

  /** Nothing can be done any more. */
  close() {
    this.#dialog.close();
  }

  #open(message) {
    this.#message = message;
    const sender = message.querySelector(".sender").textContent;
    this.#heading.textContent = `${sender}: ${message.querySelector(".content").textContent}`;
    this.#error.textContent = "";
    this.#show({
      reply: true,
      edit: this.#listener.canEdit(message),
      delete: this.#listener.isOwn(message),
      confirm: false,
    });
    this.#dialog.showModal();
  }

  #show(actions) {
    for (const [action, isShown] of Object.entries(actions)) this.#button(action).hidden = !isShown;
  }

  #button(action) {
    return this.#dialog.querySelector(`[data-action="${action}"]`);
  }

  #clicked(target) {
    // What is pressed beside it is the dialog itself.
    if (target === this.#dialog) return this.#dialog.close();
    switch (target.closest("button")?.dataset.action) {
      case "reply":
        this.#dialog.close();
        return this.#listener.replied(this.#message);
      case "edit":
        this.#dialog.close();
        return this.#listener.edited(this.#message);
      case "delete":
        this.#show({ reply: false, edit: false, delete: false, confirm: true });
        return this.#button("confirm").focus();
      case "confirm":
        return this.#delete();
      case "close":
        return this.#dialog.close();
    }
  }

  async #delete() {
    const message = this.#message;
    this.#button("confirm").disabled = true;
    const reason = await this.#listener.deleted(message);
    this.#button("confirm").disabled = false;
    if (message !== this.#message) return;
    if (reason !== null) {
      this.#error.textContent = reason;
      return;
    }
    this.#dialog.close();
    // The link from which it was opened is gone, or is about to go.
    this.#scroller.focus({ preventScroll: true });
  }
}
