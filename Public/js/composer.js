const LONGEST = 4_000;
const COUNT_FROM = 3_800;
const touch = matchMedia("(hover: none) and (pointer: coarse)");
const figures = new Intl.NumberFormat(document.documentElement.lang || undefined);

/** The field one writes in: Enter sends, except on touch keyboards, where it makes a line. */
export class Composer {
  #form;
  #field;
  #button;
  #count;
  #error;
  #draft;
  #onSend;

  /** `onSend(content)` keeps what is to be sent; `draft` keeps what is being written. */
  constructor(form, draft, onSend) {
    this.#form = form;
    this.#field = form.querySelector("textarea");
    this.#button = form.querySelector('button[type="submit"]');
    this.#count = form.querySelector(".composer-count");
    this.#error = form.querySelector(".field-error");
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
    if (codePoints(content) > LONGEST) {
      this.#complain(`Pesan terlalu panjang: paling banyak ${figures.format(LONGEST)} karakter.`);
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
    const length = value.length < COUNT_FROM ? 0 : codePoints(value);
    this.#count.textContent = length < COUNT_FROM ? "" : `${figures.format(length)} / ${figures.format(LONGEST)}`;
    this.#count.classList.toggle("over", length > LONGEST);
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
