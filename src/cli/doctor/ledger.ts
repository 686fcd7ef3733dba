import { randomUUID } from 'node:crypto';
import { rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createWhole } from '../../durable-file.js';
import type { Home } from '../../home.js';
import { found, type Diagnosis } from './diagnosis.js';

/** Kinds of file systems by their magic number on Linux (statfs(2)). */
const NETWORK: Readonly<Record<number, string>> = {
  0x6969: 'NFS',
  0xff534d42: 'CIFS',
  0xfe534d42: 'SMB',
  0x517b: 'SMB',
  0x01021997: '9P',
  0x00c36400: 'Ceph',
  0x5346414f: 'AFS',
  0x0bd00bd0: 'Lustre',
  0x01161970: 'GFS2',
};
const FLEETING: Readonly<Record<number, string>> = {
  0x01021994: 'in memory (tmpfs): a reboot empties it',
  0x858458f6: 'in memory (ramfs): a reboot empties it',
  0x794c7630: 'a layer of a container (overlay): it goes with the container',
};

const MiB = 1024 * 1024;
const LITTLE_ROOM = 1024 * MiB;
const NO_ROOM = 50 * MiB;

/** Whether the home's disk is one that the ledger can trust. Writes one small file and takes it away again, if the home is there. */
export async function lookAtLedger(home: Home): Promise<Diagnosis[]> {
  const folder = await nearest(home.ledger);
  const { type, bavail, bsize } = await statfs(folder);
  const isThere = await exists(home.folder);
  return [
    diskDiagnosis(home.folder, type),
    roomDiagnosis(home.folder, bavail * bsize),
    isThere
      ? await writableDiagnosis(home.folder)
      : found('ledger', 'folder', 'ok', `${home.folder} isn't there yet; golive up or golive worker makes it`),
  ];
}

/** @param type the file system's magic number, as statfs tells it */
export function diskDiagnosis(folder: string, type: number): Diagnosis {
  const kind = type < 0 ? type + 2 ** 32 : type;
  const network = NETWORK[kind];
  const fleeting = FLEETING[kind];
  const cure = {
    cure: 'Put it on a disk of this host that survives the worker: a ledger that has lost a command makes it unknown.',
    command: 'golive worker --home /var/lib/golive',
  };
  if (network !== undefined)
    return found(
      'ledger',
      'disk',
      'bad',
      `${folder} is on a network file system (${network}), whose locks and links the ledger can't trust`,
      cure,
    );
  return fleeting === undefined
    ? found('ledger', 'disk', 'ok', `${folder} is on a disk of this host`)
    : found('ledger', 'disk', 'warn', `${folder} is ${fleeting}`, cure);
}

/** @param bytes that are free for this user */
export function roomDiagnosis(folder: string, bytes: number): Diagnosis {
  const room = bytes >= 10 * LITTLE_ROOM ? `${Math.floor(bytes / 1024 / MiB)} GiB` : `${Math.floor(bytes / MiB)} MiB`;
  return found(
    'ledger',
    'room',
    bytes < NO_ROOM ? 'bad' : bytes < LITTLE_ROOM ? 'warn' : 'ok',
    `${room} free in ${folder}`,
    {
      cure: 'Make room: commands that can’t write their output and their end become unknown.',
      command: `du -sh ${folder}/*`,
    },
  );
}

/** The ledger writes whole files and links them to their names. */
async function writableDiagnosis(folder: string): Promise<Diagnosis> {
  const file = join(folder, `doctor.${randomUUID()}`);
  try {
    await createWhole(file, 'written by golive doctor\n');
    return found('ledger', 'folder', 'ok', `${folder} can be written to, with hard links`);
  } catch (error) {
    return found('ledger', 'folder', 'bad', (error as Error).message, {
      cure: `Let this user write to ${folder}, on a file system with hard links; or is the worker another user's?`,
      command: `ls -ld ${folder}; id`,
    });
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
}

async function nearest(path: string): Promise<string> {
  return (await exists(path)) || dirname(path) === path ? path : nearest(dirname(path));
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
