const LIT_MS = 2_000;

/** A press on a quote leads to what it quotes, and the browser's Back to where one was. */
export class Quotes {
  #log;

  constructor(list, log) {
    this.#log = log;
    list.addEventListener("click", (event) => this.#clicked(event));
    addEventListener("popstate", ({ state }) => {
      if (state?.message) this.#show(this.#log.find(state.message));
    });
  }

  #clicked(event) {
    const quote = event.target.closest("a.quote");
    const quoted = quote && this.#log.find(quote.dataset.quoted);
    // What is not here the link leads to.
    if (!quoted || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.replaceState({ message: quote.closest(".message").dataset.id }, "");
    history.pushState({ message: quoted.dataset.id }, "", `#${quoted.id}`);
    this.#show(quoted);
  }

  #show(message) {
    if (!message) return;
    message.scrollIntoView({ block: "center" });
    message.tabIndex = -1;
    message.focus({ preventScroll: true });
    message.classList.add("lit");
    setTimeout(() => message.classList.remove("lit"), LIT_MS);
  }
}
