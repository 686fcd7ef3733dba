import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OutputFile } from '../../src/ledger/output-file.js';
import { outputTail } from '../../src/ledger/output-tail.js';
import { runs } from '../support/property-runs.js';

describe('captured output', () => {
  let home: string;
  beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'golive-output-'))));
  afterEach(() => rmSync(home, { recursive: true }));

  test('keeps everything up to the limit, else beginning and end, and says how much is missing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 20 }), (sizes) => {
        const path = join(home, 'stdout.log');
        const file = new OutputFile(path, 1_024, []);
        const all = sizes.map((size, at) => String.fromCharCode(97 + at).repeat(size)).join('');
        let from = 0;
        for (const size of sizes) file.write(Buffer.from(all.slice(from, (from += size))));
        const captured = file.end();
        const kept = readFileSync(path, 'utf8');
        expect(captured).toMatchObject({ path: 'stdout.log', bytes: all.length });
        expect(readdirSync(home)).toEqual(['stdout.log']);
        if (!captured.truncated) return expect(kept).toBe(all);
        const [head = '', leftOut = '', tail = ''] = kept.split(/\n\[(\d+) bytes left out here\]\n/);
        expect(head).toHaveLength(512);
        expect(tail.length).toBeGreaterThanOrEqual(256);
        expect(head.length + tail.length).toBeLessThanOrEqual(1_024);
        expect(all.startsWith(head) && all.endsWith(tail)).toBe(true);
        expect(head.length + Number(leftOut) + tail.length).toBe(all.length);
      }),
      runs(),
    );
  });

  test('no character is torn: where bytes are left out, between chunks, or where its end is looked at', async () => {
    for (let shift = 0; shift < 4; shift++) {
      const path = join(home, 'stdout.log');
      const file = new OutputFile(path, 1_024, []);
      const all = Buffer.from('x'.repeat(shift) + '\u{1f600}ä€'.repeat(400));
      const tails: string[] = [];
      for (let from = 0; from < all.length; from += 101) {
        file.write(all.subarray(from, from + 101));
        tails.push(await outputTail(path, 50));
      }
      expect(file.end()).toMatchObject({ bytes: all.length, truncated: true });
      expect(tails.join('') + (await outputTail(path, 51)) + readFileSync(path, 'utf8')).not.toContain('\ufffd');
      expect(readFileSync(path).length).toBeLessThanOrEqual(1_024 + 40);
    }
  });

  test('bytes that are no text are kept as they come', () => {
    const path = join(home, 'stdout.log');
    const file = new OutputFile(path, 1_024, []);
    const noise = Buffer.from(Array.from({ length: 900 }, (_, at) => (at * 37) % 256));
    for (let from = 0; from < noise.length; from += 7) file.write(noise.subarray(from, from + 7));
    file.end();
    expect(readFileSync(path)).toEqual(noise);
  });

  test('its end can be seen while the command still writes, and it never takes much more than the limit', async () => {
    const path = join(home, 'stdout.log');
    const file = new OutputFile(path, 4_096, []);
    for (let line = 0; line < 10_000; line++) file.write(Buffer.from(`line ${line}\n`));
    expect((await outputTail(path, 30)).endsWith('line 9998\nline 9999\n')).toBe(true);
    expect(readdirSync(home).reduce((sum, name) => sum + statSync(join(home, name)).size, 0)).toBeLessThanOrEqual(
      4_096,
    );
    file.end();
    expect(await outputTail(path, 10)).toBe('line 9999\n');
  });

  test('a file that cannot be written is told, not thrown', () => {
    const file = new OutputFile(join(home, 'nowhere', 'stdout.log'), 1_024, []);
    file.write(Buffer.from('hello'));
    expect(file.end()).toMatchObject({ bytes: 5, lost: expect.stringContaining('ENOENT') });
  });
});
