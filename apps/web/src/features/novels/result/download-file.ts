import { renewSession } from '../../../api/client.ts';
import { refusalOf } from '../../../api/send-form.ts';

/**
 * Fetches a file of this server and hands it to the browser to keep, under the name that the server gives it. A plain link would save the
 * refusal as a file when the session has just expired.
 *
 * @throws ApiError
 */
export async function downloadFile(path: string): Promise<void> {
  const first = await fetch(path);
  const answer = first.status === 401 && (await renewSession()) ? await fetch(path) : first;
  if (!answer.ok) throw refusalOf(answer.status, await answer.text());
  const url = URL.createObjectURL(await answer.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = nameOf(answer) ?? '';
  link.click();
  URL.revokeObjectURL(url);
}

/** The name in its second form (RFC 6266), which carries every script. */
function nameOf(answer: Response): string | undefined {
  const [, name] =
    /filename\*=UTF-8''(\S+)/u.exec(answer.headers.get('content-disposition') ?? '') ?? [];
  return name === undefined ? undefined : decodeURIComponent(name);
}
