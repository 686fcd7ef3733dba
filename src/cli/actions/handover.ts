import type { SaidBy } from '../../domain/people/said-by.js';
import { handOverUpdate } from '../../workflows/people/messages.js';
import type { OpenGoLive } from '../messages/update-open.js';
import type { EnvironmentOptions } from '../options/environment-command.js';
import { severalLines } from '../terminal/terminal-text.js';

interface HandoverOptions extends EnvironmentOptions, SaidBy {
  readonly to: string;
}

export async function handover({ terminal, send }: OpenGoLive, { to, by, reason }: HandoverOptions): Promise<object> {
  const answer = await send(handOverUpdate, { to, by, reason });
  terminal.print(severalLines(answer));
  return { to, by, reason, asked: true, next: answer };
}
