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

/** A playbook without a soak, with the shortest hypercare there is: what a go-live takes is what golive takes. */
export function playbook(url: string, directory: string): object {
  const confirm = { attest: 'Is it so?' };
  return {
    version: 1,
    service: 'bench',
    environments: { bench: { url, workingDirectory: directory } },
    liveVersion: { path: '/health', field: 'version', samples: 3 },
    checks: [{ name: 'health', path: '/health', every: '1s', timeout: '1s' }],
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
      { name: 'canary', run: COMMANDS.deployCanary },
      { name: 'rolling-25', run: COMMANDS.deployRolling25 },
      { name: 'rolling-100', run: COMMANDS.deployRolling100 },
    ],
    verify: {
      smoke: { run: COMMANDS.smoke },
      contracts: { login: { path: '/login', username: 'bench', password: 'bench' }, get: ['/stock'] },
    },
    rollback: { run: ['cp', 'RC.2', 'live'], smoke: { run: COMMANDS.smoke } },
    hypercare: { for: '1ms' },
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
