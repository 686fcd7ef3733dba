import type { Measured, Setting } from './measured.js';
import { routeText, TOO_MANY } from './made-of.js';
import type { Grown } from './same-buckets.js';
import { countedOf, knownRoutes, routesOf } from './tally.js';

/**
 * Instances that have none of a route that others have many of, and requests of a route instead that those don't have: the label reads otherwise there.
 * @param parted whether some instances may always have had other routes than others. Then one has to stand alone with its route. Else they are held against
 * those that have the route, for the others may be renamed in the same way, and taken together, for in a short window few are due of each.
 */
export function renamed(
  { source }: Measured,
  grownAt: readonly Grown[],
  notTraffic: readonly string[],
  names: Setting['metrics']['names'],
  parted: boolean,
): string[] {
  if (source.route === undefined) return [];
  const all = grownAt.map((each) => ({ ...each, counted: countedOf(source, each.grown, names, notTraffic) }));
  const having = all.filter(({ counted }) => counted.requests !== undefined);
  const sum = (of: 'requests' | 'whole') => having.reduce((total, { counted }) => total + (counted[of] ?? 0), 0);
  const [requests, whole] = [sum('requests'), sum('whole')];
  if (!(requests > 0 && whole > 0)) return [];
  const odd = all.flatMap((one) => {
    if (one.counted.requests !== undefined) return [];
    const others = parted ? all.filter((each) => each !== one) : having;
    const known = new Set(others.flatMap(({ grown }) => [...knownRoutes(grown.keys(), notTraffic)]));
    const own = [...routesOf(one.grown, notTraffic)].find((route) => !known.has(route));
    return own === undefined
      ? []
      : [{ instance: one.instance, own, due: (requests / whole) * (one.counted.whole ?? 0) }];
  });
  const together = odd.reduce((total, { due }) => total + due, 0);
  return odd
    .filter(({ due }) => (parted ? due : together) >= TOO_MANY)
    .map(({ instance, own, due }) => {
      const some =
        due >= TOO_MANY
          ? `some ${Math.round(due)} would be due`
          : `some ${Math.round(together)} would be due of these ${odd.length} instances`;
      return `${instance} has no requests of ${routeText(source)}, of which ${some}, and requests of "${own}", which no ${parted ? 'other instance has' : 'instance with that route has'}: compare the route with the labels of ${names.requests}`;
    });
}
