import { useMemo } from 'react';
import type { Language } from './language.ts';
import { useLanguage } from './language-context.tsx';

/** How the chosen language writes what is not words. */
export interface Formats {
  number(value: number): string;
  /** With its sign, as in a statement: `+12.5`, `−3`. */
  signed(value: number): string;
  /** From 0 to 100. */
  percent(value: number): string;
  /** In whole bytes; decimal prefixes, as file managers show. */
  bytes(value: number): string;
  /** Such as `formats.money(1.5, 'EUR')`. */
  money(value: number, currency: string): string;
  date(moment: Date | string): string;
  /** Date and time to the second. */
  exact(moment: Date | string): string;
  /** Hours and minutes. */
  clock(moment: Date | string): string;
  /** `3 minutes ago`, `in 2 hours`. */
  relative(moment: Date | string, now?: number): string;
  /** `1 min 20 s`, from seconds. */
  duration(seconds: number): string;
  list(items: readonly string[]): string;
  /** `French`, from `fr`; the tag itself where the browser does not know it. */
  language(tag: string): string;
}

/** Formats in the language of the interface. */
export function useFormats(): Formats {
  const { language } = useLanguage();
  return useMemo(() => formatsFor(language), [language]);
}

const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** The formats of one language, outside of React. */
export function formatsFor(language: Language): Formats {
  const number = new Intl.NumberFormat(language);
  const signed = new Intl.NumberFormat(language, { signDisplay: 'exceptZero' });
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const exact = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'medium' });
  const clock = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const list = new Intl.ListFormat(language, { type: 'conjunction' });
  const names = new Intl.DisplayNames(language, { type: 'language' });
  const unit = (value: number, name: string, digits = 0) =>
    new Intl.NumberFormat(language, {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: digits,
    }).format(value);
  return {
    number: (value) => number.format(value),
    signed: (value) => signed.format(value),
    percent: (value) => percent.format(value / 100),
    bytes(value) {
      const step = Math.min(Math.floor(Math.log10(Math.max(value, 1)) / 3), BYTE_UNITS.length - 1);
      return unit(value / 1000 ** step, BYTE_UNITS[step] ?? 'byte', step > 1 ? 1 : 0);
    },
    money: (value, currency) =>
      new Intl.NumberFormat(language, { style: 'currency', currency }).format(value),
    date: (moment) => date.format(new Date(moment)),
    exact: (moment) => exact.format(new Date(moment)),
    clock: (moment) => clock.format(new Date(moment)),
    relative(moment, now = Date.now()) {
      const seconds = (new Date(moment).getTime() - now) / 1000;
      const [name, size] = UNITS.find(([, least]) => Math.abs(seconds) >= least) ?? ['second', 1];
      return relative.format(Math.round(seconds / size), name);
    },
    duration(seconds) {
      const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
      if (hours > 0) return `${unit(hours, 'hour')} ${unit(minutes, 'minute')}`;
      if (minutes > 0)
        return `${unit(minutes, 'minute')} ${unit(Math.floor(seconds % 60), 'second')}`;
      return unit(seconds, 'second', seconds < 10 ? 1 : 0);
    },
    list: (items) => list.format(items),
    language: (tag) => languageName(names, tag),
  };
}

/** A book may name a language that is none. */
function languageName(names: Intl.DisplayNames, tag: string): string {
  try {
    return names.of(tag) ?? tag;
  } catch (error) {
    if (error instanceof RangeError) return tag;
    throw error;
  }
}
