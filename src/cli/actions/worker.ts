import { namesIn } from '../../durable-file.js';
import { homeAt, type Home } from '../../home.js';
import { createLog } from '../../logging.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { findServer } from '../server/find-server.js';
import { orNoServer } from '../server/no-server.js';
import { pagesAt } from '../server/page-option.js';
import { makeHome } from '../server/make-home.js';
import { lacksVariables, playbookState } from '../options/playbook-state.js';
import { rememberWorker } from '../server/worker-record.js';
import type { PlaybookOptions, ServerOptions } from '../options/shared-options.js';
import { stopAsked } from '../exit/stop-asked.js';
import { metricsAddress, metricsAsked, type MetricsOptions } from '../options/metrics-option.js';
import { versioningOf, type VersioningOptions } from '../options/versioning-option.js';

interface WorkerOptions extends ServerOptions, PlaybookOptions, VersioningOptions, MetricsOptions {
  readonly queue: string;
  readonly page?: string | true;
}

export async function worker(options: WorkerOptions): Promise<ExitCode> {
  const versioning = versioningOf(options, options.queue);
  const asked = metricsAsked(options);
  const log = createLog();
  const stop = stopAsked('Unfinished work resumes at the next start.');
  const home = homeAt(options.home);
  const { missingVariables } = await playbookState(options.playbook).catch(async (error: unknown) => {
    // Go-lives under way are frozen to plans of their own: a broken file must not keep their rollback from running.
    if (!(await keepsPlans(home))) throw error;
    log.error(
      { err: error },
      'the playbook file has faults: no go-live can start here until they are mended; those under way go on with their frozen plans',
    );
    return { missingVariables: [] };
  });
  const server = await findServer(options);
  const { target } = server;
  await makeHome(home);
  const metrics = await metricsAddress(asked);
  if (missingVariables.length > 0) log.warn({ missingVariables }, lacksVariables(missingVariables));
  if (options.page !== undefined) {
    const pages = await pagesAt(home.evidence, options.page, (error) =>
      log.error({ err: error }, 'the pages have ended'),
    );
    log.info({ address: pages.address }, 'serving the reports');
  }
  const { startGoLiveWorker } = await import('../../worker.js');
  const running = await orNoServer(server, {}, () =>
    startGoLiveWorker({
      home,
      playbookFile: options.playbook,
      target,
      environment: process.env,
      log,
      taskQueue: options.queue,
      versioning,
      metrics,
    }),
  );
  await rememberWorker(home, target, options.playbook).catch((error: unknown) =>
    log.warn({ err: error }, 'commands on this host will not know the playbook file of this worker'),
  );
  stop.started();
  const ended = running.stopped.then(
    () => undefined,
    (error: unknown) => error,
  );
  const first = await Promise.race([stop.once, ended]);
  if (typeof first === 'string') log.info({ signal: first }, 'stopping: unfinished work is handed over');
  await running.stop().catch(() => undefined); // what broke it is told below
  const broken = await ended;
  if (broken !== undefined)
    throw new CliError(
      EXIT.failed,
      `The worker failed: ${broken instanceof Error ? broken.message : JSON.stringify(broken)}`,
    );
  log.info('worker has stopped');
  return EXIT.ok;
}

/** Whether runs may be under way whose frozen plans are here. */
async function keepsPlans(home: Home): Promise<boolean> {
  return (await namesIn(home.plans)).length > 0;
}
