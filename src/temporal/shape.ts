/**
 * Reads what anyone may have written: its value, or undefined where it isn't like this. For the few things that every command reads of a server; zod, which also says what is
 * wrong, takes some 40 ms to load.
 */
export type Shape<T> = (value: unknown) => T | undefined;

type Shapes = Readonly<Record<string, Shape<unknown>>>;
type Of<S> = S extends Shape<infer T> ? T : never;

export const text: Shape<string> = (value) => (typeof value === 'string' ? value : undefined);

export const number: Shape<number> = (value) => (typeof value === 'number' ? value : undefined);

export const oneOf =
  <Word extends string>(...words: readonly Word[]): Shape<Word> =>
  (value) =>
    words.find((word) => word === value);

/** A list, if each of it is like this. */
export const list =
  <T>(each: Shape<T>): Shape<T[]> =>
  (value) => {
    if (!Array.isArray(value)) return undefined;
    const read = value.flatMap((one) => each(one) ?? []);
    return read.length === value.length ? read : undefined;
  };

/** An object with these keys, and with those of `perhaps` that are like this. The rest is left out. */
export const object =
  <Needed extends Shapes, Perhaps extends Shapes = Record<never, never>>(
    needed: Needed,
    perhaps?: Perhaps,
  ): Shape<{ [K in keyof Needed]: Of<Needed[K]> } & { [K in keyof Perhaps]?: Of<Perhaps[K]> }> =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const from = value as Record<string, unknown>;
    const read = (shapes: Shapes) =>
      Object.entries(shapes)
        .map(([key, shape]) => [key, Object.hasOwn(from, key) ? shape(from[key]) : undefined] as const)
        .filter(([, one]) => one !== undefined);
    const all = read(needed);
    if (all.length < Object.keys(needed).length) return undefined;
    return Object.fromEntries([...all, ...read(perhaps ?? {})]) as never;
  };

/** The value of a text in JSON; undefined for any other text. */
export function fromJson(said: string): unknown {
  try {
    return JSON.parse(said);
  } catch {
    return undefined;
  }
}

/** The value of the first payload of a heartbeat or an input, which golive writes in JSON. */
export function firstValue(
  payloads: { readonly payloads?: readonly { readonly data?: Uint8Array | null }[] | null } | null | undefined,
): unknown {
  const data = payloads?.payloads?.[0]?.data;
  return data ? fromJson(Buffer.from(data).toString('utf8')) : undefined;
}
