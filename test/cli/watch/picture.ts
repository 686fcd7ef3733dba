const COLOURS: Readonly<Record<string, string>> = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 36: '#79c0ff' };
const CELL = 8.4;
const LINE = 18;
const MARGIN = 14;

/** Lines of a terminal, with the colours of golive's screens, as an SVG. Each piece of text is as wide as its cells, whatever font shows it. */
export function picture(lines: readonly string[], columns: number): string {
  const width = Math.ceil(columns * CELL) + 2 * MARGIN;
  const height = lines.length * LINE + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#d0d7de">`,
    `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
    ...lines.flatMap((line, row) => pieces(line).map((piece) => drawn(piece, MARGIN + (row + 1) * LINE - 5))),
    '</svg>',
    '',
  ].join('\n');
}

interface Piece {
  readonly text: string;
  readonly at: number;
  readonly codes: readonly string[];
}

function pieces(line: string): Piece[] {
  const all: Piece[] = [];
  let codes: string[] = [];
  let at = 0;
  for (const [, code, text = ''] of line.matchAll(/\u001b\[(\d+)m|([^\u001b]+)/g)) {
    if (code !== undefined) codes = code === '0' ? [] : [...codes, code];
    else {
      if (text.trim() !== '') all.push({ text, at, codes });
      at += [...text].length;
    }
  }
  return all;
}

function drawn({ text, at, codes }: Piece, y: number): string {
  const colour = codes.map((code) => COLOURS[code]).find((each) => each !== undefined);
  const style = [
    ...(colour === undefined ? [] : [`fill="${colour}"`]),
    ...(codes.includes('1') ? ['font-weight="bold"'] : []),
    ...(codes.includes('2') ? ['opacity="0.6"'] : []),
  ];
  const length = ([...text].length * CELL).toFixed(1);
  const place = `x="${(MARGIN + at * CELL).toFixed(1)}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs"`;
  return `<text xml:space="preserve" ${[place, ...style].join(' ')}>${escaped(text)}</text>`;
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
