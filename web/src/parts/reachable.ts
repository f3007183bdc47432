/** Lets the keyboard scroll what is wider or longer than its place: while it is, it takes the focus. */
export function reachable(box: HTMLElement): () => void {
  const look = () => {
    if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.tabIndex = 0;
    else box.removeAttribute('tabindex');
  };
  const resized = new ResizeObserver(look);
  for (const one of [box, ...box.children]) resized.observe(one);
  return () => resized.disconnect();
}
