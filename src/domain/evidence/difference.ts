const MOST = 3;

/** Where two values of JSON differ, in words: `fired.0.trigger: "p95", on record nothing`; the first few places. */
export function differenceText(now: unknown, onRecord: unknown): string {
  const places = differences(now, onRecord, '');
  const more = places.length > MOST ? `; and in ${places.length - MOST} more places` : '';
  return `${places.slice(0, MOST).join('; ')}${more}`;
}

function differences(now: unknown, onRecord: unknown, path: string): string[] {
  if (isObject(now) && isObject(onRecord))
    return [...new Set([...Object.keys(now), ...Object.keys(onRecord)])].flatMap((key) =>
      differences(now[key], onRecord[key], path === '' ? key : `${path}.${key}`),
    );
  const [one, other] = [told(now), told(onRecord)];
  return one === other ? [] : [`${path === '' ? 'it' : path} is ${one}, on record ${other}`];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const told = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
