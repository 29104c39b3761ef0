const SHOWN_MS = 2_000;

/** Makes the buttons with `data-copy` copy that text and say so for a moment. */
export function wireCopyButtons(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => showOutcome(button, await copy(button.dataset.copy)));
  }
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // The clipboard interface is missing on http:// in a LAN, or refused: the old way needs neither.
    return copyBySelection(text);
  }
}

function copyBySelection(text) {
  const field = document.createElement("textarea");
  const focused = document.activeElement;
  field.className = "unseen";
  field.value = text;
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return copied;
}

function showOutcome(button, copied) {
  const words = copied ? "ID tersalin" : "Tidak dapat menyalin";
  const attribute = button.hasAttribute("aria-label") ? "aria-label" : null;
  const usual = button.dataset.usual ??= attribute ? button.getAttribute(attribute) : button.textContent;
  const say = (text) => (attribute ? button.setAttribute(attribute, text) : (button.textContent = text));
  say(words);
  button.classList.toggle("copied", copied);
  setTimeout(() => {
    say(usual);
    button.classList.remove("copied");
  }, SHOWN_MS);
}
