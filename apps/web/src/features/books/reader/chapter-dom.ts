/** What the chapter's own links and marks are called for people who do not see them. */
export interface MarkNames {
  note(label: string): string;
}

/**
 * The chapter as nodes. Its HTML is written by the server from a tree that knows no markup of the book's; it is parsed in a
 * document without a window, so that nothing is fetched or run before it is looked at here. No text is added or taken away: the
 * offsets of descriptions count the characters of `textContent`.
 */
export function readChapterHtml(html: string, names: MarkNames): DocumentFragment {
  const template = document.createElement('template');
  template.innerHTML = html;
  const { content } = template;
  for (const mark of content.querySelectorAll<HTMLElement>('a[data-note]')) {
    makeButton(mark, names.note(mark.dataset['label'] ?? ''));
    mark.setAttribute('aria-haspopup', 'dialog');
  }
  for (const link of content.querySelectorAll<HTMLElement>('a[data-chapter]')) {
    link.setAttribute('role', 'link');
    link.tabIndex = 0;
  }
  for (const picture of content.querySelectorAll('img')) picture.decoding = 'async';
  for (const block of content.querySelectorAll<HTMLElement>('pre')) block.tabIndex = 0;
  levelHeadings(content);
  markInitial(content);
  return content;
}

export function makeButton(element: HTMLElement, name: string): void {
  element.setAttribute('role', 'button');
  element.setAttribute('aria-label', name);
  element.tabIndex = 0;
}

/** Books choose levels by their size on paper; below the screen's own heading they go down one at a time. */
function levelHeadings(content: DocumentFragment): void {
  let previous = 1;
  for (const heading of content.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    const own = Number(heading.tagName.slice(1)) + 1;
    const level = Math.min(own, previous + 1);
    heading.setAttribute('aria-level', String(level));
    previous = level;
  }
}

/** Shorter than this, a paragraph would leave its drop capital hanging into the next one. */
const LEAST_FOR_INITIAL = 200;

/** The first paragraph gets a drop capital if it is prose that begins with a letter. */
function markInitial(content: DocumentFragment): void {
  const first = [...content.children].find((block) => !/^H[1-6]$/u.test(block.tagName));
  const text = first?.tagName === 'P' && first.className === '' ? first.textContent : '';
  if (text.length >= LEAST_FOR_INITIAL && /^\p{L}/u.test(text)) first?.classList.add('initial');
}
