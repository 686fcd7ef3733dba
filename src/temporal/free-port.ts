import { createServer } from 'node:net';

/** A TCP port that nothing listened on a moment ago: whoever uses it must still expect to find it taken. */
export async function freePort(host: string): Promise<number> {
  return await listenBriefly(host, 0);
}

/** This port, or a free one for 0. Rejects when nobody can listen there now. */
export async function takePort(host: string, port: number): Promise<number> {
  return await listenBriefly(host, port);
}

/** Says whether somebody could listen on this address and port now. */
export async function isPortFree(host: string, port: number): Promise<boolean> {
  return await listenBriefly(host, port).then(
    () => true,
    () => false,
  );
}

async function listenBriefly(host: string, port: number): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => {
        if (address && typeof address === 'object') resolve(address.port);
        else reject(new Error(`no port could be taken on ${host}`));
      });
    });
  });
}
