import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** All processes of a run of jest are known by a temporary folder of its own, those of its workers too (see after-all.ts). */
export default async function beforeAll(): Promise<void> {
  process.env['GOLIVE_TESTS_FOLDER'] = process.env['TMPDIR'] = await mkdtemp(path.join(tmpdir(), 'golive-tests-'));
}
