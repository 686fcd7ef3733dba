import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Counts what really ran: a `python` and a `pytest` that write each call down and go on to the sandbox's own. deploy.sh keeps its own journal. */
export class ExecutionCount {
  private constructor(
    /** To be put first on the PATH. */
    readonly bin: string,
    private readonly log: string,
  ) {}

  static async in(directory: string, realBin: string): Promise<ExecutionCount> {
    const count = new ExecutionCount(join(directory, 'counting-bin'), join(directory, 'executions.log'));
    await mkdir(count.bin, { recursive: true });
    for (const program of ['python', 'pytest']) {
      const path = join(count.bin, program);
      await writeFile(
        path,
        `#!/bin/sh\necho "${program} $*" >> '${count.log}'\nexec '${join(realBin, program)}' "$@"\n`,
      );
      await chmod(path, 0o755);
    }
    return count;
  }

  /** Every call so far, as a command line, oldest first. */
  all(): string[] {
    return existsSync(this.log) ? readFileSync(this.log, 'utf8').trimEnd().split('\n') : [];
  }
}
