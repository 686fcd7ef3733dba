import type { IncomingMessage } from 'node:http';

/** The longest body that is read, in bytes. */
export const BODY_LIMIT = 1024 * 1024;

/** The body of a request; undefined when it is longer than the limit, of which nothing more is read then. Rejects when the sender breaks off. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  // The connection stays, for the answer that says so.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_LIMIT) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
