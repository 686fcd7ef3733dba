import { goLivesIn } from '../../src/journals/go-lives.js';
import { readGoLive, type GoLiveEvidence } from '../../src/journals/read-evidence.js';

/** The evidence of every go-live of a workflow ID that is kept in a folder, or in the folders of several hosts, put together; the oldest first. */
export async function readEvidence(folder: string | readonly string[], workflowId: string): Promise<GoLiveEvidence[]> {
  const goLives: GoLiveEvidence[] = [];
  for (const kept of await goLivesIn(folder, workflowId)) goLives.push(await readGoLive(kept));
  return goLives;
}
