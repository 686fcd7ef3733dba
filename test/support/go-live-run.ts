import { setTimeout as pause } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { JournalEntry } from '../../sandbox/journal.js';
import type { GoLiveInput } from '../../src/domain/run/input.js';
import type { GoLiveResult, GoLiveStatus, Outcome, Phase } from '../../src/domain/run/status.js';
import type { AbortAnswer } from '../../src/workflows/people/messages.js';
import type { Announced } from './end-to-end.js';
import { PATIENCE_MS } from './patience.js';

interface Witnesses {
  announced(): Promise<Announced[]>;
  executed(): string[];
  journal(): JournalEntry[];
  ended(outcome: Outcome): void;
}

/** Each question costs the worker a query, and it has other work. */
const ASK_EVERY_MS = 150;
/** A question that went to a worker that is dead by now waits for nothing: it is asked again after this. */
const ANSWER_WITHIN_MS = 1_500;

class Ended extends Error {}

/** One go-live, and what independent witnesses saw of it. */
export class GoLiveRun {
  constructor(
    private readonly client: Client,
    readonly handle: WorkflowHandle,
    readonly input: Pick<GoLiveInput, 'release' | 'previousRelease'>,
    private readonly witnesses: Witnesses,
  ) {}

  /** The run's own ID, under which the ledger keeps its commands. */
  get runId(): string {
    return 'firstExecutionRunId' in this.handle ? String(this.handle.firstExecutionRunId) : '';
  }

  async result(): Promise<GoLiveResult> {
    const result = (await this.handle.result()) as GoLiveResult;
    this.witnesses.ended(result.outcome);
    return result;
  }

  /** Waits until the run's status is as described. Fails with what it was last. */
  async until(what: string, holds: (status: GoLiveStatus) => boolean): Promise<GoLiveStatus> {
    const end = performance.now() + PATIENCE_MS;
    for (let last = 'no answer yet'; ;) {
      try {
        const status = await this.#ask<GoLiveStatus>('status');
        if (holds(status)) return status;
        last = `${status.phase}, ${JSON.stringify(status.stop ?? status.stages)}, holds ${status.holds.map(({ id, reason }) => `${id}: ${reason}`).join(' / ') || 'none'}`;
        if (status.phase === 'ended')
          throw new Ended(
            `expected of ${this.input.release}: ${what}; but it ended before that: ${(await this.result()).summary}`,
          );
      } catch (error) {
        if (error instanceof Ended) throw error;
        last = (error as Error).message;
      }
      if (performance.now() > end)
        throw new Error(`expected of ${this.input.release} within ${PATIENCE_MS} ms: ${what}; it was: ${last}`);
      await pause(ASK_EVERY_MS);
    }
  }

  /** Waits for a phase; with a stage, for that stage's part in it. */
  untilPhase(phase: Phase, stage?: string): Promise<GoLiveStatus> {
    return this.until(
      `${phase} ${stage ?? ''}`,
      (status) =>
        status.phase === phase &&
        (stage === undefined || status.stages.some((each) => each.name === stage && each.state === phase)),
    );
  }

  untilHold(id: string): Promise<GoLiveStatus> {
    return this.until(`the hold ${id}`, ({ holds }) => holds.some((hold) => hold.id === id));
  }

  /** Waits until a deploy.sh of this run with these words in its arguments is at work. */
  untilDeploying(words: string): Promise<void> {
    return this.#untilJournal(`a deploy.sh with ${words} at work`, () => this.#startOf(words) !== undefined);
  }

  /** Waits until it has ended, however it did. */
  untilDeployed(words: string): Promise<void> {
    return this.#untilJournal(`a deploy.sh with ${words} at its end`, (journal) => {
      const start = this.#startOf(words);
      return start !== undefined && journal.some((entry) => entry.event === 'end' && entry.id === start.id);
    });
  }

  /** How many lines its timeline has; 0 while nobody can tell. */
  async linesRecorded(): Promise<number> {
    return (await this.#ask<readonly unknown[]>('timeline').catch(() => [])).length;
  }

  /** Whether it rolls back now; not while nobody can tell. */
  async rollsBack(): Promise<boolean> {
    return this.#ask<GoLiveStatus>('status').then(
      ({ phase }) => phase === 'rolling-back',
      () => false,
    );
  }

  /** What it waits for people to decide; nothing while nobody can tell. A host that is away for a moment asks and takes its question back by itself. */
  async questions(): Promise<string[]> {
    const holds = await this.#ask<GoLiveStatus>('status').then(
      (status) => status.holds,
      () => [],
    );
    // Those that end by themselves when a worker is back ask nobody.
    return holds.filter(({ id }) => !['host-away', 'blind'].includes(id)).map(({ id, reason }) => `${id}: ${reason}`);
  }

  decide(hold: string, choice: string): Promise<string> {
    return this.handle.executeUpdate<string, [object]>('decide', {
      args: [{ hold, choice, by: 'Ana', reason: 'looked at it' }],
    });
  }

  requestAbort(payload: unknown): Promise<AbortAnswer> {
    return this.handle.executeUpdate<AbortAnswer, [unknown]>('requestAbort', { args: [payload] });
  }

  /** What deploy.sh wrote down of this run: `canary 10 -> 0`, `back to RC.2 -> 0`; `-> ?` for one without an end. */
  deploys(): string[] {
    const journal = this.witnesses.journal();
    return journal.flatMap((entry) => {
      if (entry.event !== 'start') return [];
      const end = journal.find((each) => each.event === 'end' && each.id === entry.id);
      const [, , kind, a, , b] = entry.argv;
      return [
        `${kind === '--rollback' ? `back to ${entry.argv[4]}` : `${a} ${b}`} -> ${end?.event === 'end' ? end.exitCode : '?'}`,
      ];
    });
  }

  /** Whether two of its deploy.sh ran beside each other. */
  overlapped(): boolean {
    return this.witnesses.journal().some(({ event }) => event === 'overlap');
  }

  /** The python and pytest calls during this run, arguments that differ from run to run left out, and the integrity command, which is run again and again. */
  executed(): string[] {
    return this.witnesses
      .executed()
      .map((line) => line.replace(/ (pre_go_live_\S+|\/\S+)$/, ''))
      .filter((line) => !line.includes('post_go_live_integrity_check'));
  }

  async messages(): Promise<string[]> {
    return (await this.witnesses.announced()).filter(({ kind }) => kind === 'message').map(({ text }) => text);
  }

  #ask<Answer>(query: 'status' | 'timeline'): Promise<Answer> {
    return this.client.connection.withDeadline(Date.now() + ANSWER_WITHIN_MS, () => this.handle.query<Answer>(query));
  }

  #startOf(words: string): JournalEntry | undefined {
    return this.witnesses.journal().find((entry) => entry.event === 'start' && entry.argv.join(' ').includes(words));
  }

  async #untilJournal(what: string, holds: (journal: JournalEntry[]) => boolean): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (!holds(this.witnesses.journal())) {
      if (performance.now() > end)
        throw new Error(
          `expected within ${PATIENCE_MS} ms: ${what}; the journal has: ${this.deploys().join('; ') || 'nothing'}`,
        );
      await pause(20);
    }
  }
}
