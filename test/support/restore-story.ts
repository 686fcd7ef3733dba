import { expect } from '@jest/globals';
import type { Restore } from '../../src/domain/plan/playbook.js';
import { exit } from './scripted-world.js';
import { withRestore } from './with-restore.js';
import { openHold, type GoLiveHandle, type Room, type Rooms } from './workflow-lab.js';

export const LEA = { by: 'Lea', reason: 'orders are corrupt' };
export const approve = (handle: GoLiveHandle, approval: object = LEA) =>
  handle.executeUpdate<string, [object]>('approveRestore', { args: [approval] });
export const refused = (words: string) => ({ cause: { message: expect.stringContaining(words) as unknown } });
export const restores = (room: Room) => room.world.executed.filter((name) => name.startsWith('restore'));
export const smokes = (room: Room) => room.world.executed.filter((name) => name.startsWith('rollback-smoke'));

export interface RollingBack<R extends Room> {
  readonly room: R;
  readonly handle: GoLiveHandle;
}

/** A go-live whose canary can't be deployed, so that it is rolled back at once; time passes at its real pace from its first minute on. */
export async function rollingBack<R extends Room>(
  rooms: Rooms<R>,
  prepare: (room: R) => void = () => undefined,
  more: Partial<Restore> = {},
): Promise<RollingBack<R>> {
  const room = await rooms.room(withRestore(more));
  room.world.ends['deploy-canary'] = exit(1);
  prepare(room);
  return { room, handle: await room.start({ until: '1m' }) };
}

/** The same, and the leads are asked about a restore. */
export async function askedAboutRestore<R extends Room>(
  rooms: Rooms<R>,
  prepare?: (room: R) => void,
  more?: Partial<Restore>,
): Promise<RollingBack<R>> {
  const run = await rollingBack(rooms, prepare, more);
  await openHold(run.handle, 'restore');
  return run;
}
