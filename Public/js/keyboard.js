/** iOS lays its keyboard over the page without changing dvh: the page takes the height that is left. */
export function followKeyboard() {
  const { style } = document.documentElement;
  const fit = () => {
    // Smaller by pinching is no keyboard.
    if (visualViewport.scale === 1) style.setProperty("--viewport", `${visualViewport.height}px`);
  };
  if (matchMedia("(hover: none)").matches) visualViewport?.addEventListener("resize", fit);
}
