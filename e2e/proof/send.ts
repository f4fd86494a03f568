import { problemSchema, type Problem, type Route } from '@scriptorium/contract';
import type { Example } from './examples.ts';

export interface Answer {
  readonly status: number;
  readonly mediaType: string;
  readonly text: string;
  /** Absent for a success, and for a refusal that is no problem document. */
  readonly problem: Problem | undefined;
}

export function pathOf(route: Route, params: Example['params'] = {}): string {
  return route.path.replaceAll(/:(\w+)/gu, (_, name: string) =>
    encodeURIComponent(String(params[name] ?? '')),
  );
}

/** Sends an example as it is, whatever the client of the contract would say about it. */
export async function sendExample(
  baseUrl: string,
  route: Route,
  example: Example,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const url = new URL(pathOf(route, example.params), baseUrl);
  for (const [name, value] of Object.entries(example.query ?? {})) {
    url.searchParams.set(name, String(value));
  }
  const { body } = example;
  const response = await fetch(url, {
    method: route.method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...example.headers,
      ...headers,
    },
    body: body === undefined ? formOf(example) : JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  return await answerOf(response);
}

function formOf({ form }: Example): FormData | null {
  if (form === undefined) return null;
  const data = new FormData();
  for (const [name, value] of Object.entries(form)) data.append(name, value);
  return data;
}

export async function answerOf(response: Response): Promise<Answer> {
  const mediaType = response.headers.get('content-type')?.split(';', 1)[0] ?? '';
  const text = await response.text();
  const isProblem = mediaType === 'application/problem+json';
  const problem = isProblem ? problemSchema.safeParse(JSON.parse(text)).data : undefined;
  return { status: response.status, mediaType, text, problem };
}
