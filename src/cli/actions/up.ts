import { pino } from 'pino';
import { metricsUrl, type MetricsAddress } from '../../exporter/exporter-options.js';
import { homeAt, type Home } from '../../home.js';
import { createLog } from '../../logging.js';
import { findTemporalCli } from '../../temporal/cli-binary.js';
import { embeddedTarget, TemporalUnreachable } from '../../temporal/connection.js';
import { startDevServer, type DevServer } from '../../temporal/dev-server.js';
import { adoptedServer } from '../server/adopted-server.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { pagesAt } from '../server/page-option.js';
import { lockHome } from '../server/home-lock.js';
import { makeHome } from '../server/make-home.js';
import { clock } from '../terminal/moments.js';
import { TASK_QUEUE } from '../../domain/run/task-queues.js';
import type { Versioning } from '../../worker.js';
import type { HomeOptions, OutputOptions, PlaybookOptions } from '../options/shared-options.js';
import { openRuns } from '../run/open-runs.js';
import { stopAsked, type StopAsked } from '../exit/stop-asked.js';
import { openTerminal, type Terminal } from '../terminal/terminal.js';
import { severalLines } from '../terminal/terminal-text.js';
import { toleratedPlaybook, upScreen } from '../screens/up-screen.js';
import { GRPC_PORT, portFor, UI_PORT } from '../server/up-ports.js';
import { rememberWorker } from '../server/worker-record.js';
import { metricsAddress, metricsAsked, type MetricsOptions } from '../options/metrics-option.js';
import { versioningOf, type VersioningOptions } from '../options/versioning-option.js';

interface UpOptions extends HomeOptions, PlaybookOptions, OutputOptions, VersioningOptions, MetricsOptions {
  readonly port?: number;
  readonly uiPort?: number;
  readonly page?: string | false;
}

export async function up(options: UpOptions): Promise<ExitCode> {
  const versioning = versioningOf(options, TASK_QUEUE);
  const asked = metricsAsked(options);
  const terminal = openTerminal(options.json === true);
  const stop = stopAsked('Unfinished work resumes at the next start.');
  const home = homeAt(options.home);
  await makeHome(home);
  const lock = await lockHome(home);
  try {
    return await upIn(home, options, { versioning, metrics: await metricsAddress(asked) }, stop, terminal);
  } finally {
    await lock.release();
  }
}

async function upIn(
  home: Home,
  options: UpOptions,
  { versioning, metrics }: { readonly versioning: Versioning; readonly metrics: MetricsAddress | undefined },
  stop: StopAsked,
  terminal: Terminal,
): Promise<ExitCode> {
  const log = createLog(pino.destination({ dest: home.log, append: true, sync: true }));
  const playbook = await toleratedPlaybook(options.playbook);
  const server = await serverOf(home, options, terminal.note);
  try {
    // A wrong address is told before there is a worker to stop.
    const pages =
      options.page === false
        ? undefined
        : await pagesAt(home.evidence, options.page ?? true, (error) =>
            log.error({ err: error }, 'the pages have ended'),
          );
    const { startGoLiveWorker } = await import('../../worker.js');
    const worker = await startGoLiveWorker({
      home,
      playbookFile: options.playbook,
      target: embeddedTarget(server),
      environment: process.env,
      log,
      versioning,
      metrics,
      console: (kind, text) =>
        terminal.print(
          `${clock(new Date().toISOString())}  ${kind === 'page' ? terminal.paint('yellow', 'PAGE') : terminal.paint('cyan', 'said')}  ${severalLines(text).replaceAll('\n', '\n  ')}`,
        ),
    });
    await rememberWorker(home, server, options.playbook).catch((error: unknown) =>
      log.warn({ err: error }, 'commands on this host will not know the playbook file of this worker'),
    );
    stop.started();
    const open = await openRuns(server, log);
    const page = pages ? { page: pages.address } : {};
    terminal.print(
      upScreen({ server, home, metrics, ...page, playbookFile: options.playbook, playbook, open }, terminal.paint),
    );
    if (worker.noNewRuns !== undefined) terminal.note(worker.noNewRuns);
    terminal.document({
      address: server.address,
      namespace: server.namespace,
      ...(server.uiUrl === undefined ? {} : { ui: server.uiUrl }),
      ...(pages ? { page: pages.address } : {}),
      cli: server.cli,
      serverPid: server.pid,
      pid: process.pid,
      hostId: worker.hostId,
      build: worker.build,
      versioning,
      ...(metrics ? { metrics: metricsUrl(metrics) } : {}),
      home: home.folder,
      log: home.log,
      serverLog: server.logFile,
      ...playbook,
      open: open.map(({ workflowId }) => workflowId),
    });

    const first = await Promise.race([
      stop.once.then(() => undefined),
      server.ended.then(
        (how) =>
          new CliError(
            EXIT.noServer,
            `The Temporal server ${how} unexpectedly; its log is ${server.logFile}. Start again with golive up: everything goes on where it was.`,
          ),
      ),
      worker.stopped.then(
        () =>
          new CliError(
            EXIT.failed,
            `The worker stopped unexpectedly; its log is ${home.log}. Start again with golive up: everything goes on where it was.`,
          ),
        (error: unknown) =>
          new CliError(
            EXIT.failed,
            `The worker failed: ${String(error)}. Its log is ${home.log}. Start again with golive up: everything goes on where it was.`,
          ),
      ),
    ]);
    terminal.note(first === undefined ? 'Stopping: the worker hands over, then the server goes.' : 'Stopping.');
    const stopped = worker
      .stop()
      .catch((error: unknown) => log.error({ err: error }, 'the worker stopped with an error'));
    // Without its server a worker has nobody to hand over to, and would wait for one.
    await (first?.exitCode === EXIT.noServer ? Promise.race([stopped, briefly()]) : stopped);
    if (first) throw first;
  } catch (error) {
    if (error instanceof TemporalUnreachable)
      throw new CliError(
        EXIT.noServer,
        `${error.message}. Its log is ${server.logFile}. Start again with golive up: everything goes on where it was.`,
        {
          cause: error,
        },
      );
    throw error;
  } finally {
    await server.stop();
  }
  terminal.note('Stopped. "golive up" goes on where this ended.');
  return EXIT.ok;
}

async function serverOf(home: Home, { port, uiPort }: UpOptions, note: (text: string) => void): Promise<DevServer> {
  const adopted = await adoptedServer(home.database);
  if (adopted) {
    const unchanged = port === undefined && uiPort === undefined ? '' : ' Its ports stay as they are.';
    note(`A server from before still runs (pid ${adopted.pid}); going on with it.${unchanged}`);
    return adopted;
  }
  const cli = await findTemporalCli(process.env, {
    onDownload: (destination) => note(`Fetching the Temporal CLI (some 50 MB, once) to ${destination} …`),
  });
  const [grpc, ui] = [await portFor(port, GRPC_PORT), await portFor(uiPort, UI_PORT)];
  try {
    return await startDevServer({
      cli: cli.path,
      dbFile: home.database,
      ...(grpc === undefined ? {} : { port: grpc }),
      ...(ui === undefined ? {} : { uiPort: ui }),
    });
  } catch (error) {
    throw new CliError(EXIT.noServer, (error as Error).message, { cause: error });
  }
}

const briefly = () => new Promise<void>((resolve) => setTimeout(resolve, 3_000).unref());
