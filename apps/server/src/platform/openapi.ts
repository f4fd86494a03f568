import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { problemSchema, type Route } from '@scriptorium/contract';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { SESSION_COOKIE } from './access.ts';
import type { ErrorRegistry } from './errors.ts';
import { PAGE_POLICY } from './headers.ts';

const PROBLEM = { content: { 'application/problem+json': { schema: problemSchema } } };

const namedRequestHeaders = z.object({
  'idempotency-key': z
    .string()
    .max(255)
    .optional()
    .describe(
      'Names the request: sent again within 24 hours, it is answered with the first answer',
    ),
});

/** What the reference says about a route, and the schemas its answers are checked against. */
export function openApiSchema(definition: Route): FastifySchema {
  const { params, query, body, form, access, scope, streams, limit } = definition;
  const isOpen = access === 'public';
  const responses: Record<string, unknown> = Object.fromEntries(
    Object.entries(definition.responses).map(([status, schema]) => [
      status,
      streams ? streamed(schema) : schema,
    ]),
  );
  return {
    summary: definition.summary,
    tags: [definition.tag],
    ...(isOpen ? {} : { security: [{ bearer: [] }, { apiKey: [] }, { cookie: [] }] }),
    ...(access === 'owner' ? { description: 'For the owner of the installation alone.' } : {}),
    ...(scope === undefined ? {} : { 'x-scope': scope }),
    ...(limit === undefined ? {} : { 'x-rate-limit': limit }),
    ...(form === undefined ? {} : { consumes: ['multipart/form-data'] }),
    ...(definition.method === 'POST' && !isOpen ? { headers: namedRequestHeaders } : {}),
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { querystring: query }),
    ...((body ?? form) ? { body: body ?? form } : {}),
    response: {
      ...responses,
      '4xx': { description: 'What is wrong with the request', ...PROBLEM },
      503: { description: 'The server cannot answer at the moment', ...PROBLEM },
    },
  };
}

function streamed(schema: z.ZodType) {
  return {
    description: 'A list, or with Accept: text/event-stream a stream',
    content: { 'application/json': { schema }, 'text/event-stream': { schema: z.string() } },
  };
}

/**
 * The reference: OpenAPI 3.1 at /docs/json, for people at /docs, and all error codes at /docs/errors, where the `type` of
 * every problem document leads. Registered before the features, whose routes it collects.
 */
export async function registerReference(
  app: FastifyInstance,
  errors: ErrorRegistry,
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Scriptorium',
        version: '1',
        description:
          'Every answer that is not a success is a problem document (RFC 9457) with a stable code, see [errors](/docs/errors).',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'Access token or API key' },
          apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
          cookie: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => withoutOrphans(jsonSchemaTransformObject(document)),
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    transformStaticCSP: () => PAGE_POLICY,
  });
  const page = errorPage(errors);
  app.get('/docs/errors', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(page),
  );
}

/**
 * Every named schema comes twice from zod, as it is sent and as it is received; what nothing refers to is noise.
 */
function withoutOrphans<Document extends object>(document: Document): Document {
  const text = JSON.stringify(document);
  const { components } = z
    .object({ components: z.object({ schemas: z.record(z.string(), z.unknown()) }) })
    .parse(document);
  for (const name of Object.keys(components.schemas)) {
    if (!text.includes(`"#/components/schemas/${name}"`)) delete components.schemas[name];
  }
  return { ...document, components };
}

function errorPage(errors: ErrorRegistry): string {
  const rows = [...errors]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(
      ([code, { status, title }]) =>
        `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${escape(title)}</td></tr>`,
    );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Error codes</title></head><body><h1>Error codes</h1><table><thead><tr><th>code</th><th>status</th><th>meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table></body></html>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
