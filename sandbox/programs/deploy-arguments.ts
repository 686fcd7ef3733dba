export type DeployOrder = { kind: 'deploy'; batch: number } | { kind: 'rollback'; to: string };

const USAGE =
  'usage: ./deploy.sh --env prod --strategy canary|rolling --batch <percent>\n       ./deploy.sh --env prod --rollback --to <release tag>';

/** Reads deploy.sh's arguments, in any order. Throws the usage with what was wrong. */
export function parseDeployArguments(argv: readonly string[]): DeployOrder {
  const given = new Map<string, string>();
  const rest = [...argv];
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    if (name === '--rollback') given.set(name, '');
    else if (['--env', '--strategy', '--batch', '--to'].includes(name)) given.set(name, rest.shift() ?? '');
    else throw new Error(`deploy.sh: unknown argument '${name}'\n${USAGE}`);
  }
  if (given.get('--env') !== 'prod')
    throw new Error(`deploy.sh: expected --env prod, got '${given.get('--env') ?? ''}'\n${USAGE}`);
  if (given.has('--rollback')) {
    const to = given.get('--to') ?? '';
    if (to === '') throw new Error(`deploy.sh: --rollback needs --to <release tag>\n${USAGE}`);
    return { kind: 'rollback', to };
  }
  const strategy = given.get('--strategy') ?? '';
  const batch = Number(given.get('--batch') ?? NaN);
  if (!['canary', 'rolling'].includes(strategy))
    throw new Error(`deploy.sh: expected --strategy canary or rolling, got '${strategy}'\n${USAGE}`);
  if (!Number.isInteger(batch) || batch < 1 || batch > 100)
    throw new Error(
      `deploy.sh: expected --batch 1 to 100 (percent of the fleet), got '${given.get('--batch') ?? ''}'\n${USAGE}`,
    );
  return { kind: 'deploy', batch };
}
