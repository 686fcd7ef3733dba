import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** Where it is noted, for whoever has to end the run (scripts/bounded-run.js). */
const file = process.env['GOLIVE_RUNNING_TESTS'];

interface TestFile {
  readonly path: string;
}
interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}

/** Jest's reporter of the test files that run now, since when (ms of the epoch), and of the results so far. */
export default class RunningTests {
  readonly #running = new Map<string, number>();
  #results = { passed: 0, failed: 0, skipped: 0 };

  onTestFileStart(test: TestFile): void {
    this.#running.set(path.relative(process.cwd(), test.path), Date.now());
    this.#note();
  }

  onTestFileResult(test: TestFile, _result: unknown, all: Results): void {
    this.#running.delete(path.relative(process.cwd(), test.path));
    this.#results = { passed: all.numPassedTests, failed: all.numFailedTests, skipped: all.numPendingTests };
    this.#note();
  }

  #note(): void {
    if (file !== undefined)
      writeFileSync(file, JSON.stringify({ ...this.#results, running: Object.fromEntries(this.#running) }));
  }
}
