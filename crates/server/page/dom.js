// Making elements from text. Names come from routers and may hold anything, so nothing is ever parsed as HTML.

/** An element with a class (or none) and children (elements or text; empty ones are left out). */
export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child != null && child !== ""));
  return made;
}

export const byId = (id) => document.getElementById(id);

/** Shows `text` in the element, or hides it when there is none. */
export function tell(id, text) {
  byId(id).textContent = text ?? "";
  byId(id).hidden = !text;
}
