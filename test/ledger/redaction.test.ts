import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RedactingStream, redactText } from '../../src/ledger/redaction.js';
import { runs } from '../support/property-runs.js';

/** Nothing of a secret, whatever the cuts: each byte a chunk of its own. */
function byteByByte(text: string, secrets: string[]): string {
  const stream = new RedactingStream(secrets);
  return Buffer.concat([
    ...[...Buffer.from(text)].map((byte) => stream.write(Buffer.of(byte))),
    stream.end(),
  ]).toString();
}

/** The rule itself, on the whole text: from left to right, the longest secret that begins here. */
function redactWhole(text: string, secrets: string[]): string {
  const longestFirst = secrets.filter((secret) => secret !== '').sort((one, other) => other.length - one.length);
  let shown = '';
  for (let at = 0; at < text.length;) {
    const secret = longestFirst.find((candidate) => text.startsWith(candidate, at));
    shown += secret === undefined ? text[at] : '[redacted]';
    at += secret?.length ?? 1;
  }
  return shown;
}

describe('redaction of captured output', () => {
  // Two letters only, so that secrets overlap, contain and continue each other.
  const word = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 });

  test('chunks, however cut, are redacted like the whole', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), fc.array(word, { maxLength: 4 }), (chunks, secrets) => {
        const stream = new RedactingStream(secrets);
        const shown = Buffer.concat([
          ...chunks.map((chunk) => stream.write(Buffer.from(chunk))),
          stream.end(),
        ]).toString();
        expect(shown).toBe(redactWhole(chunks.join(''), secrets));
      }),
      runs(2_000),
    );
  });

  test('binary bytes around a secret stay as they are', () => {
    const stream = new RedactingStream(['pässword']);
    const secret = Buffer.from('pässword');
    const noise = Buffer.from([0, 255, 195, 10]);
    const shown = Buffer.concat([
      stream.write(Buffer.concat([noise, secret.subarray(0, 2)])),
      stream.write(Buffer.concat([secret.subarray(2), noise])),
      stream.end(),
    ]);
    expect(shown).toEqual(Buffer.concat([noise, Buffer.from('[redacted]'), noise]));
  });

  test('a beginning of a secret before … is taken out: the text was cut off there', () => {
    expect(redactText('Bearer token-1… and token-1', ['token-123'])).toBe('Bearer [redacted]… and token-1');
    expect(redactText('token-123…, more…', ['token-123'])).toBe('[redacted]…, more…');
    expect(redactText('waiting for to…', ['token-123'])).toBe('waiting for to…');
  });

  test('shows at once what cannot become a secret', () => {
    const stream = new RedactingStream(['token-123']);
    expect(stream.write(Buffer.from('waiting for tok')).toString()).toBe('waiting for ');
    expect(stream.write(Buffer.from('yo')).toString()).toBe('tokyo');
  });

  test('an empty secret hides nothing', () => expect(redactText('abc', [''])).toBe('abc'));

  const secret = `it's "x"/<ä>&+%\\`;
  const form = (text: string) => new URLSearchParams({ text }).toString().slice('text='.length);
  test.each<[string, string]>([
    ['as it is', secret],
    ['in XML, by name', 'it&apos;s &quot;x&quot;/&lt;ä&gt;&amp;+%\\'],
    ['in XML as Go writes it', 'it&#39;s &#34;x&#34;/&lt;ä&gt;&amp;+%\\'],
    ['in XML, hexadecimal and with zeros', 'it&#x27;s &#x22;x&#x0022;/&#x3C;&#xe4;&#x3e;&#x26;&#43;&#037;&#x5C;'],
    ['in XML, every character', [...secret].map((each) => `&#${each.codePointAt(0)};`).join('')],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in JSON with \\/', JSON.stringify(secret).slice(1, -1).replace('/', '\\/')],
    ['in JSON as Go writes it', 'it\'s \\"x\\"/\\u003cä\\u003e\\u0026+%\\\\'],
    ['in ASCII JSON', JSON.stringify(secret).slice(1, -1).replace('ä', '\\u00E4')],
    ['in JSON within JSON', JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1)],
    [
      'in JSON within XML',
      JSON.stringify(secret)
        .slice(1, -1)
        .replace(/&/g, '&amp;')
        .replace(/"/g, '&quot;')
        .replace(/</g, '&lt;')
        .replace(/>/g, '&gt;'),
    ],
    ['in a URL', encodeURIComponent(secret)],
    ['in a URL, lower case', encodeURIComponent(secret).replace(/%../g, (each) => each.toLowerCase())],
    ['in a form, with + for a space', form(secret)],
    ['in a URL within a URL', encodeURIComponent(encodeURIComponent(secret))],
    ['in a URL within JSON', JSON.stringify(form(secret)).slice(1, -1)],
    ['as bytes of UTF-8', secret.replace('ä', '\\xc3\\xa4')],
    ['as bytes of UTF-8, upper case', secret.replace('ä', '\\xC3\\xA4')],
    ['as bytes of UTF-8, octal (git)', secret.replace('ä', '\\303\\244').replaceAll('"', '\\"')],
    ['as Rust and JavaScript write it', secret.replace('ä', '\\u{e4}')],
    ['as Python writes it, eight digits', secret.replace('ä', '\\U000000e4')],
    ['in hex', Buffer.from(secret).toString('hex')],
    ['in hex, upper case', Buffer.from(secret).toString('hex').toUpperCase()],
    ['in hex, with colons', (Buffer.from(secret).toString('hex').match(/../g) ?? []).join(':')],
    ['in a shell', `it'\\''s "x"/<ä>&+%\\`],
    ['quoted for a shell', `it\\'s\\ \\"x\\"/\\<ä\\>\\&+%\\\\`],
  ])('%s', (_, spelled) => {
    expect(redactText(`a ${spelled} b`, [secret])).toBe('a [redacted] b');
    expect(byteByByte(`a ${spelled} b`, [secret])).toBe('a [redacted] b');
  });

  test.each(['', 'u', 'us', 'user:', 'user:x'])('in base64 behind "%s", whatever follows', (before) => {
    for (const value of ['tok\u{1f600}n-123', 's3cr', '???>>>~~~'])
      for (const after of ['', 'y', 'yz', '@host'])
        for (const alphabet of ['base64', 'base64url'] as const) {
          const encoded = Buffer.from(before + value + after).toString(alphabet);
          const own = /^(.*?)\[redacted\](.*)$/.exec(redactText(encoded, [value]));
          expect(own).not.toBeNull();
          // What is left is of what stands around it.
          expect(encoded.startsWith(own?.[1] ?? '?') && (own?.[1] ?? '').length <= (before.length * 4) / 3).toBe(true);
          expect(own?.[2]?.replace(/=/g, '').length).toBeLessThanOrEqual(Math.ceil((after.length * 4) / 3));
          expect(byteByByte(encoded, [value])).toBe(redactText(encoded, [value]));
        }
  });

  test('in base64 of several lines, in JSON and in a URL', () => {
    const key = [...Array(40).keys()].map((n) => `key?${n}>`).join('');
    const encoded = Buffer.from(`user:${key}`).toString('base64');
    const wrapped = encoded.replace(/.{76}/g, '$&\n');
    for (const written of [
      encoded,
      wrapped,
      wrapped.replace(/\n/g, '\r\n'),
      encodeURIComponent(encoded),
      encoded.replaceAll('/', '\\/'),
    ])
      expect(redactText(written, [key])).toMatch(/^dXNlcj\[redacted\](=|%3D)*$/);
  });

  test('of several lines: as a whole with any line end, and each line alone', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\n{\nkqhkiG9w0BAQEF\n-----END KEY-----\n';
    for (const end of ['\n', '\r\n', '\r', '\\n', '\\r\\n', '%0D%0A', '%0a', '&#10;', '&#xD;&#xA;'])
      expect(redactText(`a ${key.trim().replaceAll('\n', end)} b`, [key])).toBe('a [redacted] b');
    expect(redactText('1 | MIIEvQIBADANBg\r\n2 | {\n3 | kqhkiG9w0BAQEF\n', [key])).toBe(
      '1 | [redacted]\r\n2 | {\n3 | [redacted]\n',
    );
    expect(redactText('MIIEvQIBADANBg', [key.replaceAll('\n', '\r\n')])).toBe('[redacted]');
  });

  test('with $ doubled, as Compose and make want it', () => {
    for (const secret of ['pa$$word', '$ecret', 'secret$'])
      expect(redactText(`a ${secret.replaceAll('$', '$$$$')} b`, [secret])).toBe('a [redacted] b');
  });

  test('in base64 of UTF-16', () => {
    for (const before of ['', 'u', 'us', 'user:'])
      for (const after of ['', '!', '; exit'])
        expect(
          redactText(Buffer.from(`${before}plainSecret42${after}`, 'utf16le').toString('base64'), ['plainSecret42']),
        ).toContain('[redacted]');
  });

  describe('the password in a URL', () => {
    const url = 'postgres://aris:Tr0ub4dor%263@db.internal:5432/aris?sslmode=require';
    test.each([
      [
        'of another scheme',
        `postgresql+psycopg2${url.slice('postgres'.length)}`,
        'postgresql+psycopg2://aris:[redacted]@db.internal:5432/aris?sslmode=require',
      ],
      [
        'of another database',
        url.replace('/aris?', '/drill?'),
        'postgres://aris:[redacted]@db.internal:5432/drill?sslmode=require',
      ],
      ['alone', 'user=aris password=Tr0ub4dor&3 dbname=aris', 'user=aris password=[redacted] dbname=aris'],
      ['alone, in JSON', '{"password":"Tr0ub4dor\\u00263"}', '{"password":"[redacted]"}'],
      ['with all of it', url, '[redacted]'],
    ])('%s', (_, text, shown) => {
      expect(redactText(text, [url])).toBe(shown);
      expect(byteByByte(text, [url])).toBe(shown);
    });

    test.each([
      ['without a user', 'redis://:s3cr3t@cache:6379/0', 's3cr3t'],
      ['with an @ in it', 'postgres://aris:p@ss:w0rd@db/aris', 'p@ss:w0rd'],
      ['with a / in it', 'postgres://aris:p/ss#w0rd@db/aris', 'p/ss#w0rd'],
      ['whose % is no escape', 'postgres://aris:100%sure@db/aris', '100%sure'],
      ['of the second of two', 'redis://:one1@a,redis://:two2@b', 'two2'],
    ])('%s', (_, secret, password) => {
      expect(redactText(`with ${password}.`, [secret])).toBe('with [redacted].');
    });

    test('a short one, a user and a host take nothing with them', () => {
      expect(redactText('aris db 123 sa', ['postgres://aris:123@db/aris', 'postgres://sa@db/x'])).toBe(
        'aris db 123 sa',
      );
    });
  });

  test('without the line end that its variable has', () => {
    expect(redactText('it is abc.', ['abc\n'])).toBe('it is [redacted].');
  });

  test('a short one takes nothing with it', () => {
    const words = 'The quick brown fox: YWI= MTI= {"ab1": "\\u0061"} 100 %\n';
    expect(redactText(words, ['zq', '  ', '\n'])).toBe(words);
  });

  test('takes time and keeps back in proportion, however many there are', () => {
    const secrets = [...Array(20).keys()].map((n) => `secret-${n}-${'x'.repeat(50)}`);
    const stream = new RedactingStream([...secrets, 'a']);
    const line = Buffer.from(
      `${'a'.repeat(100)} ${secrets[3]} ${'%41&#65;\\u0041'.repeat(20)} secret-1\n`.repeat(2_000),
    );
    const started = performance.now();
    const shown = [stream.write(line), stream.write(line), stream.end()].map((part) => part.length);
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(shown[2]).toBeLessThan(1_000);
  });
});
