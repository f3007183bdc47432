const CHOSEN = ['checkbox', 'radio', 'file', 'search'];

/** Notes which fields somebody typed into, as far as they are still there and not empty again. What is chosen is chosen anew in a moment. */
export function typing(): { note: (event: Event) => void; isThere: () => boolean } {
  const fields = new Set<HTMLInputElement | HTMLTextAreaElement>();
  return {
    note(event) {
      const field = event.target;
      if (field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && !CHOSEN.includes(field.type))) fields.add(field);
    },
    isThere: () => [...fields].some((field) => field.isConnected && field.value.trim() !== ''),
  };
}
