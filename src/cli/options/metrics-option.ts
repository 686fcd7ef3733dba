import { lookup } from 'node:dns/promises';
import type { Command } from 'commander';
import type { MetricsAddress } from '../../exporter/exporter-options.js';
import { readListenAddress, type ListenAddress } from '../../receiver/listen-address.js';
import { takePort } from '../../temporal/free-port.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';

export interface MetricsOptions {
  readonly metrics: string | boolean;
}

/** The usual port of exporters made with OpenTelemetry. */
const PORT = 9464;
const USUAL = `127.0.0.1:${PORT}`;

export function withMetrics(command: Command): Command {
  return command.option(
    '--metrics [host:port]',
    `serves metrics for Prometheus at /metrics, on ${USUAL} unless an address is given; off by itself (GOLIVE_METRICS, docs/worker-metrics.md)`,
    process.env['GOLIVE_METRICS'] || 'off',
  );
}

/** What --metrics or GOLIVE_METRICS says; the option alone, or `on`, means {@link USUAL}. Throws a {@link CliError} for what is no address. */
export function metricsAsked({ metrics }: { readonly metrics: unknown }): ListenAddress | undefined {
  if (metrics === 'off') return undefined;
  const text = metrics === true || metrics === 'on' ? USUAL : String(metrics);
  try {
    return readListenAddress(text, PORT);
  } catch (error) {
    throw new CliError(EXIT.usage, `--metrics (GOLIVE_METRICS): ${(error as Error).message} Or write off.`, {
      cause: error,
    });
  }
}

/** The IP address and port to serve them on; port 0 becomes a free one. Throws a {@link CliError} when nobody can listen there. */
export async function metricsAddress(asked: ListenAddress | undefined): Promise<MetricsAddress | undefined> {
  if (!asked) return undefined;
  try {
    const { address: host } = await lookup(asked.host);
    return { host, port: await takePort(host, asked.port) };
  } catch (error) {
    throw new CliError(
      EXIT.failed,
      `golive can't serve metrics on ${asked.host}:${asked.port}: ${(error as Error).message}. Choose another address with --metrics host:port (GOLIVE_METRICS), or leave it out.`,
      { cause: error },
    );
  }
}
