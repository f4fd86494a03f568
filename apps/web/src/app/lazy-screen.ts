import { lazyRouteComponent, type AsyncRouteComponent } from '@tanstack/react-router';
import { loadAllWords, spokenLanguage } from '../i18n/index.ts';

/**
 * A screen whose code is fetched when somebody goes there, together with its words: a part of it that came to need them later
 * would hide the whole screen until they are there, at least for the 300 ms that React leaves a placeholder standing.
 */
export function lazyScreen<Name extends string>(
  importer: () => Promise<Readonly<Record<Name, Screen>>>,
  name: Name,
): AsyncRouteComponent<object> {
  return lazyRouteComponent(async () => {
    const known = loadAllWords(spokenLanguage());
    const code = await importer();
    await Promise.all([known, loadAllWords(spokenLanguage())]);
    return { default: code[name] };
  });
}

type Screen = () => React.ReactNode;
