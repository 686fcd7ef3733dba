import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readWhole, replaceWhole } from '../durable-file.js';
import { makeDirectory } from '../make-directory.js';
import { canonicalText, planFor, type Plan } from '../domain/plan/plan.js';
import { readPlaybookFile } from './playbook-file.js';
import { PlaybookFileError } from './playbook-file-error.js';

/** A plan with its hash, `sha256:` and 64 hex digits over its canonical text with `${VAR}` unresolved. */
export interface FrozenPlan {
  readonly hash: string;
  readonly plan: Plan;
}

/** This worker has never seen the plan a run is frozen to. */
export class PlanMissing extends Error {
  constructor(hash: string, folder: string) {
    super(
      `This worker doesn't hold the plan ${hash} (looked in ${folder}). Start a worker that has it, or copy the file there from the one that does.`,
    );
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
    await makeDirectory(this.folder, 0o700);
    await replaceWhole(this.#file(frozen.hash), canonicalText(frozen.plan));
    return frozen;
  }

  /** The plan with this hash. Throws {@link PlanMissing}, also for one that was tampered with. */
  async load(hash: string): Promise<Plan> {
    const cached = this.#cache.get(hash);
    if (cached) return cached;
    const plan = (await this.#kept(hash)) ?? (await this.#current(hash));
    if (!plan) throw new PlanMissing(hash, this.folder);
    this.#cache.set(hash, plan);
    return plan;
  }

  /** The plans kept here whose hash begins so, with or without `sha256:`. */
  async keptAs(beginning: string): Promise<FrozenPlan[]> {
    const digits = beginning.replace('sha256:', '');
    const files = /^[0-9a-f]+$/.test(digits) ? await filesIn(this.folder) : [];
    const hashes = files.flatMap((file) => /^sha256-([0-9a-f]{64})\.json$/.exec(file)?.[1] ?? []);
    const found = hashes.filter((each) => each.startsWith(digits)).map((each) => `sha256:${each}`);
    const plans = await Promise.all(found.map(async (hash) => ({ hash, plan: await this.#kept(hash) })));
    return plans.flatMap(({ hash, plan }) => (plan ? [{ hash, plan }] : []));
  }

  /** The plan from its file, if that is there and unaltered. */
  async #kept(hash: string): Promise<Plan | undefined> {
    if (!/^sha256:[0-9a-f]{64}$/.test(hash)) return undefined;
    const text = await readWhole(this.#file(hash));
    if (text === undefined) return undefined;
    try {
      const plan = JSON.parse(text) as Plan;
      return hashOf(plan) === hash ? plan : undefined;
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  /** The plan from this worker's own playbook file, if that still gives the same: a second worker has the file, not the frozen plan. */
  async #current(hash: string): Promise<Plan | undefined> {
    try {
      const playbook = await readPlaybookFile(this.playbookFile);
      return Object.keys(playbook.environments)
        .map((name) => planFor(playbook, name))
        .find((plan) => hashOf(plan) === hash);
    } catch (error) {
      if (error instanceof PlaybookFileError) return undefined;
      throw error;
    }
  }

  #file(hash: string): string {
    return join(this.folder, `${hash.replace(':', '-')}.json`);
  }
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
