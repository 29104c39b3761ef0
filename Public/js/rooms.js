import { wireCopyButtons } from "./copy.js";
import { localiseBriefTimes } from "./times.js";

// The pages besides a room's: lists of rooms in the reader's own days and hours, and what can be copied.
localiseBriefTimes(document);
wireCopyButtons(document);
