/** The nine commands of a go-live, each as trivial as a command can be. `live` is what the service says it is: a deploy copies the release over it. */
export const COMMANDS = {
  branch: ['echo', 'main'],
  cleanTree: ['true'],
  checklist: ['echo', 'Go-live checklist result: PASS'],
  backupCreate: ['echo', 'manifest.json'],
  backupValidate: ['test', '-f', 'manifest.json'],
  deployCanary: ['cp', 'RC.3', 'live'],
  deployRolling25: ['cp', 'RC.3', 'live'],
  deployRolling100: ['cp', 'RC.3', 'live'],
  smoke: ['true'],
} as const;

/** Writes down when it began, in nanoseconds of the clock that everybody has, before it does anything; and does what a rollback has to. */
export const ROLLBACK = ['/bin/sh', '-c', 'date +%s%N >> began; cp RC.2 live'] as const;

/** In an environment's folder. */
export const BEGAN = 'began';

/** What a run of the benchmark may ask of the playbook. */
export interface PlaybookOptions {
  /** The canary soaks until somebody aborts it, and the health is looked at each second meanwhile. */
  readonly soaks: boolean;
  /** It lasts so long, and everything is looked at once a minute. Without it: no time at all. */
  readonly hypercare?: string;
}

/** A playbook with the shortest hypercare there is: what a go-live takes is what golive takes. */
export function playbook(
  environments: Readonly<Record<string, { url: string; workingDirectory: string }>>,
  { soaks, hypercare }: PlaybookOptions,
): object {
  const confirm = { attest: 'Is it so?' };
  return {
    version: 1,
    service: 'bench',
    environments,
    liveVersion: { path: '/version', field: 'version', samples: 3 },
    // A timeout that busy loops don't reach: what is to stop a run here is an abort, or a 503.
    checks: [{ name: 'health', path: '/health', every: '1s', timeout: '10s' }],
    triggers: [{ name: 'health-down', check: 'health', consecutive: 3, action: 'rollback' }],
    preflight: {
      branch: { run: COMMANDS.branch, expect: 'main' },
      cleanTree: { run: COMMANDS.cleanTree },
      checklist: { run: COMMANDS.checklist, dryRun: COMMANDS.checklist },
      backup: { create: { run: COMMANDS.backupCreate }, artifacts: '.', validate: { run: COMMANDS.backupValidate } },
      restoreDrill: confirm,
      stagingParity: confirm,
      openIncidents: confirm,
      frozenRules: confirm,
    },
    stages: [
      {
        name: 'canary',
        run: COMMANDS.deployCanary,
        ...(soaks ? { soak: { min: '24h', max: '24h', settle: '1s' } } : {}),
      },
      { name: 'rolling-25', run: COMMANDS.deployRolling25 },
      { name: 'rolling-100', run: COMMANDS.deployRolling100 },
    ],
    verify: {
      smoke: { run: COMMANDS.smoke },
      contracts: { login: { path: '/login', username: 'bench', password: 'bench' }, get: ['/stock'] },
    },
    rollback: { run: ROLLBACK, smoke: { run: COMMANDS.smoke } },
    hypercare: hypercare ? { for: hypercare, windows: [{ until: hypercare, every: '1m' }] } : { for: '1ms' },
    holds: { pageAgain: '10m' },
    messages: {
      started: 'started',
      canaryHealthy: 'the canary is healthy',
      complete: 'complete',
      aborted: 'aborted',
      rolledBack: 'rolled back',
    },
  };
}
