import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalText, planFor, type Plan } from '../domain/plan.js';
import { readPlaybookFile } from './playbook-file.js';

/** A plan with its hash, `sha256:` and 64 hex digits over its canonical text with `${VAR}` unresolved. */
export interface FrozenPlan {
  readonly hash: string;
  readonly plan: Plan;
}

/** This worker has never seen the plan a run is frozen to. */
export class PlanMissing extends Error {
  constructor(hash: string, folder: string, options?: ErrorOptions) {
    super(`This worker doesn't hold the plan ${hash} (looked in ${folder}). Start a worker that has it, or copy the file there from the one that does.`, options);
    this.name = 'PlanMissing';
  }
}

export function hashOf(plan: Plan): string {
  return `sha256:${createHash('sha256').update(canonicalText(plan)).digest('hex')}`;
}

/** Reads the playbook file and narrows it to an environment, without keeping anything. */
export async function currentPlan(playbookFile: string, environment: string): Promise<FrozenPlan> {
  const plan = planFor(await readPlaybookFile(playbookFile), environment);
  return { plan, hash: hashOf(plan) };
}

/** The frozen plans a worker keeps, each under its hash: an edit of the playbook file changes later runs only. */
export class PlanStore {
  readonly #cache = new Map<string, Plan>();

  constructor(
    readonly folder: string,
    readonly playbookFile: string,
  ) {}

  /** Freezes the playbook file as it is now. */
  async freeze(environment: string): Promise<FrozenPlan> {
    const frozen = await currentPlan(this.playbookFile, environment);
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const temporary = join(this.folder, `.${randomUUID()}`);
    const handle = await open(temporary, 'wx', 0o600);
    await handle.writeFile(canonicalText(frozen.plan));
    await handle.sync();
    await handle.close();
    await rename(temporary, this.#file(frozen.hash));
    return frozen;
  }

  /** The plan with this hash. Throws {@link PlanMissing}, also for one that was tampered with. */
  async load(hash: string): Promise<Plan> {
    const cached = this.#cache.get(hash);
    if (cached) return cached;
    if (!/^sha256:[0-9a-f]{64}$/.test(hash)) throw new PlanMissing(hash, this.folder);
    let plan;
    try {
      plan = JSON.parse(await readFile(this.#file(hash), 'utf8')) as Plan;
    } catch (error) {
      throw new PlanMissing(hash, this.folder, { cause: error });
    }
    if (hashOf(plan) !== hash) throw new PlanMissing(`${hash}, unaltered`, this.folder);
    this.#cache.set(hash, plan);
    return plan;
  }

  #file(hash: string): string {
    return join(this.folder, `${hash.replace(':', '-')}.json`);
  }
}
