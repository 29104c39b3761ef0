/**
 * What stands above the field: which message is answered, or that one is edited. Without a script the page has the first
 * of these, with a link that leaves it.
 */
export class ComposerBar {
  #bar;
  #words;
  #sender;
  #content;
  #replyTo;
  #editing = null;

  /** `onCancel()` is called when the reader wants neither any more. */
  constructor(form, onCancel) {
    this.#bar = form.querySelector(".composer-bar");
    this.#words = this.#bar.querySelector(".bar-words");
    this.#sender = this.#bar.querySelector(".quote-sender");
    this.#content = this.#bar.querySelector(".quote-content");
    this.#replyTo = form.elements.reply_to;
    this.#bar.querySelector("a").addEventListener("click", (event) => {
      event.preventDefault();
      onCancel();
    });
  }

  /** The id of the message that is answered; null when there is none. */
  get replyTo() {
    return this.#replyTo.value || null;
  }

  /** The id of the message that is edited; null when there is none. */
  get editing() {
    return this.#editing;
  }

  get isEmpty() {
    return this.#bar.hidden;
  }

  reply({ id, sender, content }) {
    this.#editing = null;
    this.#replyTo.value = id;
    this.#show("Membalas", sender, content);
  }

  edit({ id, content }) {
    this.#editing = id;
    this.#replyTo.value = "";
    this.#show("Menyunting", "", content);
  }

  clear() {
    this.#editing = null;
    this.#replyTo.value = "";
    this.#bar.hidden = true;
    // A reload is not to answer again what a link has led to.
    if (new URLSearchParams(location.search).has("reply")) history.replaceState(null, "", location.pathname);
  }

  #show(words, sender, content) {
    this.#words.textContent = words;
    this.#sender.textContent = sender;
    this.#content.textContent = content;
    this.#bar.hidden = false;
  }
}
