import { join, resolve } from 'node:path';
import { readWhole, replaceWhole } from '../../durable-file.js';
import type { Home } from '../../home.js';
import type { TemporalTarget } from '../../temporal/connection.js';
import { fromJson, object, text } from '../../temporal/shape.js';

/** What the worker that was started last in a home leaves there: its server and its playbook file. */
const readRecord = object({ address: text, namespace: text, playbook: text });

/** Leaves which playbook file the worker of this home uses, for commands that are typed on this host. */
export async function rememberWorker(
  home: Home,
  { address, namespace }: Pick<TemporalTarget, 'address' | 'namespace'>,
  playbookFile: string,
): Promise<void> {
  await replaceWhole(fileIn(home), JSON.stringify({ address, namespace, playbook: resolve(playbookFile) }));
}

/** The playbook file of the worker that was last started in this home for this server; undefined when it was another server, or there was none. */
export async function workersPlaybook(
  home: Home,
  { address, namespace }: Pick<TemporalTarget, 'address' | 'namespace'>,
): Promise<string | undefined> {
  const written = await readWhole(fileIn(home)).catch(() => undefined);
  const record = written === undefined ? undefined : readRecord(fromJson(written));
  return record?.address === address && record.namespace === namespace ? record.playbook : undefined;
}

const fileIn = ({ folder }: Home): string => join(folder, 'worker.json');
