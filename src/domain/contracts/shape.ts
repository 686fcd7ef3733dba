/** What a JSON value can be, `null` apart: a null says nothing about a type. */
type Kind = 'array' | 'boolean' | 'number' | 'object' | 'string';

/** What a JSON value looks like: its fields and their types, all elements of an array put together. */
export interface Shape {
  /** The kinds it was seen as; none when it was only ever null. */
  readonly is: readonly Kind[];
  /** The fields of its objects. */
  readonly fields?: Readonly<Record<string, Shape>>;
  /** Some of the objects that could have this field don't. */
  readonly optional?: true;
  /** What its arrays hold; absent when they were all empty. */
  readonly items?: Shape;
  /** What is under the keys that are data and no names: `{"8cfc8260-…": 0}`. */
  readonly entries?: Shape;
}

/** The shapes of some answers, by path. */
export type Shapes = Readonly<Record<string, Shape>>;

/** Far deeper and wider than a service's answers are; a baseline travels in the workflow's history with every segment of watching. */
const DEEPEST = 8;
const MOST_FIELDS = 1_000;
const LONGEST_NAME = 100;

/** The shape of one JSON value. Below eight levels only the kinds are told. */
export function shapeOf(value: unknown, depth = 0): Shape {
  if (value === null || value === undefined) return { is: [] };
  if (Array.isArray(value)) {
    const items = depth < DEEPEST ? merged(value.map((each) => shapeOf(each, depth + 1))) : undefined;
    return { is: ['array'], ...(items && { items }) };
  }
  if (typeof value !== 'object') return { is: [typeof value as Kind] };
  if (depth >= DEEPEST) return { is: ['object'] };
  const all = Object.entries(value).map(([name, each]): [string, Shape] => [name, shapeOf(each, depth + 1)]);
  const entries = merged(all.filter(([name]) => isData(name)).map(([, shape]) => shape));
  return {
    is: ['object'],
    fields: Object.fromEntries(all.filter(([name]) => !isData(name))),
    ...(entries && { entries }),
  };
}

/** One shape for all of them; undefined without any. */
function merged(shapes: readonly Shape[]): Shape | undefined {
  const [first, ...rest] = shapes;
  return first && rest.reduce(merge, first);
}

/** What two values have in common and what only one of them has. It doesn't matter in which order values are merged. */
export function merge(one: Shape, other: Shape): Shape {
  const fields = one.fields && other.fields ? mergeFields(one.fields, other.fields) : (one.fields ?? other.fields);
  const items = merged([one.items, other.items].filter((each) => each !== undefined));
  const entries = merged([one.entries, other.entries].filter((each) => each !== undefined));
  return {
    is: [...new Set([...one.is, ...other.is])].sort(),
    ...(fields && { fields }),
    ...((one.optional ?? other.optional) && { optional: true as const }),
    ...(items && { items }),
    ...(entries && { entries }),
  };
}

function mergeFields(one: NonNullable<Shape['fields']>, other: NonNullable<Shape['fields']>): Shape['fields'] {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
  return Object.fromEntries(
    names.map((name) => {
      const [a, b] = [own(one, name), own(other, name)];
      return [name, a && b ? merge(a, b) : { ...((a ?? b) as Shape), optional: true as const }];
    }),
  );
}

/** A name that the answer itself brings may be called like something every object has. */
const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

/** Keys that are IDs, dates, numbers, states (`RFID`) or free text come and go with the data: they are no fields of a contract. */
function isData(name: string): boolean {
  return (
    !/^[A-Za-z_$@][\w$.:@-]*$/.test(name) ||
    /^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(name) ||
    /^(?=.*\d)[0-9a-f]{16,}$/i.test(name) ||
    /^[A-Z][A-Z0-9_]+$/.test(name) ||
    name.length > LONGEST_NAME
  );
}

/**
 * What of a baseline is missing or has another type now, one clause each. A field more is no drift, nor is one that some of the baseline's objects
 * didn't have; null and empty say nothing, and rows without a field say nothing as long as one row has it.
 */
export function drift(baseline: Shape, now: Shape, at = ''): string[] {
  if (baseline.is.length === 0 || now.is.length === 0) return [];
  const other = now.is.filter((kind) => !baseline.is.includes(kind));
  if (other.length > 0) return [`${at || 'the answer'} was ${baseline.is.join(' or ')}, is ${other.join(' and ')}`];
  const faults = baseline.items && now.items ? drift(baseline.items, now.items, `${at}[]`) : [];
  if (baseline.entries && now.entries) faults.push(...drift(baseline.entries, now.entries, `${at}.*`));
  if (!now.fields) return faults;
  for (const [name, before] of Object.entries(baseline.fields ?? {})) {
    const path = at === '' ? name : `${at}.${name}`;
    const after = own(now.fields, name);
    if (after) faults.push(...drift(before, after, path));
    else if (!before.optional) faults.push(`${path} is gone`);
  }
  return faults;
}

/** The same shapes with at most a thousand fields in all, those near the root first: what is left out is not compared. */
export function bounded(shapes: Shapes): Shapes {
  let left = MOST_FIELDS;
  const kept = new Map<Shape, Set<string>>();
  for (let level = Object.values(shapes); level.length > 0 && left > 0;) {
    for (const shape of level) {
      const names = Object.keys(shape.fields ?? {}).slice(0, left);
      left -= names.length;
      kept.set(shape, new Set(names));
    }
    level = level.flatMap(({ fields, items, entries }) =>
      [...Object.values(fields ?? {}), items, entries].filter((each) => each !== undefined),
    );
  }
  const cut = (shape: Shape): Shape => {
    const names = kept.get(shape);
    if (!names) return { is: shape.is, ...(shape.optional && { optional: true }) };
    return {
      ...shape,
      ...(shape.fields && {
        fields: Object.fromEntries(
          Object.entries(shape.fields).flatMap(([name, each]) => (names.has(name) ? [[name, cut(each)]] : [])),
        ),
      }),
      ...(shape.items && { items: cut(shape.items) }),
      ...(shape.entries && { entries: cut(shape.entries) }),
    };
  };
  return Object.fromEntries(Object.entries(shapes).map(([path, shape]) => [path, cut(shape)]));
}
