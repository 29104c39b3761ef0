const FOUND_SHOWN_MS = 2_500;
const ENDINGS = new Map([
  [401, ["Sesi Anda sudah berakhir.", "Masuk lagi", "/"]],
  [403, ["Anda bukan anggota ruang ini lagi.", "Ke ruang lain", "/dashboard"]],
  [404, ["Ruang ini tidak ada lagi.", "Ke ruang lain", "/dashboard"]],
  [409, ["Di peramban ini yang masuk sekarang orang lain.", "Ke beranda", "/dashboard"]],
]);

/** The line that says how the page stands with the server; empty when all is well. */
export class ConnectionLine {
  #element;

  constructor(element) {
    this.#element = element;
  }

  lost() {
    this.#say("Koneksi terputus, mencoba lagi…");
  }

  found() {
    const words = "Terhubung kembali";
    this.#say(words);
    this.#element.classList.add("good");
    setTimeout(() => {
      if (this.#element.textContent === words) this.#say("");
    }, FOUND_SHOWN_MS);
  }

  /** The server has answered with a status after which there is no more. */
  ended(status) {
    const [words, label, target] = ENDINGS.get(status);
    const link = document.createElement("a");
    link.href = target;
    link.textContent = label;
    this.#say(`${words} `);
    this.#element.append(link);
  }

  #say(words) {
    this.#element.classList.remove("good");
    this.#element.textContent = words;
  }
}
