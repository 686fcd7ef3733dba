import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { isAlias, isCollection, isMap, isNode, isPair, isScalar, LineCounter, type Document, type Node } from 'yaml';
import { z } from 'zod';
import { namesSecret } from '../domain/plan/masked.js';
import { playbookSchema, type Playbook } from '../domain/plan/playbook.js';
import { didYouMean } from '../domain/text/did-you-mean.js';
import { PlaybookFileError } from './playbook-file-error.js';
import { readYaml } from './yaml-text.js';

/** More than this is no playbook, and would take long to read. */
const MOST_BYTES = 128 * 1024;

/** Reads and validates a playbook file. Throws {@link PlaybookFileError}. */
export async function readPlaybookFile(file: string): Promise<Playbook> {
  let bytes;
  try {
    bytes = await beginningOf(file);
  } catch (error) {
    throw new PlaybookFileError([
      `${file}: can't be read (${(error as NodeJS.ErrnoException).code}). Name the playbook file with --playbook or GOLIVE_PLAYBOOK.`,
    ]);
  }
  if (bytes.length > MOST_BYTES)
    throw new PlaybookFileError([`${file}: has more than ${MOST_BYTES} bytes, too many for a playbook file.`]);
  const text = bytes.toString('utf8');
  if (!isUtf8(bytes)) {
    const line = text.slice(0, text.indexOf('\ufffd')).split('\n').length;
    throw new PlaybookFileError([`${file}:${line}: this isn't UTF-8. Save the file as UTF-8.`]);
  }
  return parsePlaybook(text, file);
}

/** A byte more than may be, whatever is behind the name: a pipe may never end. */
async function beginningOf(file: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(file, { end: MOST_BYTES })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const MOST_FAULTS = 50;

/** Parses a playbook file's text; `file` is only named in the faults. Throws {@link PlaybookFileError}. */
export function parsePlaybook(text: string, file: string): Playbook {
  const lines = new LineCounter();
  const at = (offset: number) => `${file}:${lines.linePos(offset).line}`;
  const yaml = readYaml(text, lines);
  if ('sentence' in yaml) throw new PlaybookFileError([`${at(yaml.offset)}: ${yaml.sentence}`]);
  const { document } = yaml;
  const parsed = playbookSchema.safeParse(yaml.value);
  if (parsed.success) return parsed.data;
  // Said only once it is known which: each takes a search in the file.
  const faults = parsed.error.issues.flatMap((issue): (() => string)[] => {
    const path = issue.path as (string | number)[];
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map(
        (key) => () =>
          `${at(offsetOfKey(document, path, key))}: ${[...path, key].join('.')}: unknown key.${didYouMean(key, knownKeys(path))}`,
      );
    return [
      () =>
        `${at(offsetOf(document, path))}: ${path.join('.') || 'the file'}: ${withoutPasswords(inWords(issue))}${shown(document, path)}`,
    ];
  });
  throw new PlaybookFileError([
    ...faults.slice(0, MOST_FAULTS).map((say) => say()),
    ...(faults.length > MOST_FAULTS ? [`${file}: and ${faults.length - MOST_FAULTS} faults more`] : []),
  ]);
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

/** What stands at a path, through aliases; undefined when nothing does. */
function nodeAt(document: Document, path: readonly (string | number)[]): Node | undefined {
  let node: unknown = document.contents;
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document);
    node = isCollection(node) ? node.get(key, true) : undefined;
  }
  return isNode(node) ? node : undefined;
}

/** Where the node at a path is, or the closest one around it that is there. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = nodeAt(document, path.slice(0, length));
    if (node?.range) return node.range[0];
  }
  return 0;
}

function offsetOfKey(document: Document, path: readonly (string | number)[], key: string): number {
  const found = nodeAt(document, path);
  const map = isAlias(found) ? found.resolve(document) : found;
  const pair = isMap(map)
    ? map.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key)
    : undefined;
  return isScalar(pair?.key) && pair.key.range ? pair.key.range[0] : offsetOf(document, path);
}

const LONGEST_SHOWN = 80;
const withoutPasswords = (text: string): string => text.replace(/:\/\/.*@/s, '://…@');

function shown(document: Document, path: readonly (string | number)[]): string {
  const found = nodeAt(document, path);
  const node = isAlias(found) ? found.resolve(document) : found;
  if (node === undefined) return path.length === 0 ? ' (it is empty)' : ' (it is missing)';
  if (!isScalar(node)) return '';
  const key = path.findLast((each) => typeof each === 'string');
  if (key !== undefined && namesSecret(key)) return ' (its value is not shown)';
  const text = [...withoutPasswords(JSON.stringify(node.value))];
  return ` (it is ${text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN).join('')}…` : text.join('')})`;
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
