import { describe } from '@jest/globals';
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

export type Monitoring = 'prometheus' | 'promtool' | 'alertmanager';

/** What the binaries may be called on PATH: Debian puts the project's name before each. */
const NAMES: Readonly<Record<Monitoring, readonly string[]>> = {
  prometheus: ['prometheus'],
  promtool: ['promtool'],
  alertmanager: ['alertmanager', 'prometheus-alertmanager'],
};

/** The path of a real Prometheus, promtool or Alertmanager: named by PROMETHEUS, PROMTOOL or ALERTMANAGER, else on PATH, else where `.ci/install-monitoring` puts it. */
export function monitoringBinary(name: Monitoring): string | undefined {
  const named = process.env[name.toUpperCase()];
  if (named) return named;
  const cache = path.join(
    process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'),
    'golive',
    'monitoring',
    name,
  );
  const onPath = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .flatMap((folder) => (folder ? NAMES[name].map((file) => path.join(folder, file)) : []));
  return [...onPath, cache].find(isExecutable);
}

const told = new Set<Monitoring>();

/** A `describe` whose tests need that binary. Without it they count as skipped, and how to get it is said once for each test file. */
export function describeWith(name: Monitoring, title: string, body: (binary: string) => void): void {
  const binary = monitoringBinary(name);
  if (binary !== undefined) return describe(title, () => body(binary));
  if (!told.has(name))
    process.stderr.write(
      `Skipped, for there is no ${name} here. To get it run .ci/install-monitoring, install it on PATH, or name it with ${name.toUpperCase()}=/path/to/${name}.\n`,
    );
  told.add(name);
  describe.skip(title, () => body(''));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false; // not there: the next place is looked at
  }
}
