import { NoAnswer, ask } from "./server.js";

const NO_ANSWER = "Tidak ada jawaban dari server. Coba lagi.";

/** Edits and deletes one's own messages at the server; what comes of it the log is told as everybody is. */
export class MessageChanges {
  #url;
  #viewerId;
  #onEnded;

  /** `onEnded(ending)` is told when there is no more for this page. */
  constructor({ roomId, viewerId }, onEnded) {
    this.#url = `/room/${roomId}/message`;
    this.#viewerId = viewerId;
    this.#onEnded = onEnded;
  }

  /** Resolves with null when it is done, else with the reason in words for the reader. */
  edit(id, content) {
    return this.#ask(`${this.#url}/${id}/edit`, { content });
  }

  /** The same; once more does no harm. */
  delete(id) {
    return this.#ask(`${this.#url}/${id}/delete`, {});
  }

  async #ask(path, form) {
    try {
      const answer = await ask(path, { viewerId: this.#viewerId, accept: "application/json", form });
      if (answer.isOk) return null;
      if (answer.ending) this.#onEnded(answer.ending);
      return answer.detail ?? NO_ANSWER;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      return NO_ANSWER;
    }
  }
}
