import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;

/**
 * Reads the one file of a zip archive whose name ends with `suffix`. Enough for a wheel whose hash has been checked: no encryption,
 * no archives over 4 GiB. Throws when the archive is damaged or holds no such file.
 */
export async function zipEntry(archive: Buffer, suffix: string): Promise<Buffer> {
  const end = archive.lastIndexOf(Buffer.from(uint32(END_OF_DIRECTORY)));
  if (end < 0) throw new Error('not a zip archive: its end record is missing');
  const entries = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < entries; index += 1) {
    if (archive.readUInt32LE(at) !== DIRECTORY_ENTRY)
      throw new Error(`damaged zip archive: no directory entry at byte ${at}`);
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    if (name.endsWith(suffix)) return await contentOf(archive, at);
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  throw new Error(`no file "*${suffix}" in the zip archive`);
}

async function contentOf(archive: Buffer, entry: number): Promise<Buffer> {
  const method = archive.readUInt16LE(entry + 10);
  const packedSize = archive.readUInt32LE(entry + 20);
  const header = archive.readUInt32LE(entry + 42);
  // The local header repeats the name and has an extra field of its own length.
  const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
  const packed = archive.subarray(start, start + packedSize);
  if (method === STORED) return packed;
  if (method === DEFLATED) return await promisify(inflateRaw)(packed);
  throw new Error(`zip compression method ${method} is not supported`);
}

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
