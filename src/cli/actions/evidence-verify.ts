import { verifyEvidence, type Verification } from '../../journals/verify-evidence.js';
import { hashOf } from '../../plans/plan-store.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import type { OutputOptions } from '../options/shared-options.js';
import { keptGoLives, type KeptOptions } from '../run/kept-go-live.js';
import { verifyScreen } from '../screens/verify-screen.js';
import { openTerminal } from '../terminal/terminal.js';

/** `golive report <environment> --verify`: {@link EXIT.differs} when something of it is changed, missing, or comes out otherwise. */
export async function verifyKept(environment: string, options: KeptOptions & OutputOptions): Promise<ExitCode> {
  const terminal = openTerminal(options.json === true);
  const verifications: Verification[] = [];
  for await (const each of keptGoLives(environment, options)) verifications.push(await verifyEvidence(each, hashOf));
  terminal.print(verifications.map((each) => verifyScreen(each, terminal.paint)).join('\n\n'));
  const exitCode = verifications.every(({ wrong }) => wrong.length === 0) ? EXIT.ok : EXIT.differs;
  terminal.document({ environment, goLives: verifications, exitCode });
  return exitCode;
}
