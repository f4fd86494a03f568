declare global {
  // The name under which libraries that make styles at run time look for the nonce, since webpack.
  var __webpack_nonce__: string | undefined;
}

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

globalThis.__webpack_nonce__ = nonce;

/** What the server has put into this page for the styles that the interface library makes at run time. */
export function styleNonce(): string {
  return nonce;
}
