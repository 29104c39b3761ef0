import { localiseBriefTimes } from "./times.js";

// The pages with a list of rooms, which needs nothing but the reader's own days and hours.
localiseBriefTimes(document);
