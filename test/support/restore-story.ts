import { expect } from '@jest/globals';
import type { Restore } from '../../src/domain/playbook.js';
import { exit } from './scripted-world.js';
import { withRestore } from './with-restore.js';
import { openHold, type GoLiveHandle, type Room, type WorkflowLab } from './workflow-lab.js';

export const LEA = { by: 'Lea', reason: 'orders are corrupt' };
export const approve = (handle: GoLiveHandle, approval: object = LEA) =>
  handle.executeUpdate<string, [object]>('approveRestore', { args: [approval] });
export const refused = (words: string) => ({ cause: { message: expect.stringContaining(words) as unknown } });
export const restores = (room: Room) => room.world.executed.filter((name) => name.startsWith('restore'));
export const smokes = (room: Room) => room.world.executed.filter((name) => name.startsWith('rollback-smoke'));

export interface RollingBack {
  readonly room: Room;
  readonly handle: GoLiveHandle;
}

/** A go-live whose canary can't be deployed, so that it is rolled back at once; time passes at its real pace from its first minute on. */
export async function rollingBack(
  lab: WorkflowLab,
  prepare: (room: Room) => void = () => undefined,
  more: Partial<Restore> = {},
): Promise<RollingBack> {
  const room = await lab.room(withRestore(more));
  room.world.ends['deploy-canary'] = exit(1);
  prepare(room);
  return { room, handle: await room.start({ until: '1m' }) };
}

/** The same, and the leads are asked about a restore. */
export async function askedAboutRestore(
  lab: WorkflowLab,
  prepare?: (room: Room) => void,
  more?: Partial<Restore>,
): Promise<RollingBack> {
  const run = await rollingBack(lab, prepare, more);
  await openHold(run.handle, 'restore');
  return run;
}
