import {
  isAlias,
  isNode,
  isPair,
  isScalar,
  parseDocument,
  visit,
  type Document,
  type LineCounter,
  type Node,
  type YAMLError,
} from 'yaml';

/** What is wrong with a text as YAML: where, and a sentence that helps. */
export interface YamlFault {
  readonly offset: number;
  readonly sentence: string;
}

const MOST_DEPTH = 50;
const TOO_DEEP = 'lists and groups lie too deep in each other';

/**
 * Reads a playbook file's text as YAML, or says what it can't have, though a parser may take it. The file holds what it says: an anchor with its
 * aliases is fine; a tag, a merge key, a second document or the same key twice would say something else than what people read.
 */
export function readYaml(text: string, lineCounter: LineCounter): { document: Document; value: unknown } | YamlFault {
  const document: Document = parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    stringKeys: true,
    resolveKnownTags: false,
  });
  // One broken line breaks all that follow it: the first fault is the one to mend. A tag that nobody knows is only a warning to the parser.
  const [broken] = [...document.errors, ...document.warnings];
  if (broken) return { offset: broken.pos[0], sentence: parserSays(broken, text) };
  const odd = oddNode(document);
  if (odd.fault) return odd.fault;
  try {
    return { document, value: document.toJS() as unknown };
  } catch (error) {
    // The parser counts what aliases of aliases come to.
    return {
      offset: odd.firstAlias ?? 0,
      sentence: `aliases of aliases come to more than is read (${(error as Error).message}). Write the values out`,
    };
  }
}

function parserSays({ code, message, pos: [from, to] }: YAMLError, text: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return `"${/^[^\s:]*/.exec(text.slice(from, from + 80))?.[0]}" is a duplicate key, and only one of the two could count`;
    case 'MULTIPLE_DOCS':
      return 'a second document begins here. A playbook file is one document: leave the --- out';
    case 'TAG_RESOLVE_FAILED':
      return `the tag ${text.slice(from, Math.min(to, from + 80)).trim()} isn't read. Write the value itself, or \${VAR} for a variable of the worker`;
    case 'NON_STRING_KEY':
      return 'a key must be text';
    case 'TAB_AS_INDENT':
      return "this isn't YAML: a tab doesn't indent. Use spaces";
    case 'RESOURCE_EXHAUSTION':
      return TOO_DEEP;
    default:
      return `this isn't YAML: ${message}. A value that has {braces} or begins with a special character needs quotes.`;
  }
}

/** The first node that a playbook file can't have, in the order of the file. */
function oddNode(document: Document): { fault?: YamlFault; firstAlias?: number } {
  const anchors = new Map<string, Node>();
  let fault: YamlFault | undefined;
  let firstAlias: number | undefined;
  visit(document, (_, node, path) => {
    const sentence = () => {
      // Each step down is a collection, and in a group a pair.
      if (path.length > 2 * MOST_DEPTH) return TOO_DEEP;
      if (isPair(node) && isScalar(node.key) && node.key.value === '<<')
        return 'merge keys (<<) are not read. Write the keys out, or give a whole value an &anchor and use its *alias';
      if (!isAlias(node)) return undefined;
      firstAlias ??= offsetOf(node);
      const target = anchors.get(node.source);
      if (!target) return `*${node.source} has no &${node.source} before it`;
      return path.includes(target) ? `*${node.source} lies in what it stands for` : undefined;
    };
    const says = sentence();
    if (says !== undefined) {
      fault = { offset: offsetOf(isPair(node) ? node.key : node), sentence: says };
      return visit.BREAK;
    }
    if (isNode(node) && !isAlias(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
    return undefined;
  });
  return { ...(fault ? { fault } : {}), ...(firstAlias === undefined ? {} : { firstAlias }) };
}

const offsetOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);
