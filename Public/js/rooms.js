import { wireCopyButtons } from "./copy.js";
import { localiseBriefTimes } from "./times.js";

// The pages besides a room's: lists of rooms in the reader's own days and hours, what can be copied or printed.
localiseBriefTimes(document);
wireCopyButtons(document);

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
