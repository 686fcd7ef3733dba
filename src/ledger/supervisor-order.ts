import type { CommandSpec } from './command-spec.js';

/** What a supervisor is told, as one JSON line on its standard input: secrets in it never touch the disk or an argument list. */
export interface SupervisorOrder {
  readonly root: string;
  readonly hostId: string;
  /** The command's place below `runs/`. */
  readonly command: string;
  readonly spec: CommandSpec;
}

/** The argument of a supervisor that is started ahead of need, and what it then says on its standard output once it is ready. */
export const [AHEAD, READY] = ['ahead', 'ready'] as const;

/** How a supervisor that did not run the command tells why. Everything else is told by the files. */
export const SUPERVISOR_EXIT = { done: 0, environmentBusy: 75, diskFull: 74, noOrder: 64, failed: 70 } as const;

/** An order without its end (the worker died while writing) is no order. @returns undefined then */
export function parseOrder(input: string): SupervisorOrder | undefined {
  if (!input.endsWith('\n')) return undefined;
  try {
    return JSON.parse(input) as SupervisorOrder;
  } catch {
    return undefined; // not the parser's own message: it quotes the input, secrets included
  }
}
