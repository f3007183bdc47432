/** Whether a click may confirm something: the second half of a double click may not. One by the keyboard has no number. */
export function ownClick(event: MouseEvent): boolean {
  return event.detail < 2;
}
