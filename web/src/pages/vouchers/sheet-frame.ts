const STYLE = /<style[^>]*>([\s\S]*?)<\/style>/gi;

/**
 * Shows a page of the server in a frame that can be printed alone. The policy of this page forbids styles written into
 * HTML, so those of the sheet are taken out and given to the frame as a style sheet of its own. Nothing in it can run.
 */
export function fill(frame: HTMLIFrameElement, html: string): void {
  const [document, window] = [frame.contentDocument, frame.contentWindow as (Window & typeof globalThis) | null];
  if (!document || !window) return;
  // Before it is parsed, for the browser complains of each that it finds, although nothing shows that document.
  const styles = [...html.matchAll(STYLE)].map((found) => found[1]).join('\n');
  const given = new DOMParser().parseFromString(html.replace(STYLE, ''), 'text/html');
  given.querySelectorAll('style, script').forEach((element) => element.remove());
  const sheet = new window.CSSStyleSheet();
  sheet.replaceSync(styles);
  document.adoptedStyleSheets = [sheet];
  document.title = given.title;
  document.body.replaceChildren(...[...given.body.childNodes].map((node) => document.importNode(node, true)));
}
