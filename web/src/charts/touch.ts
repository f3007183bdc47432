// A finger on a chart: it shows the figures below it, and what it draws over sideways is the span to look at. Up and down it
// scrolls the page, which the style of the chart says (`touch-action`).

import type uPlot from 'uplot';

/** A tap is no span: a finger is never quite still. */
const SPAN_PX = 24;

/** Listens until what it gives is called. The mouse is left to the chart itself. */
export function byTouch(plot: uPlot, onspan: (left: number, right: number) => void): () => void {
  let begun: number | undefined;

  const place = (event: PointerEvent) => {
    const box = plot.over.getBoundingClientRect();
    return { left: Math.min(Math.max(event.clientX - box.left, 0), box.width), top: event.clientY - box.top };
  };
  const select = (left: number, width: number) => plot.setSelect({ left, width, top: 0, height: width ? plot.over.clientHeight : 0 }, false);

  function down(event: PointerEvent) {
    if (event.pointerType !== 'touch' || !event.isPrimary) return;
    begun = place(event).left;
    plot.setCursor(place(event));
  }
  function move(event: PointerEvent) {
    if (begun === undefined || !event.isPrimary) return;
    const { left, top } = place(event);
    plot.setCursor({ left, top });
    select(Math.min(begun, left), Math.abs(left - begun));
  }
  function up(event: PointerEvent) {
    if (begun === undefined || !event.isPrimary) return;
    const [from, to] = [begun, place(event).left];
    end();
    if (Math.abs(to - from) >= SPAN_PX) onspan(Math.min(from, to), Math.max(from, to));
  }
  function end() {
    if (begun !== undefined) select(0, 0);
    begun = undefined;
  }

  const ends = new AbortController();
  const listen = { signal: ends.signal };
  plot.over.addEventListener('pointerdown', down, listen);
  plot.over.addEventListener('pointermove', move, listen);
  plot.over.addEventListener('pointerup', up, listen);
  plot.over.addEventListener('pointercancel', end, listen);
  return () => ends.abort();
}
