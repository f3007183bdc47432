/**
 * Gives each cell of a table the title of its column, for screens on which a row is a card (`.cards` in the styles of all). Cells
 * that come later get theirs, too.
 */
export function cards(box: HTMLElement): () => void {
  box.classList.add('cards');
  const name = () => {
    const titles = [...box.querySelectorAll('thead th')].map((cell) => cell.textContent ?? '');
    for (const row of box.querySelectorAll<HTMLTableRowElement>('tbody tr, tfoot tr')) {
      let column = 0;
      for (const cell of row.cells) {
        // A cell over several columns is the title of its row.
        const title = cell.colSpan > 1 ? '' : (titles[column] ?? '');
        if (cell.dataset.title !== title) cell.dataset.title = title;
        column += cell.colSpan;
      }
    }
  };
  name();
  const changed = new MutationObserver(name);
  for (const part of box.querySelectorAll('table')) changed.observe(part, { childList: true, subtree: true });
  return () => changed.disconnect();
}
