/** A pause that can be cut short. */
export class Pause {
  #end = null;

  /** Resolves after that many milliseconds, or when `end` is called; `Infinity` waits for that alone. */
  for(milliseconds) {
    return new Promise((resolve) => {
      const timer = milliseconds === Infinity ? null : setTimeout(() => this.end(), milliseconds);
      this.#end = () => {
        clearTimeout(timer);
        this.#end = null;
        resolve();
      };
    });
  }

  end() {
    this.#end?.();
  }
}
