import { isIP } from 'node:net';

export interface ListenAddress {
  readonly host: string;
  /** 0 asks for a free one. */
  readonly port: number;
}

/** Reads `127.0.0.1:9099`, `[::1]:9099` or `localhost:9099`. Throws a sentence, with the usual port in its examples. */
export function readListenAddress(text: string, usual = 9099): ListenAddress {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port > 65_535 || (bracketed !== undefined && isIP(bracketed) !== 6))
    throw new Error(
      `"${text}" is not an address to listen on. Write host:port, such as 127.0.0.1:${usual} or [::1]:${usual}.`,
    );
  return { host, port };
}

/** Whether only this machine can reach it. */
export const isLoopback = ({ host }: ListenAddress): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
