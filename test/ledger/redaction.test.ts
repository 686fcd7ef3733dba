import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RedactingStream, redactText } from '../../src/ledger/redaction.js';
import { runs } from '../support/property-runs.js';

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

  test('shows at once what cannot become a secret', () => {
    const stream = new RedactingStream(['token-123']);
    expect(stream.write(Buffer.from('waiting for tok')).toString()).toBe('waiting for ');
    expect(stream.write(Buffer.from('yo')).toString()).toBe('tokyo');
  });

  test('an empty secret hides nothing', () => expect(redactText('abc', [''])).toBe('abc'));
});
