import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { zipEntry } from '../../src/temporal/zip-entry.js';
import { runs } from '../support/property-runs.js';

/** A zip archive as small as the format allows. */
function zip(files: readonly { name: string; content: Buffer; stored: boolean }[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, stored } of files) {
    const packed = stored ? content : deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(3, 28); // an extra field that the directory doesn't have
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(stored ? 0 : 8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry, Buffer.from(name));
    const whole = [local, Buffer.from(name), Buffer.alloc(3), packed];
    parts.push(...whole);
    offset += whole.reduce((sum, part) => sum + part.length, 0);
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

describe('a file of a zip archive', () => {
  test('comes out as it went in', async () => {
    const content = fc.uint8Array().map((bytes) => Buffer.from(bytes));
    await fc.assert(
      fc.asyncProperty(content, content, fc.boolean(), async (wanted, other, stored) => {
        const archive = zip([
          { name: 'a/METADATA', content: other, stored: false },
          { name: 'a/scripts/temporal', content: wanted, stored },
        ]);
        expect(await zipEntry(archive, '/scripts/temporal')).toEqual(wanted);
      }),
      runs(30),
    );
  });

  test('that is missing or in no archive is an error', async () => {
    await expect(zipEntry(zip([]), 'temporal')).rejects.toThrow('no file "*temporal"');
    await expect(zipEntry(Buffer.from('<html>'), 'temporal')).rejects.toThrow('not a zip archive');
  });
});
