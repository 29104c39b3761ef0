const SHOWN_MS = 2_000;

/**
 * Makes the buttons with `data-copy` copy that text and say so for a moment; those with `data-copy-path` the address of that
 * path on the host by which the reader came. With `data-share`, a title, they hand it to other programs where there is a way.
 */
export function wireCopyButtons(root) {
  for (const button of root.querySelectorAll("[data-copy], [data-copy-path]")) {
    const { copy: text, copyPath, share: title } = button.dataset;
    const copied = text ?? new URL(copyPath, location.href).href;
    button.addEventListener("click", async () => {
      if (title !== undefined && (await share(title, copied))) return;
      showOutcome(button, await copy(copied));
    });
  }
}

/** Whether the address has been handed on, or the reader has thought better of it. */
async function share(title, url) {
  // Browsers have it on secure pages only, and mostly on phones.
  if (!navigator.share) return false;
  try {
    await navigator.share({ title, url });
    return true;
  } catch (error) {
    return error instanceof DOMException && error.name === "AbortError";
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
  const words = copied ? "Tersalin" : "Tidak dapat menyalin";
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
