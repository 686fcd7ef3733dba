import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OutputFile } from '../../src/ledger/output-file.js';
import { BEGINNING, placeBeforeEnd, readOutputAt, type OutputPlace } from '../../src/ledger/output-place.js';
import { runs } from '../support/property-runs.js';

let home: string;
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'golive-output-'))));
afterEach(() => rmSync(home, { recursive: true }));

/** Reads on from a place until nothing comes. */
async function readOn(path: string, from: OutputPlace, most: number): Promise<{ text: string; place: OutputPlace }> {
  let text = '';
  for (let place = from; ;) {
    const { bytes, next } = await readOutputAt(path, place, most);
    expect(bytes.length).toBeLessThanOrEqual(Math.max(most, 40));
    if (bytes.length === 0) return { text, place: next };
    text += bytes.toString('latin1');
    place = next;
  }
}

const LEFT_OUT = /\n\[(?:some|\d+) bytes left out here\]\n/;
/** Numbered, so that each piece of it can be in one place only. */
const numbered = (bytes: number): string =>
  Array.from({ length: Math.ceil(bytes / 8) + 1 }, (_, line) => String(line).padStart(7, '0'))
    .join('\n')
    .slice(0, bytes);

test('who reads while a command writes, and after it, has all of it once and in order; what is left out is said', async () => {
  const steps = fc.array(fc.record({ write: fc.nat(900), reads: fc.boolean() }), { maxLength: 14 });
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 7, max: 600 }), async (moments, most) => {
      const path = join(home, `${Math.random()}.log`);
      const file = new OutputFile(path, 1_024, []);
      const all = numbered(moments.reduce((sum, { write }) => sum + write, 0));
      let [written, place, seen] = [0, BEGINNING, ''];
      for (const { write, reads } of moments) {
        file.write(Buffer.from(all.slice(written, (written += write))));
        if (!reads) continue;
        const more = await readOn(path, place, most);
        place = more.place;
        seen += more.text;
      }
      file.end();
      seen += (await readOn(path, place, most)).text;
      const parts = seen.split(LEFT_OUT);
      if (parts.length === 1) return expect(seen).toBe(all.slice(0, written));
      let from = 0;
      for (const part of parts) {
        const at = all.indexOf(part, from);
        expect(at).toBeGreaterThanOrEqual(from);
        from = at + part.length;
      }
      expect(from).toBe(written);
    }),
    runs(60),
  );
});

test('who begins near the end of what is there has that much, and goes on from there', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(6_000), fc.nat(256), fc.nat(700), async (before, near, after) => {
      const path = join(home, `${Math.random()}.log`);
      const file = new OutputFile(path, 1_024, []);
      const all = numbered(before + after);
      file.write(Buffer.from(all.slice(0, before)));
      const { text, place } = await readOn(path, await placeBeforeEnd(path, near), 100);
      expect(text).toBe(all.slice(Math.max(0, before - near), before));
      file.write(Buffer.from(all.slice(before)));
      file.end();
      const rest = await readOn(path, place, 100);
      if (!LEFT_OUT.test(rest.text)) expect(rest.text).toBe(all.slice(before));
      else expect(all.endsWith(rest.text.split(LEFT_OUT).at(-1) ?? '')).toBe(true);
    }),
    runs(),
  );
});
