import { access } from 'node:fs/promises';
import { shellWord } from '../../domain/text/shell-word.js';
import { TemporalUnreachable } from '../../temporal/connection.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import type { FoundServer, Purpose } from './found-server.js';
import { isUnreachable, serverFault } from './server-fault.js';

/** Does something that needs a server. Without one it throws a {@link CliError} with {@link noServerText}; other faults of the server name it. */
export async function orNoServer<T>(server: FoundServer, purpose: Purpose, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { address, origin } = server.target;
    const never = error instanceof TemporalUnreachable;
    const fault = serverFault(error);
    if (!never && fault === undefined) throw error;
    const where = `The Temporal server at ${address} (${origin})`;
    const what = never
      ? `${error.message}. Nothing was sent.`
      : isUnreachable(error)
        ? `${where} is gone: ${fault}. What was just sent may not have arrived.`
        : undefined;
    throw new CliError(
      EXIT.noServer,
      what === undefined
        ? `${where} can't be used: ${fault}.`
        : noServerText(what, server, await exists(server.home.database), purpose),
      { cause: error },
    );
  }
}

/** A home whose `golive up` has ended is never answered, or told, by whatever server is at the default address: other go-lives may be there. */
export async function refuseAnother(server: FoundServer, purpose: Purpose): Promise<void> {
  if (server.target.named !== 'by nobody' || !(await exists(server.home.database))) return;
  const what = `No Temporal server is asked: the one of ${server.home.folder} doesn't run, and no other one is named. Nothing was sent.`;
  throw new CliError(EXIT.noServer, noServerText(what, server, true, purpose));
}

/**
 * What to check when no server answers. A new server in another folder would be an empty one, so nobody is told to start one who may have one.
 * @param what which didn't answer, and why
 * @param upWasHere a `golive up` has run in this home: its state is there
 */
export function noServerText(
  what: string,
  { target, log, home }: FoundServer,
  upWasHere: boolean,
  { begins = false }: Purpose = {},
): string {
  return [
    what,
    ...adviceFor({ target, log, home }, upWasHere, begins),
    'Go-lives keep their state at their server and go on when it is back; a deploy command that runs now goes on to its end.',
    "If production can't wait for it, docs/break-glass.md says what to do by hand.",
  ].join('\n  ');
}

/** What to check when this server doesn't answer, on one line. Nothing stands right behind a command or a path at the end of one: it would be pasted with it. */
export const serverAdvice = async (server: FoundServer): Promise<string> =>
  adviceFor(server, await exists(server.home.database), true)
    .map((sentence, index, all) => (index === all.length - 1 || /[.?]$/.test(sentence) ? sentence : `${sentence} ·`))
    .join(' ');

function adviceFor(
  { target, log, home }: Pick<FoundServer, 'target' | 'log' | 'home'>,
  upWasHere: boolean,
  begins: boolean,
): string[] {
  const folder = shellWord(home.folder);
  switch (target.named) {
    case 'by golive up':
      return [
        `The server that golive has started in ${home.folder} runs and doesn't answer. Look at its log: ${log ?? ''}`,
      ];
    case 'by somebody':
      return [
        `Look whether the server's service runs, and whether this host reaches it: nc -vz ${reachable(target.address)}`,
        `Or is it another server? Name it with --address, TEMPORAL_ADDRESS or --profile (temporal config list shows them); one of golive's own by its folder, with --home.`,
        ...(target.options.tls
          ? [
              'TLS is on (TEMPORAL_TLS, certificates, TEMPORAL_API_KEY, or the profile): look whether it fits this address.',
            ]
          : []),
      ];
    case 'by nobody':
      return upWasHere
        ? [
            `A server of golive's own has run in ${home.folder} and doesn't run now. Start that one again, and everything goes on where it was: golive up --home ${folder}`,
            'Or are your go-lives at another server? Name it with --address, TEMPORAL_ADDRESS or --profile.',
          ]
        : [
            `No server of golive's own has run in ${home.folder}. Name the server that your go-lives are at: with --address, TEMPORAL_ADDRESS or --profile (temporal config list shows them); one of golive's own by its folder, with --home or GOLIVE_HOME.`,
            ...(begins ? ['There is none yet, and this is a first try on this machine? golive up'] : []),
          ];
  }
}

/** `host port`, as nc takes them. */
const reachable = (address: string): string => {
  const [, host = address, port = '7233'] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
  return `${shellWord(host)} ${port}`;
};

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
