import { createLog } from '../../src/logging.js';
import { installLogger } from '../../src/sdk-logging.js';

/** What the tests provoke on purpose would only fill the terminal. */
export function quiet(): void {
  process.env['GOLIVE_LOG_LEVEL'] ??= 'fatal';
  installLogger(createLog());
}
