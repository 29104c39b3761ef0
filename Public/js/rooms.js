import { wireCopyButtons } from "./copy.js";
import { localiseBriefTimes } from "./times.js";

// The pages besides a room's: lists of rooms in the reader's own days and hours, what can be copied, printed, put right.
localiseBriefTimes(document);
wireCopyButtons(document);

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());

// Whoever has typed something wrong goes on behind it, and not before it.
const wrong = document.querySelector("input[autofocus][aria-invalid]");
if (wrong instanceof HTMLInputElement) wrong.setSelectionRange(wrong.value.length, wrong.value.length);
