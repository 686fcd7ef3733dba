/** What a run knows and commands or messages may name as `{name}`. */
export type Values = Readonly<Record<string, string>>;

/** Not `${VAR}`, which the worker resolves. */
const PLACEHOLDER = /(?<!\$)\{([A-Za-z][A-Za-z0-9]*)\}/g;

/** The names of the placeholders in a text, in order, each once. */
export function placeholdersIn(text: string): string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[1] as string))];
}

/** Fills `{name}` in one text. A value goes in as it is, once: braces inside a value are not read again. */
export function fill(text: string, values: Values): string {
  return text.replace(PLACEHOLDER, (_, name: string) => {
    const value = values[name];
    if (value === undefined)
      throw new Error(
        `"${text}" needs {${name}}, which this run doesn't have here. Known: ${Object.keys(values).join(', ')}.`,
      );
    return value;
  });
}

/** Fills every argument by itself: a value can become part of one argument, never a further argument and never a shell line. */
export function fillArguments(argv: readonly string[], values: Values): string[] {
  return argv.map((argument) => fill(argument, values));
}
