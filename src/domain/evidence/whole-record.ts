import { z } from 'zod';
import type { KINDS } from './record.js';

const text = z.string();
const maybe = text.optional();
const moment = text.refine((each) => !Number.isNaN(Date.parse(each)));
const any = z.looseObject({});
const stop = z.looseObject({ kind: text, by: text, reason: text });

const decided = <T extends z.ZodRawShape>(parts: T) =>
  z.looseObject({ at: moment, n: z.number().int().nonnegative(), ...parts });
const seen = <T extends z.ZodRawShape>(parts: T) => z.looseObject({ at: moment, ...parts });

const course = z
  .looseObject({
    is: text,
    stage: maybe,
    part: maybe,
    outcome: maybe,
    stop: stop.optional(),
  })
  .refine(({ is, stage, part }) => is !== 'rolling-out' || (stage !== undefined && part !== undefined))
  .refine(({ is, outcome }) => is !== 'ended' || outcome !== undefined)
  .refine((each) => !['stopping', 'rolling-back'].includes(each.is) || each.stop !== undefined);

const reading = z
  .looseObject({ kind: text, value: z.number().optional() })
  .refine(({ kind, value }) => kind !== 'value' || value !== undefined);

const named = z.array(z.looseObject({ name: text }));
const state = z.looseObject({ check: text, target: text, breaches: z.array(z.looseObject({ trigger: text })) });
const findings = z.array(z.looseObject({ name: text, state: text, detail: text }));
const firing = z.looseObject({ trigger: text, check: text, target: text, detail: text });
/** What of verdicts is read without their rule. */
const RULED: Readonly<Record<string, z.ZodType>> = {
  report: z.looseObject({
    inputs: z.looseObject({ segment: any, seenTo: z.number() }),
    outcome: z.looseObject({
      fired: z.array(firing),
      known: z.looseObject({ states: z.array(state), since: z.record(text, z.number()) }),
    }),
  }),
  trigger: z.looseObject({ inputs: z.looseObject({ trigger: text }), outcome: text }),
  alert: z.looseObject({ inputs: z.looseObject({ trigger: text }), outcome: z.looseObject({ detail: text }) }),
  soak: z.looseObject({ inputs: z.looseObject({ stage: text }), outcome: z.looseObject({ kind: text }) }),
  preflight: z.looseObject({ inputs: z.looseObject({ findings }) }),
  verification: z.looseObject({ inputs: z.looseObject({ findings }) }),
  proof: z.looseObject({ inputs: z.looseObject({ findings }) }),
};
const verdict = decided({ rule: text, inputs: any }).refine(
  (each) => !Object.hasOwn(RULED, each.rule) || RULED[each.rule]?.safeParse(each).success === true,
);

const file = z.looseObject({ file: text, bytes: z.number(), sha256: text });

/** The parts that each kind of line has at least, with their types. What else is in it, and kinds of later versions, are nobody's business here. */
const PARTS: Readonly<Record<(typeof KINDS)[number], z.ZodType>> = {
  journal: seen({ workflowId: text, runId: text, writer: z.looseObject({ host: text }), after: z.array(file) }),
  seal: z.looseObject({ sha256: text }),
  lost: seen({ why: text, records: z.number().optional() }),
  run: decided({ firstRunId: text, continuedFrom: maybe }),
  plan: decided({ hash: text, plan: z.looseObject({ service: text, checks: named, triggers: named, stages: named }) }),
  line: decided({ what: text }),
  course: decided({ course }),
  stage: decided({ stage: z.looseObject({ name: text, state: text }) }),
  stop: decided({ stop }),
  verdict,
  hold: decided({ id: text, state: text, reason: maybe, choice: maybe, by: maybe }),
  told: decided({ how: text, name: text }),
  refused: seen({ name: text, why: text }),
  blind: decided({ check: text, target: text, from: moment, to: moment }),
  message: decided({ as: text, event: text, text }),
  post: decided({ id: text, channel: text, event: text, fate: text, why: maybe }),
  end: decided({ result: z.looseObject({ outcome: text, summary: text }), status: any }),
  segment: seen({ id: text, ms: z.number(), given: z.looseObject({ states: z.array(any) }) }),
  look: seen({ of: text, ms: z.number(), check: text, target: text, reading }),
  version: seen({ of: text, target: text, text, version: maybe }),
  report: seen({ of: text, ms: z.number(), report: z.looseObject({ states: z.array(any) }) }),
  command: seen({
    step: text,
    generation: z.number(),
    argv: z.array(text),
    end: z.looseObject({ kind: text }),
    output: z.array(file),
    directory: maybe,
    startedAt: moment.optional(),
    endedAt: moment.optional(),
  }),
};

/** Whether a line of a journal is of a kind that there is, with all that this kind has: whoever can write the file can have written anything. */
export function isWholeLine(line: unknown): boolean {
  const { kind } = (line ?? {}) as { readonly kind?: unknown };
  return (
    typeof kind === 'string' && Object.hasOwn(PARTS, kind) && PARTS[kind as keyof typeof PARTS].safeParse(line).success
  );
}
