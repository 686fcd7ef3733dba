import { Command } from 'commander';
import { createLog } from '../../logging.js';
import { isGuarded } from '../../receiver/authentication.js';
import { isLoopback, readListenAddress, type ListenAddress } from '../../receiver/listen-address.js';
import { Receiver } from '../../receiver/receiver.js';
import { TemporalSink } from '../../receiver/temporal-sink.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { withClient } from '../server/find-server.js';
import { receiverKeys, type KeyOptions } from '../options/receiver-keys.js';
import { withExamples, withServer, type ServerOptions } from '../options/shared-options.js';
import { stopAsked } from '../exit/stop-asked.js';

interface ReceiveOptions extends ServerOptions, KeyOptions {
  readonly listen: string;
}

export function receiveCommand(): Command {
  const command = new Command('receive')
    .summary('takes alerts of Alertmanager and Grafana, in the foreground')
    .description(
      'Takes webhooks of Alertmanager and Grafana at POST /alerts/<environment> and tells their alerts to the go-live that is open there. Only alerts with the label golive_trigger count: it names an external trigger. JSON logs on stdout; SIGINT or SIGTERM ends it in order. docs/alerts.md has the settings of both senders.',
    )
    .option(
      '--listen <host:port>',
      'where to listen; other than on this machine only with a token or a key',
      '127.0.0.1:9099',
    )
    .option('--token-file <file>', 'the bearer token that senders have to show (GOLIVE_RECEIVE_TOKEN)')
    .option('--hmac-key-file <file>', 'the secret of the HMAC signature of Grafana (GOLIVE_RECEIVE_HMAC_KEY)')
    .option('--signature-header <name>', 'the header of that signature', 'X-Grafana-Alerting-Signature')
    .option(
      '--timestamp-header <name>',
      'the header of its time; the contact point has to name the same',
      'X-Grafana-Alerting-Signature-Timestamp',
    )
    .action(async (options: ReceiveOptions) => {
      process.exitCode = await receive(options);
    });
  return withExamples(
    withServer(command),
    [
      'GOLIVE_RECEIVE_TOKEN=… golive receive',
      'golive receive --listen 0.0.0.0:9099 --token-file /etc/golive/receive-token',
    ],
    [EXIT.ok, EXIT.failed, EXIT.usage, EXIT.noServer, EXIT.interrupted],
  );
}

async function receive(options: ReceiveOptions): Promise<ExitCode> {
  const listen = listenAddress(options.listen);
  const log = createLog();
  const stop = stopAsked('Senders whose webhooks were under way send them again.');
  const keys = await receiverKeys(options, process.env);
  if (!isGuarded(keys)) {
    if (!isLoopback(listen)) {
      throw new CliError(
        EXIT.usage,
        `Without a token or a key everyone who reaches ${listen.host} could stop a go-live. Set GOLIVE_RECEIVE_TOKEN or GOLIVE_RECEIVE_HMAC_KEY, name a file with --token-file or --hmac-key-file, or listen on 127.0.0.1.`,
      );
    }
    log.warn(
      'NO TOKEN AND NO KEY: everyone on this machine can make a go-live roll back. Set GOLIVE_RECEIVE_TOKEN or GOLIVE_RECEIVE_HMAC_KEY',
    );
  }
  return await withClient(options, async (client, { target }) => {
    const receiver = await Receiver.listen(listen, { sink: new TemporalSink(client), keys, log, now: Date.now }).catch(
      (error: unknown) => {
        throw new CliError(
          EXIT.failed,
          `golive can't listen on ${options.listen}: ${(error as Error).message}. Choose another address with --listen.`,
          { cause: error },
        );
      },
    );
    stop.started();
    log.info(
      {
        address: receiver.address,
        temporal: target.address,
        namespace: target.namespace,
        bearer: keys.token !== undefined,
        hmac: keys.hmacKey !== undefined,
      },
      'receiving alerts',
    );
    log.info({ signal: await stop.once }, 'stopping: what is under way is finished');
    await receiver.close();
    log.info('receiver has stopped');
    return EXIT.ok;
  });
}

function listenAddress(text: string): ListenAddress {
  try {
    return readListenAddress(text);
  } catch (error) {
    throw new CliError(EXIT.usage, (error as Error).message, { cause: error });
  }
}
