import { JSDOM } from 'jsdom';

/** An empty `localStorage`, as a browser has it. */
export function openStorage(): void {
  const { localStorage, DOMException } = new JSDOM('', { url: 'http://localhost' }).window;
  Object.defineProperties(globalThis, {
    localStorage: { value: localStorage, configurable: true, writable: true },
    DOMException: { value: DOMException, configurable: true, writable: true },
  });
}
