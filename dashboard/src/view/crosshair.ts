import { sideMargin } from '../figures/figure.ts';

/** One vertical line through all charts: they share their times and margins, so one place fits all. */
export function bindCrosshair(charts: HTMLElement, line: HTMLElement): void {
  charts.addEventListener('pointermove', (event) => {
    const { left, width } = charts.getBoundingClientRect();
    const at = event.clientX - left;
    const inside =
      at >= sideMargin && at <= width - sideMargin && (event.target as Element).closest('.chart') !== null;
    line.hidden = !inside;
    if (inside) line.style.left = `${at}px`;
  });
  charts.addEventListener('pointerleave', () => {
    line.hidden = true;
  });
}
