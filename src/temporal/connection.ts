import type { NativeConnection, NativeConnectionOptions } from '@temporalio/worker';
import { askAgain } from './ask-again.js';
import { dataConverter } from './data-converter.js';
import { Client, Connection, loadClientConnectConfig } from './sdk.js';

const CONNECT_TIMEOUT_MS = 5_000;

/** Where a Temporal namespace is and how to get in. */
export interface TemporalTarget {
  /** `host:port` */
  readonly address: string;
  readonly namespace: string;
  /** Who named the address: somebody, nobody, or a `golive up` that runs. */
  readonly named: 'by somebody' | 'by nobody' | 'by golive up';
  /** Where the address came from, for people: `from TEMPORAL_ADDRESS`. */
  readonly origin: string;
  readonly options: NativeConnectionOptions;
}

/** What a command line may say instead of the environment and the profile. */
export interface TargetOverride {
  readonly address?: string;
  readonly namespace?: string;
  readonly profile?: string;
}

/** No Temporal server could be reached at an address. Its message says which and why, without a full stop. */
export class TemporalUnreachable extends Error {
  override readonly name = 'TemporalUnreachable';
}

/** A name or an IPv4 address, or an IPv6 address in brackets; its port may be left out. */
const ADDRESS = /^(?:[^\s\p{Cc}:/@[\]]+|\[[\da-f:.]+\])(?::(\d{1,5}))?$/iu;

/** Whether this can be the address of a server: `host:port`, or `host`. */
function isAddress(text: string): boolean {
  const [whole, port = '7233'] = ADDRESS.exec(text) ?? [];
  return whole !== undefined && Number(port) > 0 && Number(port) < 65_536;
}

/**
 * The target that the override, `TEMPORAL_*` and the profile (`TEMPORAL_PROFILE`, else `default`) of Temporal's configuration file name,
 * in this order, each value by itself; `localhost:7233` and namespace `default` when nobody says anything.
 * Throws when the profile or its files can't be read, or for what can't be an address. `profiles` is the configuration file's text, where it has been read already.
 */
export function temporalTarget(
  override: TargetOverride = {},
  env: NodeJS.ProcessEnv = process.env,
  profiles?: string,
): TemporalTarget {
  const target = namedTarget(override, env, profiles);
  if (!isAddress(target.address))
    throw new Error(
      `"${target.address}" (${target.origin}) can't be the address of a Temporal server. Write host:port, such as temporal.example.com:7233 or [::1]:7233.`,
    );
  return target;
}

function namedTarget(override: TargetOverride, env: NodeJS.ProcessEnv, profiles: string | undefined): TemporalTarget {
  const chosen = override.profile ?? (env['TEMPORAL_PROFILE'] || undefined);
  const profile = chosen ?? 'default';
  try {
    // Only a profile that somebody named has to exist.
    const config = loadClientConnectConfig({
      ...(chosen === undefined ? {} : { profile: chosen }),
      ...(profiles === undefined ? {} : { configSource: { data: profiles } }),
      overrideEnvVars: nonEmpty(env),
    });
    const named = override.address ?? config.connectionOptions.address;
    const address = named ?? 'localhost:7233';
    return {
      address,
      namespace: override.namespace ?? config.namespace ?? 'default',
      named: named === undefined ? 'by nobody' : 'by somebody',
      origin: override.address
        ? 'from --address'
        : env['TEMPORAL_ADDRESS']
          ? 'from TEMPORAL_ADDRESS'
          : named === undefined
            ? 'the default address, for nobody names another'
            : `from the profile "${profile}"`,
      options: { ...config.connectionOptions, address },
    };
  } catch (error) {
    const where = env['TEMPORAL_CONFIG_FILE'] ?? "Temporal's default configuration file";
    throw new Error(
      `The Temporal profile "${profile}" could not be loaded: ${reasonOf(error)}. Profiles are read from ${where} and overridden by TEMPORAL_* variables: ` +
        'correct the file, or name another profile with TEMPORAL_PROFILE (`temporal config list` shows them).',
      { cause: error },
    );
  }
}

/** The target of a development server on this machine: what the environment says about TLS and keys is for other servers. */
export function embeddedTarget(server: { address: string; namespace: string }): TemporalTarget {
  return {
    address: server.address,
    namespace: server.namespace,
    named: 'by golive up',
    origin: 'where golive up runs its server',
    options: { address: server.address },
  };
}

const LARGEST_ANSWER = 128 * 1024 * 1024;

/** Connects a client. Close it with `client.connection.close()`. Throws TemporalUnreachable after at most some seconds. */
export async function connectClient(target: TemporalTarget, timeoutMs = CONNECT_TIMEOUT_MS): Promise<Client> {
  const { address, tls, metadata, apiKey } = target.options;
  const connection = await Connection.connect({
    address,
    tls: tls ?? undefined,
    metadata,
    ...(apiKey === undefined ? {} : { apiKey }),
    connectTimeout: timeoutMs,
    // A page of a history with long texts is more than gRPC's own 4 MiB. The SDK (1.24.0) means to raise that, by a name that gRPC doesn't know.
    channelArgs: { 'grpc.max_receive_message_length': LARGEST_ANSWER },
  }).catch((error: unknown) => {
    throw unreachable(target, error);
  });
  return new Client({
    connection,
    namespace: target.namespace,
    dataConverter,
    interceptors: { workflow: [askAgain] },
  });
}

/** Connects a worker. Close it with `connection.close()` after its workers have stopped. Throws TemporalUnreachable after at most some seconds. */
export async function connectWorker(target: TemporalTarget, timeoutMs = CONNECT_TIMEOUT_MS): Promise<NativeConnection> {
  // The native connection has no time limit of its own and hides why it failed: ask with a client first, which has both.
  const client = await connectClient(target, timeoutMs);
  await client.connection.close();
  try {
    // Only who runs a worker loads the SDK's native part: a command that asks something answers sooner without.
    const { NativeConnection } = await import('@temporalio/worker');
    return await NativeConnection.connect(target.options);
  } catch (error) {
    throw unreachable(target, error);
  }
}

function unreachable({ address, origin, namespace }: TemporalTarget, error: unknown): TemporalUnreachable {
  return new TemporalUnreachable(
    `No Temporal server answered at ${address} (${origin}; namespace "${namespace}"): ${reasonOf(error)}`,
    { cause: error },
  );
}

/** The innermost cause says what happened; the outer ones only that something did. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error.cause instanceof Error ? reasonOf(error.cause) : '';
  return (inner || error.message).trim().replace(/\.$/, '');
}

/** A variable set to nothing, as compose files do, counts as not set; only an empty gRPC header has a meaning (it removes one). */
function nonEmpty(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && (entry[1] !== '' || entry[0].startsWith('TEMPORAL_GRPC_META_')),
    ),
  );
}
