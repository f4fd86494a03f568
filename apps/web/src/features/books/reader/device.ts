import type { ReadingDevice } from '@scriptorium/contract';
import { readSetting, writeSetting } from '../../../app/settings.ts';

/** In this order: most browsers name others, too. */
const BROWSERS = [
  ['Edge', /Edg(?:e|A|iOS)?\//u],
  ['Opera', /OPR\/|Opera/u],
  ['Samsung Internet', /SamsungBrowser\//u],
  ['Firefox', /Firefox\/|FxiOS\//u],
  ['Chrome', /Chrome\/|CriOS\//u],
  ['Safari', /Safari\//u],
] as const;

const SYSTEMS = [
  ['Android', /Android/u],
  ['iPhone', /iPhone/u],
  ['iPad', /iPad/u],
  ['Windows', /Windows/u],
  ['macOS', /Mac OS X|Macintosh/u],
  ['ChromeOS', /CrOS/u],
  ['Linux', /Linux|X11/u],
] as const;

/**
 * How people recognise a device in a list of theirs: `Firefox · Android`. Names alone, so that it means the same in every language in which
 * it may be read on another device.
 */
export function deviceLabel(userAgent: string): string {
  const nameIn = (names: readonly (readonly [string, RegExp])[]) =>
    names.find(([, sign]) => sign.test(userAgent))?.[0];
  const known = [nameIn(BROWSERS), nameIn(SYSTEMS)].filter((name) => name !== undefined);
  return known.length === 0 ? 'Web' : known.join(' · ');
}

/** This browser, named once and for as long as it keeps anything; undefined where it keeps nothing, which would be a new one each time. */
export function thisDevice(): ReadingDevice | undefined {
  if (readSetting('device') === null) writeSetting('device', makeId());
  const id = readSetting('device');
  return id === null ? undefined : { id, label: deviceLabel(navigator.userAgent) };
}

/** A UUID of version 4. By hand: `crypto.randomUUID` is only there over https, which a machine at home need not have. */
function makeId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const variant = ((bytes[8] ?? 0) & 3) + 8;
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `${variant.toString(16)}${digits.slice(17, 20)}`,
    digits.slice(20),
  ].join('-');
}
