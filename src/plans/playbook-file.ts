import { readFile } from 'node:fs/promises';
import { isMap, isPair, isScalar, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { z } from 'zod';
import { playbookSchema, type Playbook } from '../domain/playbook.js';
import { didYouMean } from '../domain/did-you-mean.js';

/** The playbook file can't be used. The message has one line per fault: file, line, place and a sentence that helps. */
export class PlaybookFileError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'PlaybookFileError';
  }
}

/** Reads and validates a playbook file. Throws {@link PlaybookFileError}. */
export async function readPlaybookFile(file: string): Promise<Playbook> {
  let text;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new PlaybookFileError([
      `${file}: can't be read (${(error as NodeJS.ErrnoException).code}). Name the playbook file with --playbook or GOLIVE_PLAYBOOK.`,
    ]);
  }
  return parsePlaybook(text, file);
}

/** Parses a playbook file's text; `file` is only named in the faults. Throws {@link PlaybookFileError}. */
export function parsePlaybook(text: string, file: string): Playbook {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => `${file}:${lines.linePos(offset).line}`;
  // One broken line breaks all that follow it: the first fault is the one to mend.
  const [broken] = document.errors;
  if (broken)
    throw new PlaybookFileError([
      `${at(broken.pos[0])}: this isn't YAML: ${broken.message}. A value that has {braces} or begins with a special character needs quotes.`,
    ]);
  const parsed = playbookSchema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  throw new PlaybookFileError(
    parsed.error.issues.flatMap((issue) => {
      const path = issue.path as (string | number)[];
      if (issue.code === 'unrecognized_keys') {
        const known = knownKeys(path);
        return issue.keys.map(
          (key) =>
            `${at(offsetOfKey(document, path, key))}: ${[...path, key].join('.')}: unknown key.${didYouMean(key, known)}`,
        );
      }
      return [
        `${at(offsetOf(document, path))}: ${path.join('.') || 'the file'}: ${inWords(issue)}${shown(document, path)}`,
      ];
    }),
  );
}

const KINDS: Record<string, string> = {
  object: 'a group of keys',
  record: 'a group of keys',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

/** What zod says of a wrong kind of value, in the words of the file. */
function inWords(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_type' && issue.message.startsWith('Invalid input')
    ? `must be ${KINDS[issue.expected] ?? issue.expected}`
    : issue.message;
}

/** Where the node at a path is, or the closest one around it that is there. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as Node | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}

function offsetOfKey(document: Document, path: readonly (string | number)[], key: string): number {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  const pair = isMap(map)
    ? map.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key)
    : undefined;
  return isScalar(pair?.key) && pair.key.range ? pair.key.range[0] : offsetOf(document, path);
}

function shown(document: Document, path: readonly (string | number)[]): string {
  const node = document.getIn(path, true);
  if (node === undefined) return ' (it is missing)';
  return isScalar(node) ? ` (it is ${JSON.stringify(node.value)})` : '';
}

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
}

/** The keys the schema knows at a path. */
function knownKeys(path: readonly (string | number)[]): string[] {
  let schema = z.toJSONSchema(playbookSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema | undefined;
  for (const key of path) {
    const more: JsonSchema | boolean | undefined = schema?.additionalProperties;
    schema = schema?.properties?.[key] ?? schema?.items ?? (typeof more === 'object' ? more : undefined);
  }
  return Object.keys(schema?.properties ?? {});
}
