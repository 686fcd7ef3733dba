import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { reportOf } from '../../domain/evidence/report/make-report.js';
import type { Report } from '../../domain/evidence/report/report.js';
import { reportMarkdown } from '../../report/markdown.js';
import { outputsOf } from '../../report/outputs.js';
import { reportPage } from '../../report/page.js';
import { faultsOf, verdictOf } from '../../report/verdict.js';
import { writeReport } from '../../report/write-report.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import type { OutputOptions } from '../options/shared-options.js';
import { keptGoLive, type KeptOptions } from '../run/kept-go-live.js';
import { verifyKept } from './evidence-verify.js';
import { oneLine } from '../terminal/terminal-text.js';
import { openTerminal } from '../terminal/terminal.js';

interface ReportOptions extends KeptOptions, OutputOptions {
  readonly verify?: boolean;
  readonly out?: string;
  readonly markdown?: boolean;
}

export async function report(environment: string, options: ReportOptions): Promise<ExitCode> {
  return await (options.verify ? verify : write)(environment, options);
}

async function verify(environment: string, options: ReportOptions): Promise<ExitCode> {
  if (options.markdown || options.out !== undefined)
    throw new CliError(
      EXIT.usage,
      `--verify writes no report: leave ${options.markdown ? '--markdown' : '--out'} out, or --verify. For a document: --verify --json.`,
    );
  return await verifyKept(environment, options);
}

async function write(environment: string, options: ReportOptions): Promise<ExitCode> {
  const { json, markdown, out } = options;
  if (json && (markdown || out !== undefined))
    throw new CliError(
      EXIT.usage,
      `--json is one document on stdout: leave ${markdown ? '--markdown' : '--out'} out, or --json.`,
    );
  if (options.all) throw new CliError(EXIT.usage, '--all is for --verify: a report is of one go-live, see --run.');
  const terminal = openTerminal(json === true);
  const kept = await keptGoLive(environment, options);
  const told = reportOf(kept);
  terminal.document(told);
  if (json) return EXIT.ok;
  const text = markdown
    ? reportMarkdown(told, {})
    : reportPage(told, {
        outputs: await outputsOf(
          told,
          kept.runs.flatMap((each) => each.folders),
        ),
      });
  if (markdown && out === undefined) {
    process.stdout.write(text);
    return EXIT.ok;
  }
  const file = resolve(out ?? `golive-report-${environment}-${nameOf(told)}.html`);
  if (!(await written(file, text)))
    throw new CliError(
      EXIT.refused,
      `${oneLine(file)} is there and is no report of golive: it was left as it is. Name another file with --out.`,
    );
  const { mark, heading, sentences } = verdictOf(told, {});
  terminal.print(`${mark} ${oneLine(`${heading}. ${sentences[0] ?? ''}`)}`);
  for (const fault of faultsOf(told).wrong.slice(0, 5)) terminal.print(terminal.paint('yellow', `! ${oneLine(fault)}`));
  terminal.print(`Written to ${oneLine(file)}`);
  if (!markdown) terminal.print(`Open it in a browser: ${pathToFileURL(file).href}`);
  return EXIT.ok;
}

async function written(file: string, text: string): Promise<boolean> {
  return await writeReport(file, text).catch((error: unknown) => {
    throw new CliError(EXIT.failed, `The report can't be written to ${oneLine(file)}: ${(error as Error).message}`, {
      cause: error,
    });
  });
}

/** A release tag is a file's name; of what could not be read, the run. */
const nameOf = ({ release, firstRunId }: Report): string =>
  release === 'unknown' ? firstRunId.replace(/[^\w-]/g, '') : release;
