import { ComposerBar } from "./composer-bar.js";

const COUNTED_PART = 0.95;
const touch = matchMedia("(hover: none) and (pointer: coarse)");
const figures = new Intl.NumberFormat(document.documentElement.lang || undefined);

/**
 * The field one writes in: Enter sends, except on touch keyboards, where it makes a line. While an earlier message is
 * edited it has that one's words; what was being written comes back afterwards.
 */
export class Composer {
  #form;
  #field;
  #button;
  #count;
  #error;
  #bar;
  #longest;
  #draft;
  #listener;
  /** What was being written when the editing began. */
  #since = "";
  #isSaving = false;

  /**
   * `longest` is how many code points the server takes, `draft` keeps what is being written. `listener` has
   * `sent(content, replyTo)`, which keeps what is to be sent; `edited(id, content)`, which resolves with null when it is
   * done, else with the reason; and `lastOwn()`, the message that may be edited, or null.
   */
  constructor(form, longest, draft, listener) {
    this.#form = form;
    this.#field = form.querySelector("textarea");
    this.#button = form.querySelector('button[type="submit"]');
    this.#count = form.querySelector(".composer-count");
    this.#error = form.querySelector("#composer-error");
    this.#bar = new ComposerBar(form, () => this.#cancel());
    this.#longest = longest;
    this.#draft = draft;
    this.#listener = listener;
    // What the server gave back comes first.
    if (this.#field.value === "") this.#field.value = draft.text;
    form.addEventListener("submit", (event) => this.#submit(event));
    this.#field.addEventListener("input", () => {
      this.#complain("");
      this.#changed();
    });
    this.#field.addEventListener("keydown", (event) => this.#keyDown(event));
    this.#changed();
  }

  /** The next message answers this one: with its `id`, `sender` and `content`. */
  reply(message) {
    this.#stopEditing();
    this.#bar.reply(message);
    this.#field.focus();
  }

  /** This message gets other words: with its `id` and `content`. */
  edit(message) {
    if (this.#bar.editing === null) this.#since = this.#field.value;
    this.#bar.edit(message);
    this.#put(message.content);
    this.#field.focus();
    this.#field.setSelectionRange(message.content.length, message.content.length);
  }

  /** A message is no more: it is neither edited nor answered. */
  forget(id) {
    if (this.#bar.editing === id || this.#bar.replyTo === id) this.#cancel();
  }

  /** Gives back what the server refused, before anything written since, with the reason. */
  giveBack(content, reason) {
    const since = this.#bar.editing === null ? this.#field.value : this.#since;
    const together = since === "" ? content : `${content}\n${since}`;
    if (this.#bar.editing === null) this.#put(together);
    else this.#since = together;
    this.#complain(reason);
  }

  /** No more can be sent; what is written stays to be copied. */
  close() {
    this.#field.readOnly = true;
    this.#button.disabled = true;
  }

  #submit(event) {
    event.preventDefault();
    this.#field.focus();
    const content = this.#field.value;
    if (content.trim() === "" || this.#field.readOnly) return;
    if (codePoints(content) > this.#longest) {
      this.#complain(`Pesan terlalu panjang: paling banyak ${figures.format(this.#longest)} karakter.`);
      return;
    }
    if (this.#bar.editing !== null) {
      this.#save(content);
      return;
    }
    this.#listener.sent(content, this.#bar.replyTo);
    this.#bar.clear();
    this.#put("");
  }

  async #save(content) {
    if (this.#isSaving) return;
    this.#isSaving = true;
    const id = this.#bar.editing;
    const reason = await this.#listener.edited(id, content);
    this.#isSaving = false;
    // Meanwhile the reader may have gone on to something else.
    if (this.#bar.editing !== id) return;
    if (reason === null) this.#stopEditing();
    else this.#complain(reason);
  }

  #cancel() {
    this.#stopEditing();
    this.#bar.clear();
    this.#field.focus();
  }

  #stopEditing() {
    if (this.#bar.editing === null) return;
    this.#bar.clear();
    this.#put(this.#since);
  }

  #put(content) {
    this.#field.value = content;
    this.#complain("");
    this.#changed();
  }

  #keyDown(event) {
    // While an input method composes (229 in older browsers), Enter chooses a word.
    const composing = event.isComposing || event.keyCode === 229;
    if (composing) return;
    if (event.key === "Escape" && !this.#bar.isEmpty) {
      event.preventDefault();
      this.#cancel();
    } else if (event.key === "ArrowUp" && this.#field.value === "" && this.#bar.isEmpty && !this.#field.readOnly) {
      const message = this.#listener.lastOwn();
      if (!message) return;
      event.preventDefault();
      this.edit(message);
    } else if (event.key === "Enter" && !event.shiftKey && !touch.matches) {
      event.preventDefault();
      this.#form.requestSubmit();
    }
  }

  #changed() {
    const { value, style } = this.#field;
    this.#draft.text = this.#bar.editing === null ? value : this.#since;
    if (!CSS.supports("field-sizing", "content")) {
      style.height = "auto";
      style.height = `${this.#field.scrollHeight + 2}px`;
    }
    const counted = this.#longest * COUNTED_PART;
    const length = value.length < counted ? 0 : codePoints(value);
    this.#count.textContent = length < counted ? "" : `${figures.format(length)} / ${figures.format(this.#longest)}`;
    this.#count.classList.toggle("over", length > this.#longest);
  }

  #complain(reason) {
    this.#error.textContent = reason;
    if (reason === "") this.#field.removeAttribute("aria-invalid");
    else this.#field.setAttribute("aria-invalid", "true");
  }
}

function codePoints(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
