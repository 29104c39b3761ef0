/** What is being written: kept for this tab, through a reload and a crash after which the browser restores the tab. */
export class Draft {
  #key;

  constructor(viewerId, roomId) {
    this.#key = `obrolan.draft.${viewerId}.${roomId}`;
  }

  get text() {
    try {
      return sessionStorage.getItem(this.#key) ?? "";
    } catch {
      return "";
    }
  }

  set text(text) {
    try {
      if (text === "") sessionStorage.removeItem(this.#key);
      else sessionStorage.setItem(this.#key, text);
    } catch {
      // Storage is forbidden or full: the draft lives as long as the page.
    }
  }
}
