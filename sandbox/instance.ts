// One instance of the fleet: a process of its own, started and ended by the fleet agent.
import type { BadWay } from './bad-way.js';
import { cachedReader } from './data/data-set.js';
import { exitWithParent, tellParent } from './service/exit-with-parent.js';
import { listen } from './service/listen.js';
import { createService } from './service/service.js';

/** What the agent hands over in the environment variable SANDBOX_INSTANCE. */
export interface InstanceSettings {
  release: string;
  /** The slot's own port, so that an instance keeps its address over a restart; 0 = any. */
  port: number;
  database: string;
  secret: string;
  password: string;
  tokenTtlSeconds: number;
  warmUpMs: number;
  bad: BadWay[];
}
export interface TurnMessage {
  type: 'turn';
  bad: BadWay[];
}
export interface ListeningMessage {
  type: 'listening';
  port: number;
}

exitWithParent();
const settings = JSON.parse(process.env.SANDBOX_INSTANCE ?? '') as InstanceSettings;
const service = createService({ ...settings, readData: cachedReader(settings.database) });
process.on('message', (message: TurnMessage) => service.turn(message.bad));
// Somebody else may have taken the slot's port in the meantime: any other is better than none.
const port = await listen(service.server, settings.port).catch(() => listen(service.server, 0));
tellParent({ type: 'listening', port } satisfies ListeningMessage);
