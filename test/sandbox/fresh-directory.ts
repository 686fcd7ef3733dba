import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new, empty directory for one test file. */
export const freshDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'golive-sandbox-'));
