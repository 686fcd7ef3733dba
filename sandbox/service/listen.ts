import type { Server } from 'node:net';

/** Listens on the loopback address and returns the port; 0 asks for a free one. Rejects when the port is taken. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string')
        reject(new Error(`expected a TCP port, got ${String(address)}`));
      else resolve(address.port);
    });
  });
}
