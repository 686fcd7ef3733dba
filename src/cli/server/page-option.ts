import { readListenAddress } from '../../receiver/listen-address.js';
import { startPages, type Pages } from '../../report/page-thread.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import { PAGE_PORT } from './up-ports.js';

const LOOPBACK = '127.0.0.1';

/** Serves the pages of a folder of evidence at an address; `true` is the usual one, or any free port of this machine. Throws a {@link CliError} that says what to do. */
export async function pagesAt(evidence: string, asked: string | true, died: (error: unknown) => void): Promise<Pages> {
  try {
    if (asked !== true) return await startPages(evidence, readListenAddress(asked), died);
    const usual = startPages(evidence, { host: LOOPBACK, port: PAGE_PORT }, died);
    return await usual.catch(() => startPages(evidence, { host: LOOPBACK, port: 0 }, died));
  } catch (error) {
    const taken = error instanceof Error && 'code' in error;
    throw new CliError(
      taken ? EXIT.failed : EXIT.usage,
      taken
        ? `The pages can't be served at ${String(asked)}: ${error.message}. Choose another address with --page.`
        : (error as Error).message,
      { cause: error },
    );
  }
}
