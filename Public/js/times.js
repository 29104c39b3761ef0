// Moments are rendered by the server in UTC; here they become the reader's own day and hour.

const language = document.documentElement.lang || undefined;
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const longDay = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const shortDay = new Intl.DateTimeFormat(language, { day: "numeric", month: "short" });
const shortDayAndYear = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "numeric" });
const whole = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });
const relativeDay = new Intl.RelativeTimeFormat(language, { numeric: "auto" });

/** "10:05": always with a colon, where Indonesian usage alone would give "10.05". */
export function timeLabel(date) {
  const parts = clock.formatToParts(date);
  const value = (type) => parts.find((part) => part.type === type).value;
  return `${value("hour")}:${value("minute")}`;
}

/** Calendar days from today, in the reader's zone: 0 today, -1 yesterday. */
export function daysFromToday(date) {
  const today = new Date();
  const dayNumber = (moment) => Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate()) / 86_400_000;
  return dayNumber(date) - dayNumber(today);
}

export function dayLabel(date) {
  const days = daysFromToday(date);
  return days === 0 || days === -1 ? relativeDay.format(days, "day") : longDay.format(date);
}

function briefLabel(date) {
  const days = daysFromToday(date);
  if (days === 0) return timeLabel(date);
  if (days === -1) return relativeDay.format(days, "day");
  return (date.getFullYear() === new Date().getFullYear() ? shortDay : shortDayAndYear).format(date);
}

function setTime(element, label) {
  const date = new Date(element.dateTime);
  if (Number.isNaN(date.getTime())) return;
  const text = label(date);
  if (element.textContent !== text) element.textContent = text;
  element.title = whole.format(date);
}

export function localiseTime(element) {
  setTime(element, timeLabel);
}

export function localiseDay(element) {
  setTime(element, dayLabel);
}

/** The short times of a list of rooms. */
export function localiseBriefTimes(root) {
  for (const element of root.querySelectorAll('time[data-form="brief"]')) setTime(element, briefLabel);
}
