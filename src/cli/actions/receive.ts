import { createLog } from '../../logging.js';
import { isGuarded } from '../../receiver/authentication.js';
import { isLoopback, readListenAddress, type ListenAddress } from '../../receiver/listen-address.js';
import { Receiver } from '../../receiver/receiver.js';
import { TemporalSink } from '../../receiver/temporal-sink.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { withClient } from '../server/find-server.js';
import { receiverKeys, type KeyOptions } from '../options/receiver-keys.js';
import type { ServerOptions } from '../options/shared-options.js';
import { stopAsked } from '../exit/stop-asked.js';

interface ReceiveOptions extends ServerOptions, KeyOptions {
  readonly listen: string;
}

export async function receive(options: ReceiveOptions): Promise<ExitCode> {
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
