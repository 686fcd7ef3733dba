import { afterEach } from '@jest/globals';
import type { OfJestWorker } from '../support/of-jest-worker.js';

afterEach(async () => {
  const { endings } = (globalThis as unknown as { golive: OfJestWorker }).golive;
  await Promise.all(endings.splice(0).map((end) => end()));
});
