import { escaped } from '../domain/text/escaped.js';

/** Markup that is whole and safe as it stands. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | undefined | readonly (Html | string)[];

/** Markup with values in it: text becomes harmless text, markup stays markup, a list comes one after the other, and `undefined` is nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(strings.reduce((all, string, index) => all + shown(values[index - 1]) + string));
}

function shown(value: Part): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(shown).join('');
  return harmless(String(value));
}

/** Text as text of a page, also inside of an attribute in quotes: its line ends stay, what would reorder it is shown as an escape. */
export function harmless(text: string): string {
  return text
    .split(/\r?\n/)
    .map(escaped)
    .join('\n')
    .replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Markup for all of what there is, or nothing when there is none. */
export const forEach = <T>(all: readonly T[], make: (each: T, index: number) => Html): Html =>
  new Html(all.map((each, index) => make(each, index).text).join('\n'));

export const NONE = new Html('');
