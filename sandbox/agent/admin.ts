import { createServer, type IncomingMessage, type Server } from 'node:http';
import { z } from 'zod';
import { badWaySchema } from '../bad-way.js';
import { commitCandidate, readCandidate } from './checkout.js';
import type { Fleet } from './fleet.js';
import type { Releases } from './releases.js';
import type { StateDirectory } from './state-directory.js';

/** A request that the agent refuses, with the status that says how. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const tag = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'a release is letters, digits, dots, dashes and underscores');
const bad = z.array(badWaySchema).default([]);
const offerBody = z.strictObject({ release: tag, bad });
const badBody = z.strictObject({ bad: bad.nullable() });
const replaceBody = z.strictObject({ release: tag });

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString();
  return text === '' ? {} : (JSON.parse(text) as unknown);
}

/** The agent's own HTTP interface on the loopback address: for deploy.sh, ctl and tests. */
export function createAdmin(fleet: Fleet, releases: Releases, paths: StateDirectory): Server {
  /** The release that most instances run: what a rollback would go back to. */
  const mostlyLive = (): string => {
    const count = (release: string): number => fleet.slots.filter((slot) => slot.release === release).length;
    return fleet.slots
      .map((slot) => slot.release)
      .reduce((most, release) => (count(release) > count(most) ? release : most));
  };

  const setReleaseBad = (release: string, ways: z.infer<typeof bad>): void => {
    const drifts = (of: typeof ways): boolean => of.some((way) => way.way === 'stock-drift');
    const running = fleet.slots.some((slot) => slot.release === release);
    if (running && drifts(ways)) fleet.drift(true);
    if (!drifts(ways) && drifts(releases.badOf(release))) fleet.drift(false);
    releases.set(release, ways);
  };

  const slotOf = (text: string | undefined): Fleet['slots'][number] => {
    const slot = fleet.slots[Number(text)];
    if (slot === undefined)
      throw new Refusal(404, `expected a slot from 0 to ${fleet.slots.length - 1}, got "${text}"`);
    return slot;
  };

  async function answer(method: string, path: string, body: () => Promise<unknown>): Promise<object> {
    const [, noun, name, verb] = path.split('/');
    switch (`${method} ${[noun, name && ':name', verb].filter(Boolean).join('/')}`) {
      case 'GET instances':
        return { instances: await fleet.view(), newest: fleet.newest, candidate: await readCandidate(paths.checkout) };
      case 'GET discovery':
        return fleet.discovery();
      case 'GET slots':
        return { slots: fleet.slots.map((slot) => ({ slot: slot.number, release: slot.release, pid: slot.pid })) };
      case 'GET traffic':
        return fleet.traffic;
      case 'GET releases':
        return { releases: releases.names };
      case 'GET releases/:name':
        return { release: name, known: releases.has(name ?? ''), bad: releases.badOf(name ?? '') };
      case 'POST offer': {
        const offer = offerBody.parse(await body());
        const live = mostlyLive();
        setReleaseBad(offer.release, offer.bad);
        await commitCandidate(paths, offer.release, live);
        fleet.turnAll();
        return { candidate: offer.release, previous: live };
      }
      case 'PUT releases/:name/bad': {
        const release = name ?? '';
        if (!releases.has(release))
          throw new Refusal(404, `no release "${release}"; there are ${releases.names.join(', ')}. Offer it first.`);
        setReleaseBad(release, badBody.parse(await body()).bad ?? []);
        for (const slot of fleet.slots) if (slot.release === release) slot.ownBad = null;
        fleet.turnAll();
        return { release, bad: releases.badOf(release) };
      }
      case 'POST releases/:name/take-rollback-failure':
        return { fails: releases.takeRollbackFailure(name ?? '') };
      case 'PUT slots/:name/bad': {
        const slot = slotOf(name);
        slot.ownBad = badBody.parse(await body()).bad;
        slot.turn(fleet.badOf(slot));
        return { slot: slot.number, bad: fleet.badOf(slot) };
      }
      case 'POST slots/:name/replace':
        return fleet.replace(slotOf(name).number, replaceBody.parse(await body()).release);
      default:
        throw new Refusal(404, `the fleet agent knows no ${method} ${path}; sandbox/README.md lists what it does`);
    }
  }

  return createServer((request, response) => {
    const send = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    answer(request.method ?? 'GET', request.url ?? '/', () => readJson(request)).then(
      (body) => send(200, body),
      (error: unknown) => {
        if (error instanceof Refusal) send(error.status, { error: error.message });
        else if (error instanceof z.ZodError) send(400, { error: z.prettifyError(error) });
        else send(500, { error: error instanceof Error ? error.message : String(error) });
      },
    );
  });
}
