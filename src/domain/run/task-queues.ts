/** Workflows and quick activities, unless a worker was given another name. */
export const TASK_QUEUE = 'golive';

/** Watching has a queue of its own, so that a thousand monitors leave room for a rollback (design §9). */
export const observeQueue = (taskQueue: string) => `${taskQueue}-observe`;

/** The host's own queue: commands of a run stay where its ledger is (design §7). */
export const hostQueue = (taskQueue: string, hostId: string) => `${taskQueue}-host-${hostId}`;

/** Posts to channels, so that no number of channels that hang takes the slots of a step. */
export const channelQueue = (taskQueue: string) => `${taskQueue}-channels`;
