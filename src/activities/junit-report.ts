import { open } from 'node:fs/promises';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { lastLine } from '../domain/command.js';
import { systemErrorCode } from '../durable-file.js';
import { redactText } from '../ledger/redaction.js';
import type { SmokeTest } from '../domain/smoke-report.js';

/** Far more than a smoke's report has; more is no smoke. */
const LARGEST_BYTES = 4 * 1024 * 1024;
const DEEPEST = 20;

/** Reads a JUnit report. Never throws for what is in the file: `unreadable` says what was expected and what came, for people. */
export async function readJunitReport(
  path: string,
  secrets: readonly string[],
): Promise<{ tests: SmokeTest[] } | { unreadable: string }> {
  const text = await textOf(path);
  if (typeof text !== 'string') return text;
  const parsed = parseJunit(text);
  if (!Array.isArray(parsed)) return { unreadable: `the report ${path} is unreadable: ${parsed.why}` };
  // Only now: in the file a secret may be written with escapes.
  const shown = (words: string) => redactText(words, secrets);
  return {
    tests: parsed.map(({ name, state, said }) => ({
      name: shown(name),
      state,
      ...(said === undefined ? {} : { said: shown(said) }),
    })),
  };
}

async function textOf(path: string): Promise<string | { unreadable: string }> {
  try {
    const file = await open(path, 'r');
    try {
      const about = await file.stat();
      // A pipe or a device would be waited for, or never end.
      if (!about.isFile()) return { unreadable: `${path} is no file, expected a JUnit report` };
      if (about.size > LARGEST_BYTES)
        return { unreadable: `the report ${path} has ${about.size} bytes, at most ${LARGEST_BYTES} are read` };
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return { unreadable: `it wrote no report to ${path}` };
    return { unreadable: `its report can't be read: ${(error as Error).message}` };
  }
}

/** A node of the parser's ordered output: one key is the tag, `:@` has its attributes. */
type Node = Readonly<Record<string, unknown>>;
const ATTRIBUTES = ':@';

/** The tests of a JUnit text, in order. Exported for its tests. */
export function parseJunit(text: string): SmokeTest[] | { why: string } {
  // No document type: entities are neither expanded nor defined.
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) return { why: 'it has a document type, which a JUnit report has no use for' };
  const valid = XMLValidator.validate(text);
  if (valid !== true) return { why: `line ${valid.err.line}: ${valid.err.msg}` };
  let nodes: Node[];
  try {
    const parser = new XMLParser({
      preserveOrder: true,
      ignoreAttributes: false,
      attributeNamePrefix: '',
      parseTagValue: false,
      parseAttributeValue: false,
      processEntities: false,
      ignoreDeclaration: true,
      ignorePiTags: true,
    });
    nodes = parser.parse(text) as Node[];
  } catch (error) {
    return { why: (error as Error).message };
  }
  const roots = nodes.filter((node) => 'testsuites' in node || 'testsuite' in node);
  if (roots.length === 0) return { why: 'it has no testsuite' };
  return casesIn(roots, 0).map(testOf);
}

function casesIn(nodes: readonly Node[], depth: number): Node[] {
  if (depth > DEEPEST) return [];
  return nodes.flatMap((node) => {
    if ('testcase' in node) return [node];
    return casesIn([...childrenOf(node, 'testsuites'), ...childrenOf(node, 'testsuite')], depth + 1);
  });
}

const childrenOf = (node: Node, tag: string): Node[] => (Array.isArray(node[tag]) ? (node[tag] as Node[]) : []);

function testOf(node: Node): SmokeTest {
  const children = childrenOf(node, 'testcase');
  const name =
    [attribute(node, 'classname'), attribute(node, 'name')].filter(Boolean).join('.') || 'a test without a name';
  const wrong = children.find((child) => 'failure' in child) ?? children.find((child) => 'error' in child);
  if (wrong) {
    const message = attribute(wrong, 'message').split('\n')[0] ?? '';
    // The words of pytest for a module it could not import, and for its own crash: no test of the release was run, and only the text says why.
    const notRun = 'error' in wrong && /^(collection failure|internal error)$/.test(message);
    const said = notRun ? lastLine(textOfNode(wrong)) || message : message;
    return { name, state: notRun ? 'collection' : 'failed', ...(said === '' ? {} : { said }) };
  }
  return { name, state: children.some((child) => 'skipped' in child) ? 'skipped' : 'passed' };
}

const textOfNode = (node: Node): string =>
  unescaped(
    childrenOf(node, 'error')
      .flatMap((child) => (typeof child['#text'] === 'string' ? [child['#text']] : []))
      .join('\n'),
  );

function attribute(node: Node, name: string): string {
  const attributes = node[ATTRIBUTES];
  const value =
    typeof attributes === 'object' && attributes !== null && Object.hasOwn(attributes, name)
      ? (attributes as Record<string, unknown>)[name]
      : '';
  return typeof value === 'string' ? unescaped(value) : '';
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&amp;': '&',
  '&#10;': '\n',
};
/** The five entities XML itself has, and a line break; everything else stays as it is written. */
const unescaped = (value: string): string =>
  value.replace(/&(?:lt|gt|quot|apos|amp|#10);/g, (escape) => ESCAPES[escape] ?? escape);
