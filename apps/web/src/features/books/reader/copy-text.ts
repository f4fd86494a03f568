import { notifications } from '@mantine/notifications';
import type { ReaderWords } from './kind-words.ts';

/** Copies, or, where the browser does not let pages do that, selects what is to be copied and says so. */
export async function copyText(
  text: string,
  shown: HTMLElement | null,
  t: ReaderWords,
): Promise<void> {
  const isCopied = await writeToClipboard(text);
  if (!isCopied && shown !== null) getSelection()?.selectAllChildren(shown);
  notifications.show({ message: isCopied ? t('copied') : t('copyRefused'), withBorder: true });
}

async function writeToClipboard(text: string): Promise<boolean> {
  // Only a page that came over https, or from this machine, has a clipboard.
  if (!('clipboard' in navigator)) return false;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
}
