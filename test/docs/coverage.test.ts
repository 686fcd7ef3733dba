import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** The lines of the playbook that say something, with their numbers. */
const playbook = read('docs/playbook.md')
  .split('\n')
  .map((text, index) => ({ number: index + 1, text: text.trim() }))
  .filter(({ text }) => text !== '' && text !== '---' && !text.startsWith('```'));

interface Row {
  readonly number: number;
  readonly text: string;
  readonly code: readonly string[];
  readonly tests: readonly string[];
}

/** `| 12 | line | code<br>code | test<br>test |` */
const rows: Row[] = read('docs/coverage.md')
  .split('\n')
  .flatMap((line) => {
    const cells = /^\| (\d+) \| (.*) \| (.*) \| (.*) \|$/.exec(line);
    if (!cells) return [];
    const [, number, text = '', code = '', tests = ''] = cells;
    return [
      {
        number: Number(number),
        text: text.replace(/^(`+) (.*) \1$/, '$2'),
        code: code.split('<br>'),
        tests: tests.split('<br>'),
      },
    ];
  });

test('every line of the playbook has its row, word for word', () => {
  expect(rows.map(({ number, text }) => `${number}: ${text}`)).toEqual(
    playbook.map(({ number, text }) => `${number}: ${text}`),
  );
});

test('every piece of code that is named is there', () => {
  expect(
    rows.flatMap(({ number, code }) =>
      code
        .filter((each) => !isThere(each, /^`(\S+)` (.+)$/, (word) => [word]))
        .map((each) => `line ${number}: ${each}`),
    ),
  ).toEqual([]);
});

test('every test that is named is there', () => {
  expect(
    rows.flatMap(({ number, tests }) =>
      tests.filter((each) => !isThere(each, /^`(\S+)` “(.+)”$/, quoted)).map((each) => `line ${number}: ${each}`),
    ),
  ).toEqual([]);
});

/** Whether a reference names a file and words in it. */
function isThere(reference: string, form: RegExp, find: (words: string) => readonly string[]): boolean {
  const [, path, words] = form.exec(reference) ?? [];
  if (path === undefined || words === undefined || !existsSync(new URL(path, root))) return false;
  const text = read(path);
  return find(words).some((each) => text.includes(each));
}

/** A title as it stands in a test file: at the beginning of a string. */
const quoted = (title: string) => ["'", '"'].map((quote) => quote + title);
