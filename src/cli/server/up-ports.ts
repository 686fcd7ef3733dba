import { isPortFree } from '../../temporal/free-port.js';

/** The ports that Temporal's tools look for by themselves. */
export const GRPC_PORT = 7233;
export const UI_PORT = 8233;
/** Where the pages are looked for. */
export const PAGE_PORT = 8234;
const LOOPBACK = '127.0.0.1';

/** The port for the server: the one that was asked for (0: any free one), else the usual one if it is free, else any (undefined). */
export async function portFor(asked: number | undefined, usual: number): Promise<number | undefined> {
  if (asked !== undefined) return asked === 0 ? undefined : asked;
  return (await isPortFree(LOOPBACK, usual)) ? usual : undefined;
}
