/** The ways in which one piece of a secret may be written, as a tree of bytes. */
export interface Spellings {
  readonly next: Map<number, Spellings>;
  /** A spelling ends here. */
  whole: boolean;
}

/** A secret in one form: its pieces in order, each in any of its spellings. */
export type Form = readonly Spellings[];

/** A line of a secret of several counts alone from this length: a `{` is none. */
const SHORTEST_LINE = 8;
/** From so many bytes a secret is looked for in base64 and hex: of fewer the letters could be anything. */
const SHORTEST_ENCODED = 4;
/** A shorter password of a URL counts only within it: it may be any word. */
const SHORTEST_PASSWORD = 4;

/**
 * What a secret may look like in output: as it is, and with each of its characters escaped as in XML, JSON, a URL or a shell, also twice; each of its
 * lines; the password of a URL; in hex; in base64 at whatever place of what was encoded. A value of white space is none.
 */
export function formsOf(secret: string): Form[] {
  const value = secret.trim();
  if (value === '') return [];
  const lines = value.split(LINE_END).map((line) => line.trim());
  return [
    ...new Set([
      secret,
      value,
      ...(lines.length > 1 ? lines.filter((line) => line.length >= SHORTEST_LINE) : []),
      ...passwordsOfUrls(value).filter((password) => password.length >= SHORTEST_PASSWORD),
    ]),
  ].flatMap((text) => [characters(text), ...encodedForms(text)]);
}

/**
 * The passwords of the URLs in a secret, as they are written and decoded: programs put another scheme or database to the same password. Where it ends
 * isn't sure when it has an `@` or a `/` of its own, so whatever it may be counts.
 */
function passwordsOfUrls(value: string): string[] {
  return [...value.matchAll(/[a-z][a-z0-9+.-]*:\/\/[^\s:/?#@]*:/gi)].flatMap((start) => {
    const [line = ''] = value.slice(start.index + start[0].length).split(LINE_END, 1);
    const authority = /^[^/?#]*/.exec(line)?.[0] ?? '';
    const ends = [line.indexOf('@'), authority.lastIndexOf('@'), line.lastIndexOf('@')].filter((end) => end > 0);
    return ends.map((end) => line.slice(0, end)).flatMap((password) => [password, decoded(password)]);
  });
}

/** A `%` that isn't followed by two digits is itself. */
const decoded = (text: string): string =>
  text.replace(/(?:%[\da-f]{2})+/gi, (escapes) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'));

const LINE_END = /\r\n|\r|\n/;

const characters = (text: string): Form =>
  text
    .split(/(\r\n|\r|\n)/)
    .flatMap((part) => (LINE_END.test(part) ? [spellingsOf('\n')] : [...part].map(spellingsOf)));

const known = new Map<string, Spellings>();

function spellingsOf(character: string): Spellings {
  const there = known.get(character);
  if (there) return there;
  const once = character === '\n' ? ['\n', '\r', '\r\n'].flatMap(together) : escapesOf(character);
  const tree = treeOf([
    ...once,
    ...once.flatMap((spelling) => [inXml, inJson, inUrl].map((escape) => escape(spelling))),
  ]);
  known.set(character, tree);
  return tree;
}

/** Several characters escaped in one and the same way. */
function together(text: string): string[] {
  const each = [...text].map(escapesOf);
  return (each[0] ?? []).map((_, way) => each.map((ways) => ways[way] ?? '').join(''));
}

/** In one order for every character, so that several can be written in the same way. */
function escapesOf(character: string): string[] {
  const code = character.codePointAt(0) ?? 0;
  const [decimal, hexadecimal] = [String(code), code.toString(16)];
  const units = [...Array(character.length).keys()].map((at) => character.charCodeAt(at).toString(16).padStart(4, '0'));
  const bytes = [...Buffer.from(character)].map((byte) => byte.toString(16).padStart(2, '0'));
  const url = bytes.map((byte) => `%${byte}`).join('');
  const either = (text: string, digits: (text: string) => string) => [text, digits(text)];
  return [
    character,
    ...[0, 3, 4, 5].map((length) => `&#${decimal.padStart(length, '0')};`),
    ...[0, 2, 4, 5].flatMap((length) => {
      const padded = hexadecimal.padStart(length, '0');
      return [`&#x${padded};`, `&#x${padded.toUpperCase()};`, `&#X${padded.toUpperCase()};`];
    }),
    ...either(url, (text) => text.toUpperCase()),
    ...either(units.map((unit) => `\\u${unit}`).join(''), () =>
      units.map((unit) => `\\u${unit.toUpperCase()}`).join(''),
    ),
    code < 0x100 ? `\\x${hexadecimal.padStart(2, '0')}` : character,
    // The bytes of UTF-8, as Python and git show them; Rust and JavaScript; Python.
    ...either(bytes.map((byte) => `\\x${byte}`).join(''), () =>
      bytes.map((byte) => `\\x${byte.toUpperCase()}`).join(''),
    ),
    [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join(''),
    ...either(`\\u{${hexadecimal}}`, () => `\\u{${hexadecimal.toUpperCase()}}`),
    ...either(`\\U${hexadecimal.padStart(8, '0')}`, () => `\\U${hexadecimal.toUpperCase().padStart(8, '0')}`),
    JSON.stringify(character).slice(1, -1),
    inXml(character),
    ...(NAMED[character] ?? [character]),
    // A shell's `'it'\''s'`, its `it\'s`, and quotes that are doubled in YAML, SQL and CSV.
    character === "'" ? "'\\''" : character,
    /[ -/:-@[-`{-~]/.test(character) ? `\\${character}` : character,
    // And `$$`, which is one `$` in Compose and make.
    /["'$]/.test(character) ? character + character : character,
    character === ' ' ? '+' : character,
  ];
}

const NAMED: Readonly<Record<string, readonly string[]>> = { "'": ['&apos;'], '"': ['&#34;'] };
const XML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const inXml = (text: string): string => text.replace(/[&<>"']/g, (character) => XML[character] ?? character);
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
const inUrl = (text: string): string =>
  text.replace(/[^\w.~-]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join(''),
  );

function encodedForms(text: string): Form[] {
  const bytes = Buffer.from(text);
  if (bytes.length < SHORTEST_ENCODED) return [];
  // Of UTF-16 as PowerShell wants its commands.
  return [hexForm(bytes), ...base64Forms(bytes), ...base64Forms(Buffer.from(text, 'utf16le'))];
}

const hexForm = (bytes: Buffer): Form =>
  [...bytes].map((byte, index) => {
    const digits = byte.toString(16).padStart(2, '0');
    const key = `hex ${digits} ${index > 0}`;
    const tree =
      known.get(key) ??
      treeOf((index > 0 ? ['', ':', ' '] : ['']).flatMap((before) => [before + digits, before + digits.toUpperCase()]));
    known.set(key, tree);
    return tree;
  });

const ALPHABET = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'];

/**
 * A secret in base64, by itself or amid something (`user:secret`): its bytes begin at the first, second or third of a group of three. A letter at
 * its edges is one of those that fit to the bits it has of the secret.
 */
function base64Forms(bytes: Buffer): Form[] {
  return [0, 1, 2].map((before) => {
    const bits = [
      ...Array<undefined>(before * 8).fill(undefined),
      ...[...bytes].flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => (byte >> bit) & 1)),
    ];
    const form: Spellings[] = [];
    for (let at = before === 0 ? 0 : before === 1 ? 6 : 12; at < bits.length; at += 6)
      form.push(lettersFor(bits.slice(at, at + 6), form.length > 0));
    return form;
  });
}

function lettersFor(bits: readonly (number | undefined)[], wrapped: boolean): Spellings {
  const key = `base64 ${[0, 1, 2, 3, 4, 5].map((at) => bits[at] ?? '?').join('')} ${wrapped}`;
  const there = known.get(key);
  if (there) return there;
  const fitting = ALPHABET.filter((_, value) =>
    bits.every((bit, at) => bit === undefined || ((value >> (5 - at)) & 1) === bit),
  );
  const written = fitting.flatMap((letter) =>
    letter === '+' ? ['-', ...SPECIAL.plus] : letter === '/' ? ['_', ...SPECIAL.slash] : [letter],
  );
  // Encoders break their lines.
  const tree = treeOf(
    wrapped ? ['', '\n', '\r\n', '\\n', '\\r\\n'].flatMap((end) => written.map((letter) => end + letter)) : written,
  );
  known.set(key, tree);
  return tree;
}

const SPECIAL = {
  plus: ['+', '%2B', '%2b', '&#43;', '&#x2b;', '&#x2B;', '\\u002b', '\\u002B'],
  slash: ['/', '%2F', '%2f', '&#47;', '&#x2f;', '&#x2F;', '\\/', '\\u002f', '\\u002F'],
};

function treeOf(spellings: readonly string[]): Spellings {
  const root: Spellings = { next: new Map(), whole: false };
  for (const spelling of spellings) {
    let node = root;
    for (const byte of Buffer.from(spelling)) {
      const next: Spellings = node.next.get(byte) ?? { next: new Map(), whole: false };
      node.next.set(byte, next);
      node = next;
    }
    node.whole = true;
  }
  return root;
}
