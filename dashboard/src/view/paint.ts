/** At most four paints a second, ms apart. */
const spacing = 250;

/** Asks for a paint: requests are gathered into one animation frame, and wait while the page is hidden. */
export function painter(paint: () => void): () => void {
  let due = false;
  let last = Number.NEGATIVE_INFINITY;
  const frame = () => {
    due = false;
    last = performance.now();
    paint();
  };
  const request = () => {
    if (due || document.hidden) return;
    due = true;
    setTimeout(() => requestAnimationFrame(frame), Math.max(0, last + spacing - performance.now()));
  };
  document.addEventListener('visibilitychange', request);
  return request;
}
