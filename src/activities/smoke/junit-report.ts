import { open } from 'node:fs/promises';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { lastLine } from '../../domain/commands/command.js';
import { shortened } from '../../domain/text/cut-text.js';
import {
  countedTests,
  Unreadable,
  type ReportedSuite,
  type TestRecord,
  type Totals,
} from '../../domain/smoke/reported-suites.js';
import { saidOfItself } from '../../domain/smoke/said-of-itself.js';
import { areasOf, type Areas, type SmokeTest } from '../../domain/smoke/smoke-report.js';
import { systemErrorCode } from '../../durable-file.js';
import { redactText } from '../../ledger/redaction.js';

/** Far more than a smoke's report has; more is no smoke. */
const LARGEST_BYTES = 4 * 1024 * 1024;
const LONGEST_WHY = 400;

/**
 * Reads a JUnit report. Never throws for what is in the file: `unreadable` says what was expected and what came, for people.
 * @param secrets values that are taken out of every text
 * @param areas looked up for each test before that
 */
export async function readJunitReport(
  path: string,
  secrets: readonly string[],
  areas?: Areas,
): Promise<{ tests: SmokeTest[] } | { unreadable: string }> {
  const shown = (words: string) => redactText(words, secrets);
  const text = await textOf(path);
  if (typeof text !== 'string') return text;
  const parsed = parseJunit(text);
  if (!Array.isArray(parsed))
    return { unreadable: `the report ${path} is unreadable: ${shortened(shown(parsed.why), LONGEST_WHY)}` };
  return {
    tests: parsed.map(({ name, state, said }) => ({
      name: shown(name),
      state,
      ...(areas === undefined ? {} : { areas: areasOf(name, areas) }),
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
      if (!about.isFile()) return { unreadable: `${path} is not a file; expected a JUnit report` };
      if (about.size > LARGEST_BYTES)
        return { unreadable: `the report ${path} has ${about.size} bytes, at most ${LARGEST_BYTES} are read` };
      return decoded(path, await file.readFile());
    } finally {
      await file.close();
    }
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return { unreadable: `it wrote no report to ${path}` };
    return { unreadable: `its report can't be read: ${(error as Error).message}` };
  }
}

function decoded(path: string, bytes: Buffer): string | { unreadable: string } {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { unreadable: `the report ${path} is unreadable: it is not UTF-8, or cut inside a character` };
  }
}

/** A node of the parser's ordered output: one key is the tag, `:@` has its attributes. */
type Node = Readonly<Record<string, unknown>>;
const ATTRIBUTES = ':@';
const TEXT = '#text';
const CDATA = '#cdata';

const PARSER = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  textNodeName: TEXT,
  // Apart from text: in it `&amp;` is five characters.
  cdataPropName: CDATA,
  // `a ` and `a` are two tests.
  trimValues: false,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: 100,
});

/** The tests of a JUnit text. Exported for its tests. */
export function parseJunit(text: string): SmokeTest[] | { why: string } {
  try {
    // No document type: entities are neither expanded nor defined.
    if (hasDoctype(text)) return { why: 'it has a document type, which a JUnit report has no use for' };
    const valid = XMLValidator.validate(text);
    if (valid !== true) return { why: `line ${valid.err.line}: ${valid.err.msg}` };
    return countedTests(rootOf(PARSER.parse(text) as Node[]));
  } catch (error) {
    return { why: (error as Error).message };
  }
}

/** Declarations count only outside of comments, CDATA and processing instructions. Throws for one of those that doesn't end. */
function hasDoctype(text: string): boolean {
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    const opaque = OPAQUE.find(([start]) => text.startsWith(start, at));
    if (opaque) {
      const [start, end] = opaque;
      const closed = text.indexOf(end, at + start.length);
      if (closed < 0) throw new Unreadable(`a ${start} has no ${end}`);
      at = closed;
    } else if (text.startsWith('<!', at)) return true;
  }
  return false;
}
const OPAQUE = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

function rootOf(nodes: readonly Node[]): ReportedSuite {
  const roots = nodes.filter((node) => !isBlank(node));
  const [root] = roots;
  if (root === undefined || !SUITES.has(tagOf(root))) throw new Unreadable('it has no testsuite');
  if (roots.length > 1)
    throw new Unreadable('it has more than one root, as if reports were written one after the other');
  return suiteOf(root);
}

const SUITES = new Set(['testsuites', 'testsuite']);
/** What says nothing about whether a test passed. */
const BESIDE = new Set(['properties', 'system-out', 'system-err']);
const FAULTS = new Set(['failure', 'error']);
/** Earlier tries of a test (Maven Surefire, nextest, older pytest-rerunfailures): those that failed before it passed, and those that failed again. */
const FLAKES = new Set(['flakyFailure', 'flakyError', 'rerun']);
const RERUNS = new Set(['rerunFailure', 'rerunError']);
/** What an element has inside; every other one has only text. */
const INSIDE: Readonly<Record<string, ReadonlySet<string>>> = {
  properties: new Set(['property']),
  ...Object.fromEntries(
    [...FLAKES, ...RERUNS].map((tag) => [tag, new Set(['stackTrace', 'system-out', 'system-err'])]),
  ),
};

function suiteOf(node: Node): ReportedSuite {
  const name = attribute(node, 'name');
  const records: TestRecord[] = [];
  const suites: ReportedSuite[] = [];
  for (const child of childrenOf(node)) {
    const tag = tagOf(child);
    if (SUITES.has(tag)) suites.push(suiteOf(child));
    else if (tag === 'testcase') records.push(recordOf(child));
    else if (FAULTS.has(tag)) throw new Unreadable(`the suite "${name}" has an error of its own: ${faultOf(child)}`);
    else if (!isBlank(child)) takeNoNotice(child, BESIDE, `the suite "${name}"`);
  }
  const place = ['hostname', 'package', 'file'].map((each) => attribute(node, each)).join(' ');
  const said = saidOfItself((of) => attribute(node, of), 'suite');
  return { name, place, totals: totalsOf(node, name), said, records, suites };
}

const TOTALS = ['tests', 'failures', 'errors', 'skipped', 'disabled'] as const;

function totalsOf(node: Node, name: string): Totals {
  const totals: Partial<Record<(typeof TOTALS)[number], number>> = {};
  for (const total of TOTALS) {
    if (!hasAttribute(node, total)) continue;
    const written = attribute(node, total);
    if (!/^\d{1,9}$/.test(written)) throw new Unreadable(`the suite "${name}" says ${total}="${written}"`);
    totals[total] = Number(written);
  }
  return totals;
}

function recordOf(node: Node): TestRecord {
  const words = [attribute(node, 'classname'), attribute(node, 'name')];
  const name = words.filter(Boolean).join('.');
  const children = childrenOf(node).filter((child) => !isBlank(child));
  for (const child of children) takeNoNotice(child, IN_A_TEST, `the test "${name}"`);
  const of = (tags: ReadonlySet<string>) => children.filter((child) => tags.has(tagOf(child)));
  const [faults, again, flakes] = [of(FAULTS), of(RERUNS), of(FLAKES)];
  const wrong = faults.find((child) => tagOf(child) === 'failure') ?? faults[0];
  if (again.length > 0 && !wrong) throw new Unreadable(`the test "${name}" failed again, and has no failure`);
  const verdict = wrong ? verdictOf(wrong) : { state: statusOf(node, name, of(SKIPPED).length > 0) };
  return {
    ...(name === '' ? {} : { id: [attribute(node, 'file'), ...words] }),
    name: name === '' ? 'a test without a name' : name,
    ...verdict,
    faults: (verdict.state === 'failed' ? Math.max(faults.length, 1) : faults.length) + again.length + flakes.length,
    tries: again.length + flakes.length,
  };
}

const SKIPPED = new Set(['skipped']);
const IN_A_TEST = new Set([...BESIDE, ...FAULTS, ...FLAKES, ...RERUNS, ...SKIPPED]);

function verdictOf(wrong: Node): Pick<SmokeTest, 'state' | 'said'> {
  // The words of pytest for a module it could not import, and for its own crash: no test of the release was run, and only the text says why.
  const notRun = tagOf(wrong) === 'error' && /^(collection failure|internal error)$/.test(messageOf(wrong));
  const said = notRun ? lastLine(textIn(wrong)) || messageOf(wrong) : faultOf(wrong);
  return { state: notRun ? 'collection' : 'failed', ...(said === '' ? {} : { said }) };
}

const messageOf = (node: Node): string => attribute(node, 'message').split(/\r\n?|\n/)[0] ?? '';
const faultOf = (node: Node): string =>
  messageOf(node) ||
  (textIn(node)
    .trim()
    .split(/\r\n?|\n/)[0] ??
    '');

/** What a test without a failure says of itself; the worst of it counts. */
function statusOf(node: Node, name: string, skipped: boolean): SmokeTest['state'] {
  const said: SmokeTest['state'][] = saidOfItself((of) => attribute(node, of), 'test').map(({ written, state }) => {
    if (state === undefined) throw new Unreadable(`the test "${name}" says ${written}, which golive doesn't know`);
    return state;
  });
  if (skipped) said.push('skipped');
  return (['failed', 'not-run', 'skipped'] as const).find((state) => said.includes(state)) ?? 'passed';
}

/** Throws for an element that isn't `known`, and for elements where only text belongs: in them a test may be hidden. */
function takeNoNotice(node: Node, known: ReadonlySet<string>, where: string): void {
  const tag = tagOf(node);
  if (tag === TEXT || tag === CDATA) throw new Unreadable(`${where} has text where only elements belong`);
  if (!known.has(tag)) throw new Unreadable(`${where} has a <${tag}>, which golive doesn't know`);
  // Else it may be a failure by another name.
  if (BESIDE.has(tag) && Object.keys(attributesOf(node)).length > 0)
    throw new Unreadable(`${where} has a <${tag}> with attributes, which golive doesn't know`);
  for (const child of childrenOf(node))
    if (tagOf(child) !== TEXT && tagOf(child) !== CDATA)
      takeNoNotice(child, INSIDE[tag] ?? NOTHING, `<${tag}> in ${where}`);
}
const NOTHING: ReadonlySet<string> = new Set();

const tagOf = (node: Node): string => Object.keys(node).find((key) => key !== ATTRIBUTES) ?? '';

function childrenOf(node: Node): Node[] {
  const children = node[tagOf(node)];
  return Array.isArray(children) ? (children as Node[]) : [];
}

/** Text of nothing but white space, as between elements. */
const isBlank = (node: Node): boolean => typeof node[TEXT] === 'string' && node[TEXT].trim() === '';

const textIn = (node: Node): string =>
  childrenOf(node)
    .map((child) => (tagOf(child) === CDATA ? childrenOf(child).map(textOfNode).join('') : read(textOfNode(child))))
    .join('');

const textOfNode = (node: Node): string => (typeof node[TEXT] === 'string' ? node[TEXT] : '');

function attributesOf(node: Node): Readonly<Record<string, unknown>> {
  const attributes = node[ATTRIBUTES];
  return typeof attributes === 'object' && attributes !== null ? (attributes as Record<string, unknown>) : {};
}

const hasAttribute = (node: Node, name: string): boolean => Object.hasOwn(attributesOf(node), name);

function attribute(node: Node, name: string): string {
  const value = hasAttribute(node, name) ? attributesOf(node)[name] : '';
  return typeof value === 'string' ? read(value) : '';
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** XML's own five entities and its character references, decimal and hexadecimal; everything else stays as it is written. */
const read = (written: string): string =>
  written.replace(
    /&(?:#(\d+)|#x([\da-f]+)|(lt|gt|quot|apos|amp));/gi,
    (reference, decimal?: string, hexadecimal?: string, entity?: string) => {
      if (entity !== undefined) return ENTITIES[entity] ?? reference;
      const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
      const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
      return isCharacter ? String.fromCodePoint(code) : reference;
    },
  );
