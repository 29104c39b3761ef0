const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}|\p{Emoji_Component}(?<![0-9#*])|\s){1,24}$/u;

/** Whether there is nothing but a few emoji, which are shown larger then. */
export function isOnlyEmoji(text) {
  return ONLY_EMOJI.test(text);
}
