const FOUND_SHOWN_MS = 2_500;
const FOUND = "Terhubung kembali";
const TROUBLES = new Map([
  ["lost", "Koneksi terputus, mencoba lagi…"],
  ["foreign", "Yang menjawab bukan Obrolan, melainkan perantara jaringan. Mencoba lagi…"],
  ["busy", "Server sedang sibuk, mencoba lagi…"],
  ["unavailable", "Server sedang tidak siap, mencoba lagi…"],
  ["cross_site", "Kiriman Anda dianggap dari situs lain. Muat ulang, atau tanyakan kepada pengelola."],
]);
const ENDING_WORDS = new Map([
  ["not_logged_in", ["Sesi Anda sudah berakhir.", "Masuk lagi", "/"]],
  ["not_a_member", ["Anda bukan anggota ruang ini lagi.", "Ke ruang lain", "/dashboard"]],
  ["no_such_room", ["Ruang ini tidak ada lagi.", "Ke ruang lain", "/dashboard"]],
  ["other_viewer", ["Di peramban ini yang masuk sekarang orang lain.", "Ke beranda", "/dashboard"]],
]);

/** The line that says how the page stands with the server; empty when all is well. */
export class ConnectionLine {
  #element;
  #following = null;
  #sending = null;
  #hasEnded = false;

  constructor(element) {
    this.#element = element;
  }

  /** Nothing comes from the server, for that reason. */
  lost(trouble) {
    this.#following = trouble;
    this.#show();
  }

  /** It does again. */
  found() {
    this.#following = null;
    this.#show();
    if (this.#element.textContent !== "") return;
    this.#say(FOUND);
    this.#element.classList.add("good");
    setTimeout(() => this.#element.textContent === FOUND && this.#show(), FOUND_SHOWN_MS);
  }

  /** What is written cannot be sent, for that reason; null when it can. */
  troubleSending(trouble) {
    // Without a network nothing comes either, which is said then; one lost answer alone is not worth words.
    const sending = trouble === "lost" ? null : trouble;
    if (sending === this.#sending) return;
    this.#sending = sending;
    this.#show();
  }

  /** The application has said that there is no more, and why. */
  ended(ending) {
    this.#hasEnded = true;
    const [words, label, target] = ENDING_WORDS.get(ending);
    const link = document.createElement("a");
    link.href = target;
    link.textContent = label;
    this.#say(`${words} `);
    this.#element.append(link);
  }

  #show() {
    if (!this.#hasEnded) this.#say(TROUBLES.get(this.#following ?? this.#sending) ?? "");
  }

  #say(words) {
    this.#element.classList.remove("good");
    if (this.#element.textContent !== words) this.#element.textContent = words;
  }
}
