import type { FastifyInstance } from 'fastify';

/** For pages of this server: nothing from elsewhere, no inline script, no frame around it. */
export const PAGE_POLICY =
  "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** For everything that is not a page, should a browser be made to show it as one. */
const DATA_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'";

/** Puts the headers of the OWASP list on every answer, and the id under which the log knows the request. */
export function setSecurityHeaders(app: FastifyInstance, publicUrl: string | undefined): void {
  const isSecure = publicUrl?.startsWith('https:') ?? false;
  app.addHook('onSend', async (request, reply) => {
    const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
    const isApi = request.url.startsWith('/api/');
    const defaults: Record<string, string> = {
      'x-request-id': request.id,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
      'content-security-policy': isPage ? PAGE_POLICY : DATA_POLICY,
      ...(isApi ? { 'cache-control': 'no-store' } : {}),
      ...(isSecure ? { 'strict-transport-security': 'max-age=31536000' } : {}),
    };
    for (const [name, value] of Object.entries(defaults)) {
      if (!reply.hasHeader(name)) reply.header(name, value);
    }
  });
}
