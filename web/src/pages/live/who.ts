// Who is looked at, in the address: names with commas between them, in which a comma of a name is no end of it.

/** As the filter `who` has them. */
export function together(names: string[]): string {
  return [...new Set(names)].map(encodeURIComponent).join(',');
}

/** The names in the filter `who`; what nobody encoded stands for itself. */
export function apart(text: string): string[] {
  return [...new Set(text.split(',').filter(Boolean).map(decoded))];
}

/** The address of the page that looks at them. */
export function lookAt(names: string[]): string {
  return `/admin/live?${new URLSearchParams({ who: together(names) })}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
