const COUNTED_PART = 0.95;
const touch = matchMedia("(hover: none) and (pointer: coarse)");
const figures = new Intl.NumberFormat(document.documentElement.lang || undefined);

/** The field one writes in: Enter sends, except on touch keyboards, where it makes a line. */
export class Composer {
  #form;
  #field;
  #button;
  #count;
  #error;
  #longest;
  #draft;
  #onSend;

  /**
   * `longest` is how many code points the server takes; `onSend(content)` keeps what is to be sent, `draft` what is
   * being written.
   */
  constructor(form, longest, draft, onSend) {
    this.#form = form;
    this.#field = form.querySelector("textarea");
    this.#button = form.querySelector('button[type="submit"]');
    this.#count = form.querySelector(".composer-count");
    this.#error = form.querySelector(".field-error");
    this.#longest = longest;
    this.#draft = draft;
    this.#onSend = onSend;
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

  /** Gives back what the server refused, before anything written since, with the reason. */
  giveBack(content, reason) {
    const since = this.#field.value;
    this.#field.value = since === "" ? content : `${content}\n${since}`;
    this.#changed();
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
    this.#onSend(content);
    this.#field.value = "";
    this.#complain("");
    this.#changed();
  }

  #keyDown(event) {
    // While an input method composes (229 in older browsers), Enter chooses a word.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing || touch.matches) return;
    event.preventDefault();
    this.#form.requestSubmit();
  }

  #changed() {
    const { value, style } = this.#field;
    this.#draft.text = value;
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
