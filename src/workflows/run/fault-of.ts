import { deepest } from '../../domain/text/deepest.js';
import { Stopped } from './stopped.js';

/** In a rollback whatever goes wrong is a fault to tell people about, never the end of the run; only a person who takes over is. */
export async function faultOf(step: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof Stopped) throw error;
    return deepest(error);
  }
}
