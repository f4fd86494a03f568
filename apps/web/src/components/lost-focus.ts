let hasMoved = false;

/** Somebody has gone from one screen to another: from now on a screen takes the focus that the one before has lost. */
export function noteMove(): void {
  hasMoved = true;
}

/**
 * Who follows a link or signs in loses what had the focus along with the screen that is left. The content of the new one takes it, so
 * that the next Tab goes on from there and a screen reader begins with it. A page that is loaded begins at its top, with the skip link.
 */
export function takeLostFocus(content: HTMLElement | null): void {
  if (hasMoved && document.activeElement === document.body) content?.focus({ preventScroll: true });
}
