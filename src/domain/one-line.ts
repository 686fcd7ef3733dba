/** Text from outside as one line without control characters, at most `longest` characters of it. */
export const oneLine = (text: string, longest = 500): string =>
  text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, longest);
